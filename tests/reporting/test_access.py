"""Roles on the routes of reporting, and what each sees of a figure."""

from random import Random
from typing import Any

import pytest


async def given_small_and_protected(reporting: Any, report: Any) -> None:
    await reporting.hear(
        report("small", sector="WSH", total=8, parts=(2, 2, 2, 2)),
        report("gbv", sector="PRO-GBV", total=200, new=True, organisation="Amal"),
        report("cpn", sector="PRO-CPN", total=150, new=True, organisation="Cedar"),
        report("pro", sector="PRO", total=300, new=True, organisation="Bunyan"),
        report("aleppo", sector="WSH", area="SY020000", total=4),
    )


async def totals(reporting: Any, role: str, **claims: Any) -> dict[tuple[str, str], int | None]:
    rows = await reporting.items("/v1/coverage", role, level=1, **claims)
    return {(row["area"], row["sector"]): row["people_total"] for row in rows}


WHOLE = {
    ("SY02", "WSH"): 4,
    ("SY07", "PRO"): 300,
    ("SY07", "PRO-CPN"): 150,
    ("SY07", "PRO-GBV"): 200,
    ("SY07", "WSH"): 8,
}
OTHERS = {place: None if place[1].startswith("PRO") else total for place, total in WHOLE.items()}


async def test_each_role_sees_protected_figures_as_far_as_it_may(reporting: Any, report: Any) -> None:
    await given_small_and_protected(reporting, report)
    assert await totals(reporting, "secretariat") == WHOLE
    assert await totals(reporting, "member", organisation_id=str(report().organisation.id)) == OTHERS
    assert await totals(reporting, "hub", areas=["SY"]) == OTHERS
    assert await totals(reporting, "coordinator", sectors=["WSH"], areas=["SY07"]) == OTHERS
    pro = await totals(reporting, "coordinator", sectors=["PRO", "PRO-GBV", "PRO-CPN"], areas=["SY07"])
    assert pro == {**OTHERS, ("SY07", "PRO"): 300}


async def test_a_hub_sees_its_areas_and_nothing_else(reporting: Any, report: Any) -> None:
    await given_small_and_protected(reporting, report)
    assert await totals(reporting, "hub", areas=["SY02"]) == {("SY02", "WSH"): 4}
    assert await totals(reporting, "hub") == {}
    rows = await reporting.items("/v1/presence", "hub", areas=["SY02"])
    assert [row["area"] for row in rows] == ["SY02"]
    assert await reporting.items("/v1/presence", "hub", areas=["SY02"], area="SY07") == []


async def test_that_somebody_works_on_violence_is_told_to_nobody_but_itself_and_the_secretariat(
    reporting: Any, report: Any
) -> None:
    await given_small_and_protected(reporting, report)
    amal = str(report().organisation.id)

    async def named(role: str, **claims: Any) -> list[tuple[int, list[str], int]]:
        rows = await reporting.items("/v1/presence", role, sector="PRO-GBV", **claims)
        return [(row["organisations"], row["organisation_ids"], row["organisations_withheld"]) for row in rows]

    assert await named("secretariat") == [(1, [amal], 0)]
    assert await named("member", organisation_id=amal) == [(1, [amal], 0)]
    assert await named("member", organisation_id=str(report(organisation="Bunyan").organisation.id)) == []
    assert await named("hub", areas=["SY"]) == []
    assert await named("coordinator", sectors=["PRO", "PRO-GBV"], areas=["SY07"]) == []


async def test_rows_up_to_high_name_their_organisation_to_the_coordinator_in_scope(reporting: Any, report: Any) -> None:
    await reporting.hear(report("a", sector="EDU", sensitivity="high"))
    amal = str(report().organisation.id)
    [inside] = await reporting.items("/v1/presence", "coordinator", sectors=["EDU"], areas=["SY07"])
    [outside] = await reporting.items("/v1/presence", "coordinator", sectors=["EDU"], areas=["SY02"])
    assert (inside["organisation_ids"], outside["organisation_ids"]) == ([amal], [])


READERS: list[tuple[str, dict[str, Any]]] = [
    ("secretariat", {}),
    ("member", {"organisation_id": "Amal"}),
    ("coordinator", {"sectors": ["EDU", "PRO-GBV"], "areas": ["SY07"]}),
    ("hub", {"areas": ["SY0700"]}),
]


@pytest.mark.parametrize(("role", "claims"), READERS)
async def test_where_an_organisation_is_present_is_where_it_may_be_named(
    reporting: Any, report: Any, id_of: Any, role: str, claims: dict[str, Any]
) -> None:
    chance = Random(12)
    await reporting.hear(
        *(
            report(
                f"r{number}",
                organisation=(name := chance.choice(["Amal", "Bunyan", "Cedar", "Nobody known"])),
                resolved=name != "Nobody known",
                sector=chance.choice(["EDU", "WSH", "PRO-GBV"]),
                area=chance.choice(["SY070004", "SY070300", "SY020000"]),
                month=chance.choice(["2026-01", "2026-02"]),
                sensitivity=chance.choice([None, "high", "severe"]),
            )
            for number in range(60)
        )
    )
    said = {name: str(id_of(value)) if name == "organisation_id" else value for name, value in claims.items()}
    bearer = reporting.issuer.bearer(role, **said)

    async def rows(**filters: Any) -> list[dict[str, Any]]:
        answer = await reporting.door.get("/v1/presence", params=filters, headers=bearer)
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    named = withheld = 0
    for filters in ({}, {"level": 3}, {"all_sectors": "true"}, {"level": 3, "month_to": "2026-01"}):
        everything = await rows(**filters)
        for organisation in (str(id_of(name)) for name in ("Amal", "Bunyan", "Cedar", "Nobody known", "Nobody")):
            theirs = [row for row in everything if organisation in row["organisation_ids"]]
            assert await rows(**filters, organisation_id=organisation) == theirs
            named += len(theirs)
        withheld += sum(row["organisations_withheld"] for row in everything)
    assert named
    assert bool(withheld) is (role != "secretariat")


async def test_what_is_withheld_is_so_in_the_columns_of_the_gateway_too(reporting: Any, report: Any) -> None:
    await given_small_and_protected(reporting, report)
    answer = await reporting.door.post(
        "/internal/coverage/query",
        json={"columns": ["area", "people_total", "suppressed_fields"], "filter": {"sector": "PRO", "level": 1}},
        headers=reporting.issuer.bearer("hub", areas=["SY"]),
    )
    found = answer.json()
    assert found["columns"]["area"] == ["SY07"]
    assert found["columns"]["people_total"] == [None]
    assert "people_total" in found["columns"]["suppressed_fields"][0]
