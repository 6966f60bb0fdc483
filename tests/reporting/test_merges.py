"""Organisations that were merged are counted as one, and as two again when that is undone."""

from typing import Any
from uuid import UUID

import pytest
from contracts.organisations import OrganisationChanged, OrganisationStatus
from contracts.values import Names
from runtime.access import Role

from .conftest import id_of


def organisation(name: str, version: int = 1, merged_into: str | None = None) -> OrganisationChanged:
    return OrganisationChanged(
        version=version,
        id=id_of(name),
        names=Names(en=name),
        type_code="441",
        status=OrganisationStatus.VERIFIED,
        merged_into=id_of(merged_into) if merged_into else None,
    )


def reports(report: Any) -> list[Any]:
    return [
        report("a", organisation="Amal", total=50),
        report("b", organisation="Old Amal", total=30, unit="camp-2"),
        report("c", organisation="Bunyan", implementer="Old Amal", total=20, indicator="x"),
        report("d", organisation="Old Amal", total=20, indicator="x"),
        report("e", organisation="Old Amal", area="SY02", sector="WSH", total=10),
    ]


async def present(reporting: Any, **filters: Any) -> list[tuple[str, list[str], int]]:
    rows = await reporting.items("/v1/presence", **filters)
    return [(row["area"], sorted(row["organisation_ids"]), row["organisations"]) for row in rows]


async def test_figures_follow_a_merge_and_its_undoing_by_difference(reporting: Any, report: Any) -> None:
    await reporting.hear(organisation("Amal"), organisation("Old Amal"), organisation("Bunyan"), *reports(report))
    apart = await reporting.cells()
    both = sorted(map(str, (id_of("Amal"), id_of("Old Amal"))))
    assert ("SY070004", both, 2) in await present(reporting, level=3)
    await reporting.hear(organisation("Old Amal", 2, merged_into="Amal"))
    merged = await reporting.cells()
    assert ("SY070004", [str(id_of("Amal"))], 1) in await present(reporting, level=3)
    assert (await reporting.figure(area="SY07", level=1, sector="FSC"))["organisations"] == 1
    for asked in ("Amal", "Old Amal"):
        rows = await present(reporting, level=1, organisation_id=str(id_of(asked)))
        assert rows == [("SY02", [str(id_of("Amal"))], 1), ("SY07", [str(id_of("Amal"))], 1)]
    await reporting.forget_all()
    await reporting.hear_reference()
    await reporting.hear(organisation("Amal"), organisation("Old Amal", 2, merged_into="Amal"), *reports(report))
    await reporting.complete()
    assert await reporting.cells() == merged, "made anew it is the same"
    await reporting.hear(organisation("Old Amal", 3))
    assert await reporting.cells() == apart


async def test_what_comes_under_the_old_id_counts_at_the_new(reporting: Any, report: Any) -> None:
    await reporting.hear(organisation("Amal"), organisation("Old Amal", 2, merged_into="Amal"))
    await reporting.hear(report("a", organisation="Amal", total=50))
    await reporting.hear(report("b", organisation="Old Amal", total=30, unit="camp-2"))
    await reporting.hear(report("b", version=2, organisation="Old Amal", total=35, unit="camp-2"))
    assert await present(reporting, level=3) == [("SY070004", [str(id_of("Amal"))], 1)]
    await reporting.hear(report("b", version=3, organisation="Old Amal", stage="withdrawn", unit="camp-2"))
    assert [row["reports"] for row in await reporting.rows("select reports from presence_cell where level = 3")] == [1]


async def test_work_an_organisation_reports_for_itself_under_two_names_counts_once(reporting: Any, report: Any) -> None:
    for_another = report("a", organisation="Amal", implementer="Old Amal", total=40)
    own = report("b", organisation="Old Amal", total=40)
    await reporting.hear(organisation("Amal"), organisation("Old Amal"), for_another, own)
    assert (await reporting.figure(level=3))["people_total"] == 40, "counted at who did the work"
    await reporting.hear(organisation("Old Amal", 2, merged_into="Amal"))
    assert (await reporting.figure(level=3))["frequencies"] == 80, "two reports of its own"


def _ids(*names: str) -> list[UUID]:
    return [id_of(name) for name in names]


@pytest.mark.parametrize("role", [Role.MEMBER, Role.COORDINATOR])
async def test_a_reader_knows_what_was_reported_under_either_id(reporting: Any, report: Any, role: Role) -> None:
    await reporting.hear(organisation("Amal"), organisation("Old Amal", 2, merged_into="Amal"))
    await reporting.hear(report("a", organisation="Old Amal", sensitivity="severe", total=50))
    headers = reporting.issuer.bearer(
        role, organisation_id=id_of("Old Amal"), same_organisations=list(map(str, _ids("Amal", "Old Amal")))
    )
    answer = await reporting.door.get("/v1/presence", params={"level": 3}, headers=headers)
    assert [row["organisation_ids"] for row in answer.json()["items"]] == [[str(id_of("Amal"))]]
