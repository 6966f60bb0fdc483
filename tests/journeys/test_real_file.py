"""A 3W file of another country: presence by province at the hub is what ordinary tools count in the file.

The real file where it is beside the project, else a small one of the same form.
"""

import csv
import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from client import Credentials, Tansiq
from testkit.journeys import PlatformClients, eventually
from testkit.platform import Platform

SAMPLE = Path(__file__).parent / "sample"
DATA = Path(__file__).parents[3] / "shared" / "data"
REAL = DATA / "reports" / "AFG_3w_hxl_jan_mar_2024.csv"
FILE, AREAS = (
    (REAL, DATA / "areas" / "afg_areas.csv") if REAL.exists() else (SAMPLE / "presence.csv", SAMPLE / "areas.csv")
)
PRESENCE = """
query Presence($filter: PresenceFilter, $first: Int, $after: String) {
  presence(filter: $filter, first: $first, after: $after) {
    nodes { areaCode area { names { en } } organisationCount reports }
    pageInfo { hasNextPage endCursor }
  }
}
"""


def tansiq(platform: Platform, *arguments: str) -> dict[str, Any]:
    """The command as the secretariat runs it."""
    credentials = platform.credentials("secretariat")
    environment = {
        **os.environ,
        "TANSIQ_URL": credentials.url,
        "TANSIQ_CLIENT_ID": credentials.client_id,
        "TANSIQ_CLIENT_SECRET": credentials.client_secret,
    }
    command = [sys.executable, "-c", "from client.cli.app import app; app()", *arguments, "--json"]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=150)
    assert run.stdout, run.stderr
    told: dict[str, Any] = json.loads(run.stdout)
    return {**told, "exit": run.returncode}


def counted(file: Path) -> dict[str, tuple[int, int]]:
    """Distinct organisations and rows by province."""
    organisations: dict[str, set[tuple[str, str]]] = defaultdict(set)
    rows: dict[str, int] = defaultdict(int)
    with file.open(encoding="utf-8-sig", newline="") as opened:
        reader = csv.DictReader(opened)
        next(reader)  # the HXL row
        for row in reader:
            organisations[row["PROV_CODE"]].add((row["ORG_ACRONYM"], row["ORG_NAME"]))
            rows[row["PROV_CODE"]] += 1
    return {province: (len(organisations[province]), rows[province]) for province in rows}


async def test_presence_by_province_is_what_the_file_says(platform: Platform, clients: PlatformClients) -> None:
    areas = tansiq(platform, "areas", "load", str(AREAS), "--country", "AF")
    assert (areas["exit"], areas["known"]) == (0, True), areas

    pushed = tansiq(platform, "push", str(FILE), "--month", "2024-03", "--country", "AF")
    expected = counted(FILE)
    assert pushed["accepted"] == sum(rows for _, rows in expected.values()), pushed["problems"][:5]

    made = await clients.secretariat.clients.make({"name": "Hub for Afghanistan", "role": "hub", "areas": ["AF"]})
    async with Tansiq(Credentials(platform.url, made.client_id, made.client_secret)) as hub:

        async def presence() -> dict[str, tuple[int, int]]:
            wanted = {"country": "AF", "level": 1, "allSectors": True}
            nodes = [node async for node in hub.graph.nodes(PRESENCE, "presence", {"filter": wanted})]
            return {node["areaCode"]: (node["organisationCount"], node["reports"]) for node in nodes}

        found = await eventually(presence, lambda found: found == expected, seconds=60)
    print(f"\n{len(found)} provinces, {sum(rows for _, rows in found.values())} rows")
    for province, (organisations, rows) in sorted(found.items()):
        print(f"  {province}: {organisations} organisations, {rows} rows")
