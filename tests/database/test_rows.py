"""A row is written by the names of its columns."""

from uuid import UUID

from contracts.values import Names
from database import Database, insert_row
from pydantic import BaseModel
from testkit.plugin import DatabaseFactory


class Place(BaseModel):
    pcode: str
    names: Names
    path: tuple[str, ...]


async def test_what_a_row_says_stands_in_its_columns(database_url: DatabaseFactory) -> None:
    database = await Database.connect(await database_url(), application="test")
    async with database.transaction() as tx:
        await tx.execute("create table place (path text[], pcode text primary key, names jsonb, id uuid default null)")
        place = Place(pcode="SY07", names=Names(ar="إدلب"), path=("SY", "SY07"))
        assert await insert_row(tx, "place", place) is None
        other = {**dict(place), "pcode": "SY02", "id": UUID(int=7)}
        told = await insert_row(tx, "place", other, "on conflict do nothing returning id")
        again = await insert_row(tx, "place", other, "on conflict do nothing returning id")
        rows = await tx.fetch("select pcode, names, path, id from place order by pcode desc")
    await database.close()
    assert (told and told["id"], again) == (UUID(int=7), None)
    assert [tuple(row) for row in rows] == [
        ("SY07", {"ar": "إدلب"}, ["SY", "SY07"], None),
        ("SY02", {"ar": "إدلب"}, ["SY", "SY07"], UUID(int=7)),
    ]
