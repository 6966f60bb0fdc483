"""What a figure shows to those who do not work on it: what the rows they may read add up to, and nothing more."""

from typing import Any
from uuid import uuid4

import pytest
from reporting.disclosure import PARTS, PEOPLE

THERE = {"area": "SY070004", "level": 3}


async def test_one_row_with_a_small_part_takes_the_parts_of_every_figure_above_it(reporting: Any, report: Any) -> None:
    await reporting.hear(
        report("a", total=150, parts=(40, 40, 35, 35)),
        report("b", total=100, parts=(4, 50, 26, 20), area="SY070005"),
        report("c", total=100, parts=(25, 25, 25, 25), area="SY020000"),
    )
    for level, area, total, shown in ((3, "SY070004", 150, 40), (3, "SY070005", 100, None), (1, "SY07", 250, None)):
        figure = await reporting.figure("hub", areas=["SY"], level=level, area=area)
        assert (figure["people_total"], figure["people_men"], figure["people_girls"] is None) == (
            total, shown, shown is None
        )  # fmt: skip
        assert figure["reason"] == (None if shown else "small_count")
    assert (await reporting.figure("hub", areas=["SY"], level=1, area="SY02"))["people_men"] == 25
    assert (await reporting.figure("hub", areas=["SY"], level=0))["suppressed_fields"] == [*PARTS]
    assert (await reporting.figure("coordinator", sectors=["FSC"], areas=["SY07"], **THERE, population_group="idp"))[
        "people_men"
    ] == 40
    assert (await reporting.figure(level=0))["people_men"] == 69


async def test_small_totals_outside_protection_are_plain_as_in_the_rows(reporting: Any, report: Any) -> None:
    await reporting.hear(report("a", total=4), report("b", total=7, stage="approved", unit="camp-2"))
    figure = await reporting.figure("member", **THERE)
    assert (figure["people_total"], figure["official_people_total"], figure["frequencies"]) == (11, 7, 11)
    assert (figure["suppressed"], figure["reason"]) == (False, None)


async def test_parts_of_which_nobody_is_new_are_small_too(reporting: Any, report: Any) -> None:
    await reporting.hear(report("a", sector="EDU", new=False, total=100, parts=(25, 25, 25, 25), disabled=50))
    figure = await reporting.figure("member", **THERE)
    assert (figure["people_total"], figure["people_men"], figure["people_with_disability"]) == (0, None, None)


async def test_people_with_disability_are_withheld_by_themselves(reporting: Any, report: Any) -> None:
    await reporting.hear(report("a", total=100, parts=(25, 25, 25, 25), disabled=6))
    figure = await reporting.figure("member", **THERE)
    assert (figure["people_with_disability"], figure["people_men"]) == (None, 25)
    assert figure["suppressed_fields"] == ["people_with_disability"]


@pytest.mark.parametrize("level", ["high", "severe"])
async def test_restricted_rows_are_left_out_and_said_to_be(reporting: Any, report: Any, level: str) -> None:
    await reporting.hear(
        report("a", sector="FSC", total=100, parts=(25, 25, 25, 25), stage="approved"),
        report("b", sector="FSC", total=37, parts=(10, 11, 6, 10), sensitivity=level, stage="approved", unit="camp-2"),
    )
    for role, claims in (("member", {}), ("hub", {"areas": ["SY"]})):
        figure = await reporting.figure(role, **claims, **THERE)
        counted = [figure[name] for name in ("people_total", "frequencies", "official_people_total")]
        assert (counted, figure["people_men"], figure["reports"]) == ([100, 100, 100], None, 2)
        assert (figure["reason"], figure["suppressed"]) == ("withheld_rows", True)
    coordinator = await reporting.figure("coordinator", sectors=["FSC"], areas=["SY07"], **THERE)
    assert coordinator["people_total"] == (100 if level == "severe" else 137)
    assert (await reporting.figure(**THERE))["people_total"] == 137


async def test_a_restricted_row_by_itself_shows_no_people(reporting: Any, report: Any) -> None:
    await reporting.hear(report("b", sector="FSC", total=37, sensitivity="severe"))
    figure = await reporting.figure("member", **THERE)
    assert [figure[name] for name in PEOPLE] == [None] * len(PEOPLE)
    assert (figure["reports"], figure["reason"]) == (1, "withheld_rows")


@pytest.mark.parametrize("sector", ["PRO", "PRO-HLP"])
async def test_protection_shows_no_people_and_not_what_was_reported_of_them(
    reporting: Any, report: Any, sector: str
) -> None:
    one, other = report("a", sector=sector, new=True, total=300, parts=(90, 80, 70, 60)), report("b", sector=sector)
    shown = []
    for reported in (one, other):
        await reporting.hear(reported)
        figure = await reporting.figure("hub", areas=["SY"], sector=sector, **THERE)
        shown.append((figure["suppressed_fields"], figure["reason"], figure["official_reason"]))
        assert [figure[name] for name in PEOPLE] == [None] * len(PEOPLE)
    assert shown == [([*PEOPLE], "withheld_protection", "withheld_protection")] * 2
    assert figure["reports"] == 2


async def test_below_the_governorate_others_are_not_told_that_there_is_work_on_violence(
    reporting: Any, report: Any
) -> None:
    await reporting.hear(report("a", sector="PRO-GBV", new=True, total=300, sensitivity="severe"))
    for level in (2, 3):
        for role, claims in (("hub", {"areas": ["SY"]}), ("member", {"organisation_id": str(uuid4())})):
            assert await reporting.items("/v1/coverage", role, sector="PRO-GBV", level=level, **claims) == []
    [figure] = await reporting.items("/v1/coverage", "hub", areas=["SY"], sector="PRO-GBV", level=1)
    assert [figure[name] for name in PEOPLE] == [None] * len(PEOPLE)
    [whole] = await reporting.items("/v1/coverage", "secretariat", sector="PRO-GBV", level=3)
    assert whole["people_total"] == 300
