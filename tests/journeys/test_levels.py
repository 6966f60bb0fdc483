"""A country whose areas skip levels, from its file to what a hub is shown: each area stands at its own level."""

from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from client import Credentials, Tansiq
from testkit.journeys import PlatformClients, eventually
from testkit.platform import Platform

FILE = """level,pcode,name_en,name_ar,parent_pcode
0,XK,Skipping (sample),بلد نموذجي,
1,XK01,First,أول,XK
2,XK0101,Under it,تحته,XK01
4,XK0101S,Village,قرية,XK0101
3,XK01D03,Right under a governorate,ناحية,XK01
4,XK01D03S,Village,قرية ثانية,XK01D03
2,XK02,Right under the country,منطقة,XK
4,XK9S,Right under the country too,قرية ثالثة,XK
"""
SHOWN = {"XK0101S": ("XK0101", 2), "XK01D03S": ("XK01D03", 3), "XK02": ("XK02", 2), "XK9S": ("XK", 0)}
"""What others are shown of a report of each place."""
FIGURES = {0: {"XK": 46}, 1: {"XK01": 23}, 2: {"XK0101": 11, "XK02": 13}, 3: {"XK01D03": 12}}
REPORTS = (
    '{ reports(filter: {country: "XK"}, first: 50) { nodes { externalId areaCode area { level } people { total } } } }'
)
COVERAGE = """query Figures($level: Int) {
  coverage(filter: {country: "XK", level: $level}, first: 50) { nodes { areaCode level people { total } } }
}"""


@pytest_asyncio.fixture
async def hub(platform: Platform, clients: PlatformClients, tmp_path: Path) -> Any:
    file = tmp_path / "skipping.csv"
    file.write_text(FILE)
    loaded = await clients.secretariat.areas.load(file)
    assert not loaded.problems, loaded.problems
    assert await clients.secretariat.areas.known(loaded, seconds=30)
    made = await clients.secretariat.clients.make({"name": "Hub of XK", "role": "hub", "areas": ["XK"]})
    async with Tansiq(Credentials(platform.url, made.client_id, made.client_secret)) as hub:
        yield hub


async def send(member: Tansiq) -> None:
    """A report of each place, once activities has heard of all of them."""
    rows = [
        {
            "external_id": f"level-{area}", "country": "XK", "area": area, "sector": "FSC", "month": "2023-08",
            "status": "Completed", "people": {"total": total},
        }
        for area, total in zip(SHOWN, (11, 12, 13, 10), strict=True)
    ]  # fmt: skip

    async def push() -> int:
        return sum([pushed.accepted async for pushed in member.reports.push(rows)])

    await eventually(push, lambda taken: taken == len(SHOWN))


@pytest.mark.parametrize("way", ["rest", "graph"])
async def test_a_hub_is_shown_no_settlement(clients: PlatformClients, hub: Tansiq, way: str) -> None:
    await send(clients.member)
    if way == "rest":
        rows = [row async for row in hub.session.pages("/api/activities/v1/reports", country="XK")]
        found = sorted((row["area"], row["people"]["total"]) for row in rows)
    else:
        nodes = (await hub.graph.ask(REPORTS, {}))["reports"]["nodes"]
        found = sorted((node["areaCode"], node["people"]["total"]) for node in nodes)
        levels = {node["areaCode"]: node["area"]["level"] for node in nodes}
        assert levels == dict(SHOWN.values())
    assert found == sorted(zip((area for area, _ in SHOWN.values()), (11, 12, 13, 10), strict=True))


async def test_figures_stand_at_their_areas_own_level(clients: PlatformClients, hub: Tansiq) -> None:
    await send(clients.member)

    async def figures() -> dict[int, dict[str, int]]:
        found = {}
        for level in FIGURES:
            nodes = (await hub.graph.ask(COVERAGE, {"level": level}))["coverage"]["nodes"]
            found[level] = {node["areaCode"]: node["people"]["total"] for node in nodes if node["level"] == level}
        return found

    await eventually(figures, lambda found: found == FIGURES)
