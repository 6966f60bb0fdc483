"""Reach against target: over the target's own period, by the sector's rule, as far as it may be told."""

from collections import defaultdict
from statistics import mean
from typing import Any

import pytest
from contracts.reports import PopulationGroup
from contracts.targets import TargetChanged
from hypothesis import given
from hypothesis import strategies as st
from reporting.counting.domain import PRESETS

from .conftest import PATHS, id_of
from .test_recount import SLOW, in_versions, newest, start_anew

YEAR = ("2026-01", "2026-12")
MARCH = ("2026-03", "2026-03")


def target(
    name: str = "t",
    value: int | None = 1000,
    *,
    version: int = 1,
    area: str = "SY070004",
    sector: str = "WSH",
    indicator: str | None = None,
    group: str | None = None,
    period: tuple[str, str] = YEAR,
    unit: str = "people",
) -> TargetChanged:
    return TargetChanged(
        version=version,
        id=id_of(f"target {name}"),
        country="SY",
        area=area,
        area_path=PATHS[area],
        sector=sector,
        indicator=indicator,
        population_group=PopulationGroup(group) if group else None,
        month_from=period[0],
        month_to=period[1],
        unit=unit,
        value=value,
    )


async def the(reporting: Any, role: str = "secretariat", **filters: Any) -> dict[str, Any]:
    """The one row that matches."""
    [found] = await reporting.items("/v1/progress", role, **{"area": "SY070004", **filters})
    row: dict[str, Any] = found
    return row


async def test_water_over_a_year_is_the_greatest_month_of_each_camp_and_never_their_sum(
    reporting: Any, report: Any
) -> None:
    await reporting.hear(
        target(value=1000),
        report("a", sector="WSH", month="2026-03", total=500),
        report("b", sector="WSH", month="2026-04", total=700),
        report("c", sector="WSH", month="2026-04", total=40, unit="camp-2"),
        report("d", sector="WSH", month="2026-05", total=30, unit="camp-2"),
        report("e", sector="WSH", month="2025-12", total=9000),
    )
    row = await the(reporting)
    assert (row["people_reached"], row["coverage"], row["gap"], row["over_target"]) == (740, 0.74, 260, False)
    assert (row["time_basis"], row["rule_code"], row["rule_version"], row["basis"]) == (
        "cumulative",
        "wsh",
        2,
        "provisional",
    )
    assert (row["target"], row["target_basis"], row["reason"], row["suppressed"]) == (1000, "set", None, False)


async def test_new_people_add_up_over_the_months_and_food_rations_are_their_mean(reporting: Any, report: Any) -> None:
    await reporting.hear(
        target("s", sector="SHL", value=400),
        target("f", sector="FSC", value=400),
        report("a", sector="SHL", month="2026-03", new=True, total=60),
        report("b", sector="SHL", month="2026-04", new=True, total=50),
        report("c", sector="SHL", month="2026-04", new=False, total=900),
        report("d", sector="FSC", month="2026-03", total=100),
        report("e", sector="FSC", month="2026-04", total=100),
    )
    assert (await the(reporting, sector="SHL"))["people_reached"] == 110
    assert (await the(reporting, sector="FSC"))["coverage"] == 0.25


async def test_a_target_of_one_month_is_set_against_that_month_and_a_year_never_is(reporting: Any, report: Any) -> None:
    await reporting.hear(
        target("m", 100, period=MARCH, sector="FSC"),
        target("y", 1000, sector="FSC"),
        report("a", sector="FSC", month="2026-03", total=80),
        report("b", sector="FSC", month="2026-04", total=90),
    )
    month, year = await the(reporting, month="2026-03"), await the(reporting, month_from=YEAR[0], month_to=YEAR[1])
    assert (month["time_basis"], month["people_reached"], month["gap"]) == ("monthly", 80, 20)
    assert (year["time_basis"], year["people_reached"], year["gap"]) == ("cumulative", 85, 915)
    assert len(await reporting.items("/v1/progress", area="SY070004")) == 2
    assert [row["month_to"] for row in await reporting.items("/v1/progress", area="SY070004", month_to="2026-06")] == [
        "2026-03"
    ]


async def test_a_target_of_a_governorate_wins_over_the_sum_of_those_inside_and_the_difference_is_told(
    reporting: Any, report: Any
) -> None:
    await reporting.hear(
        target("1", 300, area="SY070004"),
        target("2", 200, area="SY070300"),
        target("3", 50, area="SY020000"),
        target("g", 700, area="SY07"),
        report("a", sector="WSH", total=90),
        report("b", sector="WSH", area="SY070300", total=60),
        report("c", sector="WSH", area="SY020000", total=20),
    )
    summed, own = await reporting.items("/v1/progress", level=1)
    assert (summed["area"], summed["target"], summed["target_basis"]) == ("SY02", 50, "summed")
    assert (summed["areas_with_target"], summed["areas"], summed["target_set"]) == (1, 1, None)
    assert (own["area"], own["target"], own["target_basis"], own["target_difference"]) == ("SY07", 700, "set", 200)
    assert (own["target_summed"], own["areas_with_target"], own["areas"]) == (500, 2, 3)
    assert (own["people_reached"], own["gap"]) == (150, 550)
    [country] = await reporting.items("/v1/progress", level=0)
    # The governorate's own target stands for all inside it: what its sub-districts say is not added again.
    assert (country["target"], country["target_basis"], country["people_reached"]) == (750, "summed", 170)


async def test_more_than_the_target_is_told_and_leaves_no_gap(reporting: Any, report: Any) -> None:
    await reporting.hear(target(value=100), report("a", sector="WSH", total=150))
    row = await the(reporting)
    assert (row["coverage"], row["over_target"], row["gap"]) == (1.5, True, 0)


async def test_a_target_of_zero_and_none_give_null_with_the_reason(reporting: Any, report: Any) -> None:
    await reporting.hear(
        target("z", 0), target("n", 10, sector="FSC"), target("h", 10, sector="HEA"), report("a", sector="WSH")
    )
    await reporting.hear(report("b", sector="HEA"), report("c", sector="EDU", new=True))
    rows = await reporting.items("/v1/progress", area="SY070004", month_from=YEAR[0], month_to=YEAR[1])
    told = {row["sector"]: (row["coverage"], row["gap"], row["reason"]) for row in rows}
    assert told == {
        "WSH": (None, 0, "zero_target"),
        "FSC": (None, None, "no_people_counted"),
        "HEA": (None, None, "services_only"),
        "EDU": (None, None, "no_target"),
    }
    # Without a whole period nobody can say what has no target.
    assert {row["sector"] for row in await reporting.items("/v1/progress", area="SY070004")} == {"WSH", "FSC", "HEA"}


async def test_official_and_provisional_stand_side_by_side(reporting: Any, report: Any) -> None:
    await reporting.hear(
        target(value=1000),
        report("a", sector="WSH", month="2026-03", total=500, stage="approved"),
        report("b", sector="WSH", month="2026-04", total=700),
    )
    row = await the(reporting)
    assert (row["people_reached"], row["official_people_reached"]) == (700, 500)
    assert (row["official_coverage"], row["official_gap"], row["basis"]) == (0.5, 500, "provisional")
    assert (row["reports"], row["official_reports"]) == (2, 1)
    await reporting.hear(report("b", version=2, sector="WSH", month="2026-04", total=700, stage="approved"))
    row = await the(reporting)
    assert (row["official_people_reached"], row["basis"]) == (700, "official")
    await reporting.hear(report("b", version=3, sector="WSH", month="2026-04", total=700, stage="returned"))
    assert (await the(reporting))["people_reached"] == 500


async def test_targets_of_groups_and_indicators_are_set_against_their_own_reach(reporting: Any, report: Any) -> None:
    await reporting.hear(
        target("idp", 100, group="idp"),
        target("one", 200, indicator="one"),
        target("food", 200, indicator="ration", sector="FSC"),
        target("latrines", 20, indicator="latrines", unit="latrines"),
        report("a", sector="WSH", month="2026-03", total=80, indicator="one"),
        report("b", sector="WSH", month="2026-04", total=50, indicator="one"),
        report("c", sector="WSH", month="2026-04", total=120, indicator="two", group="returnee"),
        report("d", sector="FSC", month="2026-03", total=30, indicator="ration"),
        report("e", sector="FSC", month="2026-04", total=40, indicator="ration", group="returnee"),
    )
    assert (await the(reporting, population_group="each"))["people_reached"] == 80
    assert (await the(reporting, indicator="one"))["people_reached"] == 80
    assert (await the(reporting, indicator="ration"))["people_reached"] == 70
    row = await the(reporting, indicator="latrines")
    assert (row["target"], row["unit"], row["coverage"], row["reason"]) == (
        20,
        "latrines",
        None,
        "output_not_counted_yet",
    )


async def test_a_changed_target_an_old_state_and_a_withdrawal(reporting: Any, report: Any) -> None:
    await reporting.hear(target(value=100), report("a", sector="WSH", total=50))
    await reporting.hear(target(value=200, version=3))
    await reporting.hear(target(value=999, version=2), target(value=200, version=3))
    assert (await the(reporting))["target"] == 200
    await reporting.hear(target(value=None, version=4))
    assert await reporting.items("/v1/progress", area="SY070004") == []
    await reporting.hear(target(value=200, version=3))
    assert await reporting.items("/v1/progress", area="SY070004") == []


async def test_a_rebuild_gives_the_same_answers(reporting: Any, report: Any) -> None:
    events = [
        target("a"),
        target("b", sector="FSC", area="SY0700"),
        report("a", sector="WSH", month="2026-03", total=500, indicator="one"),
        report("b", sector="WSH", month="2026-04", total=700),
        report("c", sector="FSC", total=60),
    ]
    await reporting.hear(*events)
    before = await reporting.items("/v1/progress", level=2)
    assert [row["people_reached"] for row in before] == [60, 700]
    await reporting.forget_all()
    await reporting.hear_reference()
    await reporting.hear(*events)
    answer = (await reporting.ask("/v1/progress", level=2)).json()
    assert (answer["items"], answer["rebuilding"]) == ([], True)
    await reporting.complete()
    assert await reporting.items("/v1/progress", level=2) == before


async def test_small_reach_outside_protection_is_plain_as_in_the_rows(reporting: Any, report: Any) -> None:
    await reporting.hear(target(value=100), report("a", sector="WSH", total=7, stage="approved"))
    row = await the(reporting, "member")
    assert (row["people_reached"], row["gap"], row["official_people_reached"], row["suppressed"]) == (7, 93, 7, False)


@pytest.mark.parametrize("period", [YEAR, MARCH])
@pytest.mark.parametrize("sector", ["FSC", "WSH"])
async def test_reach_leaves_restricted_rows_out(
    reporting: Any, report: Any, sector: str, period: tuple[str, str]
) -> None:
    await reporting.hear(
        target(sector=sector, value=1000, period=period),
        report("a", sector=sector, total=300, stage="approved"),
        report("b", sector=sector, total=50, unit="camp-2", stage="approved", sensitivity="severe"),
    )
    row = await the(reporting, "hub", areas=["SY07"], sector=sector)
    assert (row["people_reached"], row["official_people_reached"], row["gap"]) == (300, 300, 700)
    assert (row["reason"], row["suppressed"], row["reports"]) == ("withheld_rows", True, 2)
    assert (await the(reporting, "coordinator", sectors=[sector], areas=["SY07"], sector=sector))[
        "people_reached"
    ] == 300
    assert (await the(reporting, sector=sector))["people_reached"] == 350


@pytest.mark.parametrize("period", [YEAR, MARCH])
async def test_protection_is_told_to_those_who_work_on_it_alone(
    reporting: Any, report: Any, period: tuple[str, str]
) -> None:
    await reporting.hear(
        target(sector="PRO", value=1000, period=period),
        target("i", sector="PRO", indicator="one", period=period),
        *(
            report(name, sector="PRO", new=True, total=300, stage="approved", organisation=name, indicator="one")
            for name in ("Amal", "Bunyan", "Cedar", "UNX")
        ),
    )
    for row in await reporting.items("/v1/progress", "member", area="SY070004"):
        told = [row[f"{side}{name}"] for side in ("", "official_") for name in ("people_reached", "coverage", "gap")]
        assert (told, row["over_target"]) == ([None] * 6, None)
        assert (row["reason"], row["suppressed"], row["target"]) == ("withheld_protection", True, 1000)
    for row in await reporting.items("/v1/progress", "coordinator", sectors=["PRO"], areas=["SY07"], area="SY070004"):
        assert row["people_reached"] == 1200


async def test_a_hub_sees_progress_in_its_areas_alone(reporting: Any, report: Any) -> None:
    await reporting.hear(target("a", area="SY07"), target("b", area="SY02"), target("c", area="SY020000"))
    assert {row["area"] for row in await reporting.items("/v1/progress", "hub", areas=["SY07"])} == {"SY07"}
    assert await reporting.items("/v1/progress", "hub") == []
    assert await reporting.items("/v1/progress", "hub", areas=["SY020000"]) == []
    assert len(await reporting.items("/v1/progress", "member")) == 2


async def test_pages_and_columns(reporting: Any, report: Any) -> None:
    await reporting.hear(
        *(target(f"{area} {sector}", area=area, sector=sector) for area in PATHS for sector in ("WSH", "FSC"))
    )
    whole = await reporting.items("/v1/progress", level=3)
    assert len(whole) == 8
    walked, after = [], None
    while True:
        answer = (await reporting.ask("/v1/progress", level=3, first=3, **({"after": after} if after else {}))).json()
        walked += answer["items"]
        if not (after := answer["next"]):
            break
    assert walked == whole
    query = {"columns": ["area", "target"], "filter": {"level": 1, "sector": "WSH"}}
    answer = await reporting.door.post(
        "/internal/progress/query", json=query, headers=reporting.issuer.bearer("member")
    )
    assert answer.json()["columns"] == {"area": ["SY02", "SY07"], "target": [1000, 1000]}


@pytest.mark.parametrize(
    ("filters", "code"),
    [
        ({"month": "2026-03", "month_to": "2026-04"}, "period_twice"),
        ({"month_from": "2026-05", "month_to": "2026-04"}, "months_reversed"),
        ({"population_group": "x"}, None),
        ({"indicator": "\x00"}, None),
        ({"level": 9}, None),
    ],
)
async def test_a_question_that_makes_no_sense_is_refused(reporting: Any, filters: Any, code: str | None) -> None:
    answer = await reporting.ask("/v1/progress", **filters)
    assert answer.status_code == 422
    assert code is None or answer.json()["code"] == code


# So few units that most histories have several months and indicators of one.
CONTENT = st.fixed_dictionaries(
    {
        "area": st.sampled_from(["SY070004", "SY070004", "SY07", "SY070005"]),
        "unit": st.sampled_from(["u1", "u1", "u2"]),
        "sector": st.sampled_from(["WSH", "WSH", "WSH", "SHL", "FSC"]),
        "indicator": st.sampled_from([None, "one", "two"]),
        "month": st.sampled_from(["2026-02", "2026-03", "2026-04", "2026-05"]),
        "status": st.sampled_from(["Completed", "Completed", "Completed", "Ongoing"]),
        "stage": st.sampled_from(["submitted", "approved", "approved", "returned", "withdrawn"]),
        "group": st.sampled_from(["idp", "idp", "returnee"]),
        "new": st.sampled_from([True, True, False, None]),
        "total": st.sampled_from([40, 100, 250, 7, 0, None]),
    }
)
HISTORY = st.lists(st.tuples(st.sampled_from("abcdefghij"), st.integers(1, 3), CONTENT), min_size=8, max_size=24)
RULES = {rule.sector: rule for rule in PRESETS}
ASKED = [
    (area, sector, indicator, group, period)
    for area in ("SY07", "SY070004")
    for sector in ("WSH", "SHL", "FSC")
    for indicator in (None, "one")
    for group in (None, "idp")
    for period in (("2026-02", "2026-04"), MARCH)
]


def counted(reports: list[Any], asked: Any, *, official: bool) -> int | None:
    """Cumulative reach in plain Python: each unit month by month, then over the months, then all units."""
    area, sector, indicator, group, (first, last) = asked
    rule = RULES.get(sector, RULES[""])
    units: dict[Any, dict[str, dict[Any, list[int]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for one in reports:
        fits = (
            area in one.area_path
            and one.sector == sector
            and first <= one.month <= last
            and one.status.value in rule.statuses
            and one.stage.value in ("submitted", "approved")
            and (not official or one.stage.value == "approved")
            and (indicator is None or one.indicator == indicator)
            and (group is None or one.population_group.value == group)
            and one.people.total is not None
            and (rule.method != "new_only" or one.newly_reached is not None)
        )
        if fits:
            share = one.newly_reached if rule.method == "new_only" else 1
            unit = (one.area_path, one.unit_key, one.population_group)
            units[unit][one.month][one.indicator].append(one.people.total * share)
    join = max if rule.method == "max" else sum
    over: Any = {"max": max, "mean": lambda months: int(mean(months) + 0.5)}.get(rule.method, sum)
    reached = [
        over([join(join(totals) for totals in indicators.values()) for indicators in months.values()])
        for months in units.values()
    ]
    return sum(reached) if reached else None


@SLOW
@given(history=HISTORY, size=st.integers(1, 6), gone=st.sets(st.sampled_from("abcdefgh"), max_size=2))
async def test_cumulative_reach_is_what_counting_by_hand_gives(
    reporting: Any, report: Any, history: Any, size: int, gone: set[str]
) -> None:
    events = in_versions(history, report)
    await start_anew(reporting)
    await reporting.hear(
        *(
            target(str(asked), area=asked[0], sector=asked[1], indicator=asked[2], group=asked[3], period=asked[4])
            for asked in ASKED
        )
    )
    for start in range(0, len(events), size):
        await reporting.hear(*events[start : start + size])
    await reporting.bury(*(id_of(name) for name in gone))
    left = [one for one in newest(events) if one.id not in {id_of(name) for name in gone}]
    found = {}
    for level in (1, 3):
        for group in ("all", "idp"):
            for row in await reporting.items("/v1/progress", level=level, population_group=group, first=500):
                key = (row["area"], row["sector"], row["indicator"], None if group == "all" else group)
                found[*key, (row["month_from"], row["month_to"])] = row
    for asked in ASKED:
        expected = counted(left, asked, official=False), counted(left, asked, official=True)
        assert (found[asked]["people_reached"], found[asked]["official_people_reached"]) == expected, asked
