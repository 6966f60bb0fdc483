"""Files as organisations published them: every row is taken or refused with a reason that a person can act on.

The whole files where they are beside the project, else the first rows of each.
"""

import csv
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from activities.main import SERVICE
from contracts.areas import AreaChanged
from contracts.values import Names
from registry.shipped import sectors
from testkit.services import Migrated
from testkit.small_syria import opened
from testkit.trust import TestIssuer

from .conftest import ServiceClient
from .test_uploading import taken

DATA = Path(__file__).parents[3] / "shared" / "data"
SAMPLES = Path(__file__).with_name("samples") / "real"
WHOLE = DATA.is_dir()

AFG, ETH = "AFG_3w_hxl_jan_mar_2024.csv", "ETH_3w_aug_2025.csv"
SOM, SAHEL = "SOM_3w_jan_apr_2025.xlsx", "SAHEL_rowca_3w_hxl_2014.csv"
FORMS = {
    AFG: {"country": "AF", "month": "2024-03"},
    ETH: {"country": "ET", "month": "2025-08"},
    SOM: {"country": "SO", "month": "2025-04"},
    SAHEL: {"month": "2014-06"},
}
COUNTRIES = {"AF": ("Afghanistan", "afg"), "ET": ("Ethiopia", "eth"), "SO": ("Somalia", "som")}

# Rows, blank rows, and rows refused by code and field: of the whole file, and of its first rows.
REPORTS: dict[str, tuple[tuple[int, int, dict[str, int]], tuple[int, int, dict[str, int]]]] = {
    AFG: ((10_902, 0, {}), (10, 0, {})),
    # Nobody is named as the reporting organisation of 17 rows; 4,202 rows hold nothing but separators.
    ETH: ((3_122, 4_202, {"organisation_missing organisation": 17}), (29, 0, {})),
    # 13 rows name a region by code in which their district, named by code too, does not lie.
    SOM: ((4_146, 0, {"areas_disagree adm2": 13}), (25, 0, {"areas_disagree adm2": 1})),
    # No areas of these countries are loaded: each row says so.
    SAHEL: ((244, 0, {"unknown_country country": 244}), (6, 0, {"unknown_country country": 6})),
}
NO_AREAS = (4, 0, {"unknown_country country": 4})
INPUTS: dict[str, str | tuple[int, int, dict[str, int]]] = {
    "input-fuzzy.csv": "no_headings",
    "input-multiline.csv": "no_headings",
    "input-untagged.csv": "no_headings",
    "input-multiple-headers.csv": (2, 0, {"missing sector": 2}),
    **dict.fromkeys([f"input-valid.{kind}" for kind in ("csv", "tsv", "ssv", "json", "xls", "xlsx")], NO_AREAS),
}


@pytest_asyncio.fixture
async def world(migrated: Migrated, issuer: TestIssuer) -> AsyncIterator[ServiceClient]:
    """The registry's shipped sectors, and the areas of three countries."""
    async with opened(await migrated(SERVICE), issuer, SERVICE, ServiceClient) as door:
        await door.announce(*(sector.changed(1) for sector in sectors()))
        for country, (name, file) in COUNTRIES.items():
            await door.announce(*areas(country, name, found(f"{file}_areas.csv", "areas")))
        yield door


def found(name: str, folder: str) -> Path:
    return DATA / folder / name if WHOLE else SAMPLES / name


def areas(country: str, name: str, file: Path) -> list[AreaChanged]:
    paths: dict[str, tuple[str, ...]] = {country: (country,)}
    told = [
        AreaChanged(
            version=1, country=country, pcode=country, level=0, names=Names(en=name), parent=None, path=(country,)
        )
    ]
    with file.open(encoding="utf-8-sig", newline="") as rows:
        for row in csv.DictReader(rows):
            pcode, parent = row["pcode"], row["parent_pcode"]
            if parent not in paths or not pcode.isalnum():
                continue
            paths[pcode] = (*paths[parent], pcode)
            names, level = Names(en=row["name_en"]), int(row["level"])
            told.append(
                AreaChanged(
                    version=1, country=country, pcode=pcode, level=level, names=names, parent=parent, path=paths[pcode]
                )
            )
    return told


async def refusals(service: ServiceClient, state: dict[str, Any]) -> dict[str, int]:
    rows = await service.rows("select row, code, field from upload_problem where upload_id = $1", UUID(state["id"]))
    assert len({row["row"] for row in rows}) == state["counts"]["rejected"]
    return dict(Counter(f"{row['code']} {row['field']}" for row in rows))


@pytest.mark.parametrize("name", REPORTS)
async def test_every_row_of_a_real_file_is_taken_or_refused_for_a_reason(world: ServiceClient, name: str) -> None:
    rows, blank, refused = REPORTS[name][0 if WHOLE else 1]
    content = found(name, "reports").read_bytes()
    state = await taken(world, content, "secretariat", **FORMS[name])
    counts = state["counts"]
    assert state["state"] == "done"
    assert (counts["rows"], counts["blank"]) == (rows, blank)
    assert await refusals(world, state) == refused
    assert counts["accepted"] == rows - sum(refused.values())
    assert [row["count"] for row in await world.rows("select count(*) from report")] == [counts["created"]]
    assert len(await world.events()) == counts["created"]
    assert all("sheet" in problem for problem in state["problems"]) is name.endswith("xlsx") or not state["problems"]
    again = await taken(world, content, "secretariat", **FORMS[name])
    assert (again["counts"]["created"], again["counts"]["unchanged"]) == (0, counts["accepted"])


@pytest.mark.parametrize("name", INPUTS)
async def test_hxl_in_any_kind_of_file_is_read(world: ServiceClient, name: str) -> None:
    expected = INPUTS[name]
    state = await taken(world, found(name, "hxl").read_bytes(), "secretariat", month="2015-03")
    if isinstance(expected, str):
        assert (state["state"], state["failure"]["code"]) == ("failed", expected)
        return
    rows, blank, refused = expected
    assert state["state"] == "done"
    assert (state["counts"]["rows"], state["counts"]["blank"]) == (rows, blank)
    assert await refusals(world, state) == refused


async def test_hxl_of_a_country_with_areas_is_taken(world: ServiceClient) -> None:
    path = ("PA", "PA07")
    told = [
        AreaChanged(version=1, country="PA", pcode="PA", level=0, names=Names(en="Panama"), parent=None, path=("PA",)),
        AreaChanged(
            version=1, country="PA", pcode="PA07", level=1, names=Names(en="Los Santos"), parent="PA", path=path
        ),
    ]
    await world.announce(*told)
    state = await taken(world, found("input-valid.xlsx", "hxl").read_bytes(), "secretariat")
    assert (state["counts"]["accepted"], state["counts"]["rejected"]) == (1, 3)
    [row] = await world.rows("select area, month, sector, organisation_name, upload_row from report")
    assert tuple(row.values()) == ("PA07", "2015-03", "WSH", "ACNUR", 4)
