"""What the clusters count and what they leave out, so that nothing is shown too high: decision 0042."""

from typing import Any

import pytest


async def test_shelter_and_household_items_are_counted_apart_and_the_greater_is_the_reach(
    reporting: Any, report: Any
) -> None:
    await reporting.hear(
        report("tents", sector="SHL", new=True, total=100, component="shelter"),
        report("repairs", sector="SHL", new=True, total=50, component="shelter"),
        report("blankets", sector="SHL", new=True, total=140, component="nfi", core=True),
        report("elsewhere", sector="SHL", new=True, total=70, component="nfi", core=True, unit="camp-2"),
    )
    figure = await reporting.figure(sector="SHL")
    assert (figure["people_total"], figure["frequencies"], figure["reports"]) == (150 + 70, 360, 4)
    await reporting.hear(report("blankets", version=2, sector="SHL", new=True, total=400, component="nfi", core=True))
    assert (await reporting.figure(sector="SHL"))["people_total"] == 400 + 70
    await reporting.bury(report("blankets").id)
    assert (await reporting.figure(sector="SHL"))["people_total"] == 150 + 70


async def test_household_items_that_are_not_core_reach_nobody_and_are_services(reporting: Any, report: Any) -> None:
    await reporting.hear(
        report("heaters", sector="SHL", new=True, total=90, component="nfi", core=False),
        report("mats", sector="SHL", new=True, total=30, component="nfi", core=True),
    )
    figure = await reporting.figure(sector="SHL")
    assert (figure["people_total"], figure["frequencies"]) == (30, 120)


@pytest.mark.parametrize("sector", ["WSH", "SHL", "PRO", "EDU", "CCM", "FSC", "MPC", "ERY"])
async def test_sessions_and_households_are_never_people(reporting: Any, report: Any, sector: str) -> None:
    await reporting.hear(
        report("people", sector=sector, new=True, total=30),
        report("sessions", sector=sector, new=True, total=900, counted_unit="sessions"),
        report("families", sector=sector, new=True, total=800, counted_unit="households"),
    )
    figure = await reporting.figure(sector=sector)
    assert (figure["people_total"], figure["frequencies"]) == (30, 30)
    assert (figure["reports"], figure["reports_in_other_units"], figure["reason"]) == (3, 2, None)


async def test_where_nothing_but_sessions_was_reported_it_says_so(reporting: Any, report: Any) -> None:
    await reporting.hear(report("sessions", sector="PRO-HLP", new=True, total=900, counted_unit="sessions"))
    figure = await reporting.figure(role="secretariat", sector="PRO-HLP")
    assert (figure["people_total"], figure["frequencies"], figure["reason"]) == (None, None, "other_units")


@pytest.mark.parametrize(("sector", "reached"), [("PRO", 30), ("EDU", 30), ("WSH", 900), ("SHL", 930)])
async def test_protection_and_education_count_what_says_people_and_no_other_unit(
    reporting: Any, report: Any, sector: str, reached: int
) -> None:
    await reporting.hear(
        report("people", sector=sector, new=True, total=30),
        report("other", sector=sector, new=True, total=900, counted_unit="other"),
    )
    assert (await reporting.figure(role="secretariat", sector=sector))["people_total"] == reached


async def test_camps_are_the_greatest_of_their_reports_and_of_their_months(reporting: Any, report: Any) -> None:
    await reporting.hear(
        *(report(name, sector="CCM", total=total) for name, total in (("a", 500), ("b", 480), ("c", 510))),
        report("next", sector="CCM", month="2026-04", total=490),
    )
    assert (await reporting.figure(sector="CCM", month_to="2026-03"))["people_total"] == 510
    asked = {"sector": "CCM", "level": 3, "month_from": "2026-03", "month_to": "2026-04"}
    [progress] = await reporting.items("/v1/progress", **asked)
    assert progress["people_reached"] == 510


async def test_under_max_who_reports_for_whom_makes_no_difference(reporting: Any, report: Any) -> None:
    await reporting.hear(
        report("un", sector="WSH", organisation="UNX", implementer="Amal", total=120),
        report("ngo", sector="WSH", organisation="Amal", total=90),
    )
    figure = await reporting.figure(sector="WSH")
    assert (figure["people_total"], figure["frequencies"]) == (120, 210)


async def test_what_does_not_say_whether_its_people_are_new_is_told_beside_what_does(
    reporting: Any, report: Any
) -> None:
    await reporting.hear(
        report("new", sector="EDU", new=True, total=60),
        report("unsaid", sector="EDU", new=None, total=500),
        report("unsaid too", sector="PRO", new=None, total=500),
    )
    education, protection = [await reporting.figure(role="secretariat", sector=sector) for sector in ("EDU", "PRO")]
    assert (education["people_total"], education["frequencies"], education["reports_without_new_flag"]) == (60, 560, 1)
    assert (protection["people_total"], protection["frequencies"]) == (None, 500)
    assert (protection["reason"], protection["reports_without_new_flag"]) == ("new_flag_missing", 1)
