"""Worked examples of the counting rules, from events to the answer."""

from typing import Any

PEOPLE = ("people_total", "people_men", "people_women", "people_boys", "people_girls", "people_not_disaggregated")


def people(figure: dict[str, Any]) -> list[int | None]:
    return [figure[name] for name in PEOPLE]


async def test_two_organisations_in_one_camp_give_water_to_the_same_people(reporting: Any, report: Any) -> None:
    await reporting.hear(
        report("a", sector="WSH", organisation="Amal", total=500, parts=(100, 120, 130, 150)),
        report("b", sector="WSH", organisation="Bunyan", total=300, parts=(70, 80, 70, 80)),
        report("c", sector="WSH", organisation="Bunyan", unit="camp-2", total=40, parts=(10, 10, 10, 10)),
    )
    figure = await reporting.figure(sector="WSH", level=3)
    assert people(figure) == [540, 110, 130, 140, 160, 0]
    assert (figure["frequencies"], figure["reports"], figure["organisations"]) == (840, 3, 2)
    assert (figure["rule_code"], figure["rule_version"], figure["time_basis"]) == ("wsh", 2, "monthly")


async def test_two_activities_in_one_unit_give_the_greater_or_the_sum_as_the_rule_says(
    reporting: Any, report: Any
) -> None:
    for sector in ("WSH", "FSC"):
        await reporting.hear(
            report(f"{sector}1", sector=sector, indicator="one", total=80),
            report(f"{sector}2", sector=sector, indicator="two", total=120),
        )
    assert (await reporting.figure(sector="WSH"))["people_total"] == 120
    assert (await reporting.figure(sector="FSC"))["people_total"] == 200
    cells = await reporting.rows("select indicator, total, counts from unit_cell where rule_code = 'wsh' order by 1")
    assert [tuple(cell.values()) for cell in cells] == [("one", 80, False), ("two", 120, True)]


async def test_a_row_without_sex_stays_not_disaggregated_and_is_no_zero(reporting: Any, report: Any) -> None:
    await reporting.hear(
        report("a", total=50, parts=(10, 15, 12, 13), disabled=4),
        report("b", total=30, unit="camp-2"),
        report("c", total=70, unit="camp-3", area="SY020000"),
    )
    assert people(await reporting.figure(area="SY070004")) == [80, 10, 15, 12, 13, 30]
    assert people(await reporting.figure(area="SY020000")) == [70, None, None, None, None, 70]
    assert (await reporting.figure(area="SY070004"))["people_with_disability"] == 4
    assert (await reporting.figure(area="SY020000"))["people_with_disability"] is None


async def test_only_people_flagged_new_count_for_shelter_education_and_protection(reporting: Any, report: Any) -> None:
    for sector in ("SHL", "EDU", "PRO"):
        await reporting.hear(
            report(f"{sector}1", sector=sector, new=True, total=60),
            report(f"{sector}2", sector=sector, new=False, total=25),
            report(f"{sector}3", sector=sector, new=None, total=15),
        )
        figure = await reporting.figure(sector=sector)
        assert (figure["people_total"], figure["frequencies"]) == (60, 100)


async def test_where_no_row_says_whether_people_are_new_their_number_is_unknown_not_zero(
    reporting: Any, report: Any
) -> None:
    await reporting.hear(report("a", sector="SHL", new=None, total=25))
    await reporting.hear(report("b", sector="EDU", new=False, total=25))
    unknown, repeated = await reporting.figure(sector="SHL"), await reporting.figure(sector="EDU")
    assert (unknown["people_total"], unknown["reason"], unknown["frequencies"]) == (None, "new_flag_missing", 25)
    assert (repeated["people_total"], repeated["reason"]) == (0, None)


async def test_health_counts_procedures_and_no_unique_people(reporting: Any, report: Any) -> None:
    await reporting.hear(report("a", sector="HEA", total=60), report("b", sector="HEA", total=40))
    figure = await reporting.figure(sector="HEA")
    assert (figure["people_total"], figure["frequencies"], figure["reason"]) == (None, 100, "services_only")


async def test_planned_work_never_counts_and_ongoing_water_is_presence_without_people(
    reporting: Any, report: Any
) -> None:
    await reporting.hear(
        report("a", sector="WSH", status="Planned"),
        report("b", sector="WSH", status="Ongoing", organisation="Bunyan"),
        report("c", sector="FSC", status="Planned"),
        report("d", sector="FSC", status="Suspended"),
    )
    [figure] = await reporting.items("/v1/coverage")
    assert (figure["sector"], figure["people_total"], figure["frequencies"]) == ("WSH", None, None)
    assert (figure["reports"], figure["organisations"]) == (1, 1)


async def test_work_reported_by_the_agency_and_by_its_implementer_counts_once(reporting: Any, report: Any) -> None:
    await reporting.hear(
        report("un", organisation="UNX", implementer="Amal", total=100),
        report("ngo", organisation="Amal", total=90),
        report("elsewhere", organisation="UNX", implementer="Amal", total=20, unit="camp-9"),
    )
    figure = await reporting.figure()
    assert (figure["people_total"], figure["frequencies"]) == (110, 110)
    assert (figure["organisations"], figure["reports"]) == (1, 3)


async def test_a_returned_report_counts_nowhere_and_an_approved_one_is_official(reporting: Any, report: Any) -> None:
    await reporting.hear(
        report("a", total=100, stage="approved"),
        report("b", total=40, unit="camp-2"),
        report("c", total=7, unit="camp-3", stage="returned"),
    )
    figure = await reporting.figure()
    assert (figure["people_total"], figure["official_people_total"], figure["basis"]) == (140, 100, "provisional")
    assert (figure["reports"], figure["official_reports"], figure["official_frequencies"]) == (2, 1, 100)
    await reporting.hear(report("b", version=2, total=40, unit="camp-2", stage="approved"))
    assert (await reporting.figure())["basis"] == "official"


async def test_a_version_that_moves_the_report_changes_the_old_cells_and_the_new(reporting: Any, report: Any) -> None:
    await reporting.hear(report("a", total=50), report("b", total=30, organisation="Bunyan"))
    await reporting.hear(
        report("a", version=2, area="SY020000", unit="camp-7", month="2026-04", sector="EDU", new=True, total=55)
    )
    old = await reporting.figure(sector="FSC", level=3)
    new = await reporting.figure(sector="EDU", level=3)
    assert (old["area"], old["people_total"], old["organisations"]) == ("SY070004", 30, 1)
    assert (new["area"], new["month"], new["people_total"]) == ("SY020000", "2026-04", 55)
    assert not await reporting.rows("select from unit_cell where total = 50")
    assert not await reporting.rows(
        "select from presence_cell where sector = 'FSC' and organisation_id <> $1",
        report(organisation="Bunyan").organisation.id,
    )


async def test_an_older_version_or_a_repeat_changes_nothing(reporting: Any, report: Any) -> None:
    await reporting.hear(report("a", version=3, total=50))
    before = await reporting.cells()
    await reporting.hear(report("a", version=2, total=90), report("a", version=3, total=50))
    await reporting.hear(report("a", version=1, area="SY020000"))
    assert await reporting.cells() == before


async def test_groups_are_counted_apart_and_all_together(reporting: Any, report: Any) -> None:
    await reporting.hear(
        report("a", group="idp", total=50),
        report("b", group="returnee", total=30),
        report("c", group=None, total=20, organisation="Bunyan"),
    )
    together = await reporting.figure()
    each = await reporting.items("/v1/coverage", population_group="each")
    one = await reporting.figure(population_group="unspecified")
    assert (together["population_group"], together["people_total"], together["organisations"]) == ("all", 100, 2)
    assert {row["population_group"]: row["people_total"] for row in each} == {
        "idp": 50,
        "returnee": 30,
        "unspecified": 20,
    }
    assert (one["people_total"], one["organisations"]) == (20, 1)


async def test_every_level_above_the_reported_area_has_its_figure(reporting: Any, report: Any) -> None:
    await reporting.hear(
        report("a", total=50),
        report("b", area="SY070300", total=30),
        report("c", area="SY02", total=20),
        report("d", area="SY", total=5),
    )
    assert [(await reporting.figure(level=0))["people_total"]] == [105]
    adm1 = await reporting.items("/v1/coverage", level=1)
    assert [(row["area"], row["people_total"]) for row in adm1] == [("SY02", 20), ("SY07", 80)]
    below = await reporting.items("/v1/coverage", area="SY07", level=3)
    assert [(row["area"], row["people_total"]) for row in below] == [("SY070004", 50), ("SY070300", 30)]
    assert [row["area"] for row in await reporting.items("/v1/coverage", area="SY0700", level=2)] == ["SY0700"]


async def test_the_rules_shipped_are_provisional_and_stand_in_the_table(reporting: Any, report: Any) -> None:
    await reporting.hear(report())
    rules = await reporting.rows("select * from counting_rule")
    assert all(rule["provisional"] and "Planned" not in rule["statuses"] for rule in rules)
    assert {rule["sector"] for rule in rules} >= {"WSH", "SHL", "PRO", "EDU", "HEA", "MPC", ""}
