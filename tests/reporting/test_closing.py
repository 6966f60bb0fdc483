"""Protection's closed months: told where enough other organisations stand behind them, and never changed."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from contracts.organisations import OrganisationChanged, OrganisationStatus
from contracts.values import Names
from messaging import rebuilding
from reporting.closing.jobs import freeze
from reporting.consumers import PROJECTION
from reporting.disclosure import PEOPLE
from reporting.main import SERVICE

from .conftest import id_of

HUB: dict[str, Any] = {"role": "hub", "areas": ["SY"]}
MONTH = "2026-03"
COUNTED = {"sector": "PRO", "level": 1, "area": "SY07"}


LATEST = timezone(timedelta(hours=-12))
"""Where there is no scope, a day is over when it is over everywhere."""


def months_ago(months: int) -> str:
    now = datetime.now(LATEST)
    whole = now.year * 12 + now.month - 1 - months
    return f"{whole // 12}-{whole % 12 + 1:02}"


def by(report: Any, organisation: str, total: int = 100, **more: Any) -> Any:
    """An approved report of protection, each organisation's in a place of its own."""
    name = more.pop("name", organisation)
    given: dict[str, Any] = {"sector": "PRO", "new": True, "stage": "approved", "unit": organisation, **more}
    return report(name, organisation=organisation, total=total, **given)


async def shown(reporting: Any, organisation: str | None = None, **asked: Any) -> dict[str, Any]:
    claims = {"role": "member", "organisation_id": str(id_of(organisation))} if organisation else HUB
    found: dict[str, Any] = await reporting.figure(**{**claims, **COUNTED, **asked})
    return found


async def test_three_organisations_of_a_closed_month_are_told_by_governorate(reporting: Any, report: Any) -> None:
    parts = (25, 25, 25, 25)
    await reporting.hear(*(by(report, name, parts=parts) for name in ("Amal", "Bunyan", "Cedar")))
    assert (await shown(reporting))["reason"] == "withheld_protection"
    await freeze(reporting.database)
    figure = await shown(reporting)
    assert [figure[name] for name in ("people_total", "official_people_total", "people_girls", "basis")] == [
        300, 300, 75, "official"
    ]  # fmt: skip
    assert (figure["frequencies"], figure["official_frequencies"]) == (None, None)
    assert datetime.fromisoformat(figure["frozen_at"]) <= datetime.now(UTC)
    for level, area in ((0, "SY"), (2, "SY0700"), (3, "SY070004")):
        finer = await shown(reporting, level=level, area=area)
        assert [finer[name] for name in PEOPLE] == [None] * len(PEOPLE)
        assert (finer["frozen_at"], finer["reason"]) == (None, "withheld_protection")


async def test_it_is_judged_without_the_readers_own_part(reporting: Any, report: Any) -> None:
    await reporting.hear(*(by(report, name) for name in ("Amal", "Bunyan", "Cedar")))
    await freeze(reporting.database)
    own = await shown(reporting, "Amal")
    assert (own["people_total"], own["official_people_total"], own["reason"]) == (None, None, "few_organisations")
    assert (await shown(reporting, "UNX"))["people_total"] == 300


@pytest.mark.parametrize(
    "beside",
    [
        pytest.param({"resolved": False, "organisation": "Invented"}, id="a name nobody has resolved"),
        pytest.param({"organisation": "Applied"}, id="one that only applied"),
        pytest.param({"stage": "submitted"}, id="not approved"),
        pytest.param({"stage": "withdrawn"}, id="withdrawn"),
        pytest.param({"total": 0}, id="no people"),
        pytest.param({"new": False}, id="no new people"),
        pytest.param({"area": "SY020000"}, id="another governorate"),
        pytest.param({"month": "2026-04"}, id="another month"),
        pytest.param({"sector": "PRO-HLP"}, id="another area of responsibility"),
        pytest.param({"organisation": "Bunyan", "implementer": "UNX"}, id="one that reports for another"),
        pytest.param({"organisation": "UNX", "implementer": "Bunyan"}, id="one that another reports for"),
    ],
)
async def test_who_does_not_count_towards_three(reporting: Any, report: Any, beside: dict[str, Any]) -> None:
    applied = OrganisationChanged(
        version=1, id=id_of("Applied"), names=Names(en="A"), type_code="441", status=OrganisationStatus.APPLIED
    )
    third = {"organisation": "Cedar", "name": "third", **beside}
    await reporting.hear(applied, *(by(report, name) for name in ("Amal", "Bunyan")), by(report, **third))
    await freeze(reporting.database)
    assert (await shown(reporting, month_to=MONTH))["people_total"] is None


@pytest.mark.parametrize("months", [0, 1, 2, 3])
async def test_a_month_is_closed_on_the_21st_of_the_next(reporting: Any, report: Any, months: int) -> None:
    told = months > 1 or (months == 1 and datetime.now(LATEST).day > 20)
    await reporting.hear(*(by(report, name, month=months_ago(months)) for name in ("Amal", "Bunyan", "Cedar")))
    await freeze(reporting.database)
    assert ((await shown(reporting))["people_total"] == 300) is told


async def test_what_is_frozen_never_changes(reporting: Any, report: Any) -> None:
    await reporting.hear(*(by(report, name) for name in ("Amal", "Bunyan", "Cedar")))
    await freeze(reporting.database)
    before = await shown(reporting)
    await reporting.hear(by(report, "UNX", total=7), by(report, "Amal", version=2, total=90))
    await reporting.hear(by(report, "Cedar", version=2, stage="withdrawn"))
    await freeze(reporting.database)
    events = [by(report, name) for name in ("Bunyan", "Cedar")]
    await reporting.forget_all()
    await reporting.hear_reference()
    await reporting.hear(*events, by(report, "UNX", total=7))
    await reporting.complete()
    await freeze(reporting.database)
    after = await shown(reporting)
    assert [after[name] for name in (*PEOPLE, "frozen_at")] == [before[name] for name in (*PEOPLE, "frozen_at")]


async def test_nothing_is_frozen_of_what_stands_still_during_a_rebuild(reporting: Any, report: Any) -> None:
    await reporting.hear(*(by(report, name) for name in ("Amal", "Bunyan", "Cedar")))
    async with reporting.database.transaction() as tx:
        await rebuilding.begin(tx, SERVICE.name, PROJECTION)
    await freeze(reporting.database)
    assert (await shown(reporting))["frozen_at"] is None
    async with reporting.database.transaction() as tx:
        await tx.execute(f"drop schema {rebuilding.schema_of(SERVICE.name)} cascade")
    await freeze(reporting.database)
    assert (await shown(reporting))["frozen_at"]


async def test_groups_are_told_all_or_none(reporting: Any, report: Any) -> None:
    three = ("Amal", "Bunyan", "Cedar")
    await reporting.hear(*(by(report, name, total=50) for name in three))
    await reporting.hear(*(by(report, name, name=f"{name}2", total=40, group="returnee") for name in three))
    await reporting.hear(*(by(report, name, month="2026-04", name=f"{name}3", total=50) for name in three))
    await reporting.hear(by(report, "Amal", month="2026-04", name="Amal4", total=40, group="returnee"))
    await freeze(reporting.database)

    async def totals(month: str) -> list[int | None]:
        found = [await shown(reporting, month_from=month, month_to=month, population_group=group) for group in GROUPS]
        return [figure["people_total"] for figure in found]

    assert await totals(MONTH) == [270, 150, 120]
    assert await totals("2026-04") == [190, None, None]


GROUPS = ("all", "idp", "returnee")


@pytest.mark.parametrize(
    "amals",
    [
        pytest.param((97, 1, 1, 1), id="a part of nobody else"),
        pytest.param((25, 25, 25, None), id="what one alone did not tell apart"),
    ],
)
async def test_parts_are_told_all_or_none(reporting: Any, report: Any, amals: Any) -> None:
    await reporting.hear(by(report, "Amal", parts=amals))
    await reporting.hear(*(by(report, name, parts=(100, 0, 0, 0)) for name in ("Bunyan", "Cedar", "UNX")))
    await freeze(reporting.database)
    figure = await shown(reporting)
    assert (figure["people_total"], figure["people_men"], figure["people_not_disaggregated"]) == (400, None, None)
    assert figure["reason"] == "few_organisations"


async def test_few_people_are_not_told_however_many_organisations(reporting: Any, report: Any) -> None:
    await reporting.hear(*(by(report, name, total=2) for name in ("Amal", "Bunyan", "Cedar", "UNX")))
    await freeze(reporting.database)
    assert (await shown(reporting))["people_total"] is None


async def test_the_coordinator_of_protection_sees_its_own_live_and_violence_as_everybody(
    reporting: Any, report: Any
) -> None:
    for sector in ("PRO", "PRO-GBV"):
        names = ("Amal", "Bunyan") if sector == "PRO" else ("Amal", "Bunyan", "Cedar")
        await reporting.hear(*(by(report, name, name=f"{name} {sector}", sector=sector) for name in names))
    await freeze(reporting.database)
    scope: dict[str, Any] = {"role": "coordinator", "sectors": ["PRO", "PRO-GBV", "PRO-CPN"], "areas": ["SY07"]}
    rows = await reporting.items("/v1/coverage", **scope, **{**COUNTED, "descendants": True})
    assert {row["sector"]: row["people_total"] for row in rows} == {"PRO": 200, "PRO-GBV": 300}
    rows = await reporting.items("/v1/coverage", **scope, **{**COUNTED, "descendants": True, "level": 3})
    assert {row["sector"]: row["people_total"] for row in rows} == {"PRO": 200}
