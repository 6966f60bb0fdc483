"""What the registry says is kept, once, whatever the order it comes in."""

from contracts.registry import AreaChanged, OrganisationChanged
from contracts.values import Names

from .conftest import VIOLET, Door, announce, organisation, registry, report


async def test_an_older_state_does_not_replace_a_newer_one(door: Door) -> None:
    newer = AreaChanged(
        version=3, country="SY", pcode="SY99", level=1, names=Names(en="New"), parent="SY", path=("SY", "SY99")
    )
    older = newer.model_copy(update={"version": 2, "names": Names(en="Old")})
    await announce(door.database, newer)
    await announce(door.database, older)
    await announce(door.database, older, newer)
    [row] = await door.rows("select version, names from area where pcode = 'SY99'")
    assert row == {"version": 3, "names": {"en": "New"}}
    async with door.database.transaction() as tx:
        await tx.execute("delete from area where pcode = 'SY99'")


async def test_hearing_everything_again_changes_nothing(door: Door) -> None:
    tables = ("organisation", "area", "sector", "indicator", "scope")
    before = [await door.rows(f"select * from {table} order by 1, 2") for table in tables]
    await announce(door.database, *registry())
    await announce(door.database, *reversed(registry()))
    assert [await door.rows(f"select * from {table} order by 1, 2") for table in tables] == before


async def test_a_suspended_member_sends_nothing_more(door: Door) -> None:
    def at(version: int, status: str) -> OrganisationChanged:
        violet = organisation(VIOLET, "Violet Organization", "منظمة بنفسج", "VO", status)
        return violet.model_copy(update={"version": version})

    await announce(door.database, at(2, "suspended"))
    answer = await door.post(report())
    assert answer.json()["results"][0]["errors"][0]["code"] == "not_yours"
    async with door.database.transaction() as tx:
        await tx.execute("delete from organisation where id = $1", VIOLET)
    await announce(door.database, at(1, "verified"))
