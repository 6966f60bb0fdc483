"""Counts of people that others do not see: all of protection's, and small parts of everybody's."""

from typing import Any

import pytest
from activities.reports.columns import COLUMNS, PEOPLE
from testkit.small_syria import IHSAN, VIOLET

from .conftest import ServiceClient, report

PARTS = {"men": 20, "women": 30, "boys": 25, "girls": 25}
COUNTED: dict[str, Any] = {
    "people": {"total": 100, **PARTS, "with_disability": 60},
    "households": 17,
    "output_value": 88,
    "unit": "kits",
    "measured_outputs": {"litres": 15},
    "newly_reached": True,
    "previously_assisted": False,
    "reported_elsewhere": True,
    "disaggregation_method": "counted",
    "budget_required": 500,
    "budget_received": 400,
    "currency": "USD",
    "transfer_value_usd": 30,
}
COUNTS = tuple(name for name, column in COLUMNS.items() if column.counts and name != "withheld")
PRESENCE = ("organisation_id", "sector", "activity", "area", "month", "status", "population_group")
WORKING: list[tuple[str, dict[str, Any]]] = [
    ("member", {"organisation_id": VIOLET}),
    ("coordinator", {"sectors": ["PRO", "WSH"], "areas": ["SY07"]}),
    ("secretariat", {}),
]
OTHERS: list[tuple[str, dict[str, Any]]] = [
    ("member", {"organisation_id": IHSAN}),
    ("coordinator", {"sectors": ["SHL"], "areas": ["SY07"]}),
    ("coordinator", {"sectors": ["PRO", "WSH"], "areas": ["SY02"]}),
    ("hub", {"areas": ["SY07"]}),
]


def flat(row: dict[str, Any]) -> dict[str, Any]:
    """A row of REST by the names of its columns."""
    return {**row, **{f"people_{part}": count for part, count in row["people"].items()}}


async def seen(service: ServiceClient, id: str, role: str, claims: dict[str, Any]) -> list[dict[str, Any]]:
    """The row through every door: by itself, in the list, as each version, and for the gateway."""
    headers = service.bearer(role, **claims)
    query = {"columns": list(COLUMNS), "filter": {"id": id}}
    one = (await service.client.get(f"/v1/reports/{id}", headers=headers)).json()
    [listed] = (await service.client.get("/v1/reports", params={"id": id}, headers=headers)).json()["items"]
    versions = (await service.client.get(f"/v1/reports/{id}/versions", headers=headers)).json()["items"]
    asked = (await service.client.post("/internal/reports/query", json=query, headers=headers)).json()["columns"]
    told = {name: values[0] for name, values in asked.items()}
    return [*(flat(row) for row in (one, listed)), told, *(flat(version["report"]) for version in versions)]


@pytest.mark.parametrize(("role", "claims"), OTHERS)
async def test_of_protection_others_see_presence_alone(
    service: ServiceClient, role: str, claims: dict[str, Any]
) -> None:
    row = report(sector="PRO", activity="Legal aid", population_group="idp", **COUNTED)
    [sent] = (await service.post(row)).json()["results"]
    await service.post({**row, "households": 18})
    for found in await seen(service, sent["id"], role, claims):
        assert {name: found[name] for name in COUNTS} == dict.fromkeys(COUNTS)
        assert found["withheld"] == "withheld_protection"
        assert all(found[name] is not None for name in PRESENCE)


@pytest.mark.parametrize(("role", "claims"), WORKING)
async def test_who_works_on_protection_sees_its_rows_whole(
    service: ServiceClient, role: str, claims: dict[str, Any]
) -> None:
    [sent] = (await service.post(report(sector="PRO", **COUNTED))).json()["results"]
    for found in await seen(service, sent["id"], role, claims):
        assert found["withheld"] is None
        assert [found[name] for name in ("people_total", "people_men", "households")] == [100, 20, 17]


@pytest.mark.parametrize(("role", "claims"), OTHERS)
async def test_a_report_that_became_protections_shows_no_counts_of_before(
    service: ServiceClient, role: str, claims: dict[str, Any]
) -> None:
    row = report(sector="EDU", external_id="moved", **COUNTED)
    [sent] = (await service.post(row)).json()["results"]
    await service.post({**row, "sector": "PRO"})
    for found in await seen(service, sent["id"], role, claims):
        assert {name: found[name] for name in COUNTS} == dict.fromkeys(COUNTS)


@pytest.mark.parametrize(("role", "claims"), OTHERS)
async def test_small_parts_are_withheld_from_others_and_totals_are_not(
    service: ServiceClient, role: str, claims: dict[str, Any]
) -> None:
    people = {"total": 100, "men": 4, "women": 40, "boys": 30, "girls": 26, "age_0_4": 9, "with_disability": 3}
    [sent] = (await service.post(report(people=people, households=20))).json()["results"]
    for found in await seen(service, sent["id"], role, claims):
        assert {name: found[name] for name in PEOPLE if found[name] is not None} == {
            "people_total": 100, "people_boys": 30, "people_girls": 26
        }  # fmt: skip
        assert (found["withheld"], found["households"]) == ("small_count", 20)


@pytest.mark.parametrize(("role", "claims"), WORKING)
async def test_who_works_on_a_row_sees_its_small_parts(
    service: ServiceClient, role: str, claims: dict[str, Any]
) -> None:
    [sent] = (await service.post(report(people={"total": 100, "men": 4, "with_disability": 3}))).json()["results"]
    for found in await seen(service, sent["id"], role, claims):
        assert (found["people_men"], found["people_with_disability"], found["withheld"]) == (4, 3, None)


@pytest.mark.parametrize(
    "columns", [["people_women"], ["people_girls", "id"], ["withheld"], ["people_with_disability"]]
)
async def test_a_part_asked_for_by_itself_is_judged_by_all(service: ServiceClient, columns: list[str]) -> None:
    people = {"total": 100, "men": 4, "women": 40, "boys": 30, "girls": 26, "with_disability": 3}
    await service.post(report(people=people))
    answer = await service.client.post(
        "/internal/reports/query", json={"columns": columns, "filter": {}}, headers=service.bearer("hub", areas=["SY"])
    )
    found = answer.json()["columns"]
    assert set(found) == set(columns)
    expected = {
        "people_women": [None],
        "people_girls": [26],
        "withheld": ["small_count"],
        "people_with_disability": [None],
    }
    assert {name: values for name, values in found.items() if name != "id"} == {
        name: expected[name] for name in columns if name != "id"
    }
