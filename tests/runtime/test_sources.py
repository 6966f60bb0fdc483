"""Lists that are declared: each page is the next part of one order, for one question or for many, by an index."""

import pkgutil
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

import activities.main
import alerts.main
import plans.main
import pytest
import registry.main
import reporting.main
from contracts.examples import example_of
from contracts.nouns import Filter, Noun, Versioned
from contracts.sensitivity import Low, Moderate, Sensitivity
from contracts.targets import TargetFilter
from contracts.text import Code
from database import Database
from plans.targets.queries import SOURCE as TARGETS
from runtime.access import TO_HOLDERS, Reader, Role
from runtime.arguments import Condition
from runtime.changes import ChangeWindow, Position
from runtime.linking import LinkKeys
from runtime.listing import PageRequest
from runtime.service import Service
from runtime.sources import Source, no_condition
from runtime.visibility import NEVER, OPEN, Visibility, conditions_for
from testkit.plugin import DatabaseFactory
from testkit.services import Migrated

READERS: dict[Role, Reader] = {
    role: Reader(role, "reader", (UUID(int=7),), ("WSH",), ("SY07",)) for role in Role if role is not Role.PUBLIC
}
MEMBER = READERS[Role.MEMBER]


class Note(Versioned):
    kind: Low[str]
    written_at: Moderate[datetime]


class NoteFilter(Filter):
    kind: Code | None = None
    first: bool = False


def as_written_first(filter: NoteFilter, _: Reader) -> Condition:
    return "n.version = 1" if filter.first else "true", ()


def noted(**declared: Any) -> Source[NoteFilter]:
    noun = Noun("notes", "tests", Note, NoteFilter, ("kind", "written_at", "id"), **declared)
    return Source(
        noun,
        "note as n",
        "n",
        columns={"kind": "'kind ' || n.kind"},
        conditions={"first": as_written_first},
        visibility=Visibility(own="not n.hidden or n.owner = {subject}", clearance=TO_HOLDERS),
        fixed=frozenset({"kind"}),
    )


NOTES = """
create table note (id uuid primary key, version bigint, kind text collate "C", written_at timestamptz, hidden bool,
                   owner text, changed_in xid8 not null default pg_current_xact_id());
"""


@asynccontextmanager
async def notes(url: str) -> AsyncIterator[tuple[Any, list[UUID]]]:
    database = await Database.connect(url, application="tests", largest=2)
    ids = [uuid4() for _ in range(40)]
    async with database.transaction() as tx:
        await tx.execute(NOTES)
        at = datetime(2026, 3, 1, tzinfo=UTC)
        await tx.executemany(
            "insert into note (id, version, kind, written_at, hidden, owner) values ($1, 1, $2, $3, $4, $5)",
            [
                (id, "aAb"[n % 3], at + timedelta(hours=n // 6), n % 5 == 0, "reader" if n % 10 == 0 else "x")
                for n, id in enumerate(ids)
            ],
        )
    async with database.connection() as tx:
        yield tx, ids
    await database.close()


async def all_pages(tx: Any, source: Source[NoteFilter], filter: NoteFilter, first: int) -> list[Any]:
    rows: list[Any] = []
    behind = None
    while True:
        page = await source.page(tx, MEMBER, filter, PageRequest(source.noun.columns, first, behind))
        rows += page.rows
        if not page.has_next:
            return rows
        behind = [str(page.rows[-1][name]) for name in page.sort]


@pytest.mark.parametrize("newest_first", [False, True])
async def test_pages_are_parts_of_one_order(database_url: DatabaseFactory, newest_first: bool) -> None:
    source = noted(newest_first=newest_first)
    async with notes(await database_url()) as (tx, _):
        found = await all_pages(tx, source, NoteFilter(), 7)
        whole = await source.page(tx, MEMBER, NoteFilter(), PageRequest(source.noun.columns, 100))
        order = "kind desc, written_at desc, id desc" if newest_first else "kind, written_at, id"
        expected = await tx.fetch(f"select id from note where not hidden or owner = 'reader' order by {order}")
    assert [row["id"] for row in found] == [row["id"] for row in expected]
    assert found == list(whole.rows)
    assert {row["kind"] for row in found} == {"kind a", "kind A", "kind b"}


async def test_a_row_is_found_by_its_key_where_it_may_be_seen(database_url: DatabaseFactory) -> None:
    async with notes(await database_url()) as (tx, ids):
        own, hidden = await noted().one(tx, MEMBER, ids[0]), await noted().one(tx, MEMBER, ids[5])
    assert own is not None
    assert (own["id"], list(own)) == (ids[0], list(noted().noun.columns))
    assert hidden is None


async def test_a_field_above_what_the_reader_is_cleared_for_is_null(database_url: DatabaseFactory) -> None:
    owned = Visibility(own="n.owner = {subject}", fields={"written_at": Sensitivity.HIGH})
    source = replace(noted(), visibility=owned)
    async with notes(await database_url()) as (tx, ids):
        page = await source.page(tx, MEMBER, NoteFilter(), PageRequest(source.noun.columns, 100))
        one, other = await source.one(tx, MEMBER, ids[0]), await source.one(tx, MEMBER, ids[1])
    shown = {row["id"] for row in page.rows if row["written_at"] is not None}
    assert shown == {id for n, id in enumerate(ids) if n % 10 == 0}
    assert one is not None
    assert other is not None
    assert (one["written_at"] is None, other["written_at"] is None) == (False, True)


async def test_one_question_for_many_keys_answers_as_one_for_each(database_url: DatabaseFactory) -> None:
    source, asked, keys = noted(), NoteFilter(first=True), ["b", "nothing", "A", "a"]
    part = PageRequest(("id",), 3)
    async with notes(await database_url()) as (tx, _):
        together = await source.page(tx, MEMBER, asked, each_of(part, ("kind",), [(key,) for key in keys]))
        each = [await source.page(tx, MEMBER, NoteFilter(first=True, kind=key), part) for key in keys]
    assert [(row["_place"], row["id"]) for row in together.rows] == [
        (place, row["id"]) for place, page in enumerate(each, 1) for row in page.rows
    ]
    assert together.counts == [len(page.rows) + page.has_next for page in each] == [4, 0, 4, 4]


def each_of(part: PageRequest, by: tuple[str, ...], keys: Sequence[tuple[str, ...]]) -> PageRequest:
    return replace(part, keys=LinkKeys(by, keys))


@pytest.mark.parametrize("role", READERS)
async def test_targets_of_many_areas_are_those_of_each(migrated: Migrated, role: Role) -> None:
    database = await Database.connect(await migrated(plans.main.SERVICE), application="tests", largest=2)
    part, areas = PageRequest(("id", "value"), 2), ["SY0702", "SY07", "SY01", "SY0701"]
    async with database.transaction() as tx:
        await tx.execute(SET)
        keys = [(area, sector) for area in areas for sector in ("WSH", "SHL")]
        asked = TargetFilter(withdrawn=True)
        together = await TARGETS.page(tx, READERS[role], asked, each_of(part, ("area", "sector"), keys))
        each = [
            await TARGETS.page(tx, READERS[role], TargetFilter(area=area, sector=sector, withdrawn=True), part)
            for area, sector in keys
        ]
    await database.close()
    assert together.rows == [{**row, "_place": place} for place, page in enumerate(each, 1) for row in page.rows]
    assert together.counts == [len(page.rows) + page.has_next for page in each]
    assert [len(page.rows) for page in each] == [2, 0, 2, 0, 0 if role is Role.HUB else 1, 0, 1, 0]


SET = """
insert into target (country, sector, area, month_from, month_to, id, version, area_path, unit, value, set_by)
select 'SY', 'WSH', area, month, month, gen_random_uuid(), 1, array['SY', left(area, 4), area], 'people', 7, 'x'
  from (values ('SY0701', '2026-01'), ('SY0702', '2026-01'), ('SY0702', '2026-02'), ('SY0702', '2026-03'),
               ('SY0101', '2026-01')) as t (area, month)
"""


async def test_what_left_the_list_is_gone_and_what_was_never_in_it_is_nothing(database_url: DatabaseFactory) -> None:
    source, asked = noted(), NoteFilter(kind="A", first=True)
    async with notes(await database_url()) as (tx, ids):
        start = ChangeWindow(Position(0), until=2**62, first=100)
        there = await source.changes(tx, MEMBER, asked, ("id",), start)
        began = int(await tx.fetchval("select pg_snapshot_xmax(pg_current_snapshot())::text"))
        moved = {ids[1]: "hidden = true", ids[3]: "version = 3", ids[4]: "hidden = false", ids[7]: "version = 2"}
        for id, change in moved.items():
            await tx.execute(f"update note set changed_in = pg_current_xact_id(), {change} where id = $1", id)
        changed = await source.changes(
            tx, MEMBER, asked, ("id",), ChangeWindow(Position(began, began=began), 2**62, 100)
        )
    assert not any(row["_gone"] for row in there)
    assert ids[1] in {row["id"] for row in there}
    # Of what is hidden now nothing is heard: the source says nothing of when it was.
    assert {(row["id"], row["_gone"]) for row in changed} == {(ids[4], False), (ids[7], True)}


def test_a_field_known_to_one_side_alone_is_refused() -> None:
    noun = Noun("notes", "tests", Note, NoteFilter, ("id",))
    with pytest.raises(TypeError, match=r"no condition for \['first'\]"):
        Source(noun, "note as n", "n", visibility=OPEN)
    with pytest.raises(TypeError, match=r"no field \['colour'\]"):
        Source(noun, "note as n", "n", visibility=OPEN, conditions={"colour": "true", "first": no_condition})


SERVICES = (
    registry.main.SERVICE,
    activities.main.SERVICE,
    alerts.main.SERVICE,
    reporting.main.SERVICE,
    plans.main.SERVICE,
)


def sources_of(service: Service) -> Iterator[Source[Any]]:
    """Those its modules declare; a list that is a page, and has no conditions, is read whole by any way."""
    package = import_module(service.name)
    found = {
        id(each): each
        for module in pkgutil.walk_packages(package.__path__, f"{service.name}.")
        for each in vars(import_module(module.name)).values()
        if isinstance(each, Source)
    }
    yield from (each for each in found.values() if each.noun.filter.model_fields or not each.noun.whole)


NUMBERS = {"sheet": 1, "row": 2, "number": 3}
"""Columns that are stored as numbers and shown otherwise or not at all; any other that is not shown is text."""
SOURCES = [(service, source) for service in SERVICES for source in sources_of(service)]


def asked_of(source: Source[Any]) -> list[Filter]:
    """The list without conditions that may be left out, and by each one."""
    asked, fields = example_of(source.noun.filter), source.noun.filter.model_fields
    needed = {name: asked[name] for name, field in fields.items() if field.is_required()}
    more = [{**needed, name: asked[name]} for name in fields if name not in needed]
    return [source.noun.filter.model_validate(each) for each in (needed, *more)]


def readers_of(source: Source[Any]) -> list[Reader]:
    """Those who see anything of it."""
    return [each for role, each in READERS.items() if conditions_for(source.visibility, role).visible != NEVER]


@pytest.mark.parametrize(("service", "source"), SOURCES, ids=lambda each: getattr(each, "noun", each).name)
async def test_each_question_is_answered_by_an_index(migrated: Migrated, service: Service, source: Source[Any]) -> None:
    database = await Database.connect(await migrated(service), application="tests", largest=2)
    row = example_of(source.noun.row) | NUMBERS
    behind = [row.get(name, "text") for name in source.noun.sort]
    whole, *narrowed = asked_of(source)
    async with database.connection() as tx:
        # An index that can serve does: only what has none is read from end to end, or sorted.
        await tx.execute("set enable_seqscan = off; set enable_sort = off; set enable_incremental_sort = off")
        for reader in readers_of(source):
            for part in (PageRequest(source.noun.columns, 10), PageRequest(source.noun.columns, 10, behind)):
                for asked in (whole, *narrowed):
                    statement, arguments = source.statement(reader, asked, part)
                    plan = "\n".join(row[0] for row in await tx.fetch(f"explain {statement}", *arguments))
                    assert not re.search(rf"Seq Scan on {source.table.split()[0]}\b", plan), (asked, plan)
                    assert "Sort Key" not in plan or asked is not whole, plan
    await database.close()


@pytest.mark.parametrize(
    ("service", "source"),
    [each for each in SOURCES if each[1].noun.followed],
    ids=lambda each: getattr(each, "noun", each).name,
)
async def test_changes_are_found_in_their_order_by_an_index(
    migrated: Migrated, service: Service, source: Source[Any]
) -> None:
    database = await Database.connect(await migrated(service), application="tests", largest=2)
    whole, *_ = asked_of(source)
    async with database.connection() as tx:
        await tx.execute("set enable_seqscan = off; set enable_sort = off")
        for reader in READERS.values():
            for since in (Position(0), Position(7, None, began=7)):
                span = ChangeWindow(since, until=9, first=10)
                statement, arguments = source.changes_statement(reader, whole, source.noun.columns, span)
                plan = "\n".join(row[0] for row in await tx.fetch(f"explain {statement}", *arguments))
                assert f"{source.table.split()[0]}_by_change" in plan, plan
                assert "Sort Key" not in plan, plan
    await database.close()
