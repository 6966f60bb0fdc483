"""What the registry says is kept, once, whatever the order it comes in."""

from contracts.areas import AreaChanged
from contracts.organisations import OrganisationChanged
from contracts.values import Names
from testkit.small_syria import VIOLET, organisation, registry

from .conftest import ServiceClient, report


async def test_an_older_state_does_not_replace_a_newer_one(service: ServiceClient) -> None:
    newer = AreaChanged(
        version=3, country="SY", pcode="SY99", level=1, names=Names(en="New"), parent="SY", path=("SY", "SY99")
    )
    older = newer.model_copy(update={"version": 2, "names": Names(en="Old")})
    await service.announce(newer)
    await service.announce(older)
    await service.announce(older, newer)
    [row] = await service.rows("select version, names from area where pcode = 'SY99'")
    assert row == {"version": 3, "names": {"en": "New"}}
    async with service.database.transaction() as tx:
        await tx.execute("delete from area where pcode = 'SY99'")


async def test_hearing_everything_again_changes_nothing(service: ServiceClient) -> None:
    tables = ("organisation", "area", "sector", "indicator", "scope")
    before = [await service.rows(f"select * from {table} order by 1, 2") for table in tables]
    await service.announce(*registry())
    await service.announce(*reversed(registry()))
    assert [await service.rows(f"select * from {table} order by 1, 2") for table in tables] == before


async def test_a_suspended_member_sends_nothing_more(service: ServiceClient) -> None:
    def at(version: int, status: str) -> OrganisationChanged:
        violet = organisation(VIOLET, "Violet Organization", "منظمة بنفسج", "VO", status)
        return violet.model_copy(update={"version": version})

    await service.announce(at(2, "suspended"))
    answer = await service.post(report())
    assert answer.json()["results"][0]["errors"][0]["code"] == "not_yours"
    async with service.database.transaction() as tx:
        await tx.execute("delete from organisation where id = $1", VIOLET)
    await service.announce(at(1, "verified"))
