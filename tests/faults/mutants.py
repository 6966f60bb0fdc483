"""Planted faults: what a platform that loses or doubles things leaves behind, done to the running one and undone."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace

from tests.faults.conftest import Stage
from tests.faults.evidence import Evidence, quiet, waiting
from tests.faults.ledger import Delivered
from tests.faults.site import Connection, frozen
from tests.faults.topics import Record, ends_now
from tests.faults.waiting import until

Plant = Callable[[Stage], AbstractAsyncContextManager[None]]
PLANTS: dict[str, tuple[Plant, str]] = {}
"""By name: what does it, and what the checker must say."""


def says(complaint: str) -> Callable[[Plant], Plant]:
    """Declares a planted fault by the complaint that names it."""

    def declare(plant: Plant) -> Plant:
        PLANTS[plant.__name__] = (plant, complaint)
        return plant

    return declare


@says(r"report \S+ was acknowledged and is gone")
@asynccontextmanager
async def a_lost_report(stage: Stage) -> AsyncIterator[None]:
    async with (
        stage.site.database("activities") as connection,
        _changed(connection, "report", _acknowledged(stage, "version = 1"), "delete from report where id = '{id}'"),
    ):
        yield


@says(r"version \d+ of report \S+ was acknowledged and is gone")
@asynccontextmanager
async def an_older_version_put_back(stage: Stage) -> AsyncIterator[None]:
    put_back = """
        delete from report where id = '{id}';
        insert into report select (jsonb_populate_record(null::report, v.row)).* from report_version v
         where v.report_id = '{id}' order by v.version desc limit 1
    """
    async with (
        stage.site.database("activities") as connection,
        _changed(connection, "report", _acknowledged(stage, "version > 1"), put_back),
    ):
        yield


@says(r"nobody sent report")
@asynccontextmanager
async def a_retry_taken_for_another_report(stage: Stage) -> AsyncIterator[None]:
    async with stage.site.database("activities") as connection:
        made = await connection.fetchval(
            """
            with twin as (
                select to_jsonb(r)
                       || jsonb_build_object('id', uuidv7(), 'identity', 'e:twin', 'external_id', 'twin') as row
                  from report r where version = 1 order by id limit 1
            )
            insert into report select (jsonb_populate_record(null::report, row)).* from twin returning id
            """
        )
        yield
        await connection.execute("delete from report where id = $1", made)


@says(r"target \S+ is .* and should be")
@asynccontextmanager
async def a_lost_target(stage: Stage) -> AsyncIterator[None]:
    async with (
        stage.site.database("plans") as connection,
        _changed(connection, "target", "order by id limit 1", "delete from target where id = '{id}'"),
    ):
        yield


@says(r"in the tables of reporting .* counting the reports makes it")
@asynccontextmanager
async def a_cell_counted_twice(stage: Stage) -> AsyncIterator[None]:
    async with stage.site.database("reporting") as connection:
        row = await connection.fetchrow(
            """
            select level, country, area, sector, month from coverage_cell
             where level = 3 and population_group = 'all' and total > 0 order by area, sector, month limit 1
            """
        )
        assert row
        where = "where population_group = 'all' and (level, country, area, sector, month) = ($1, $2, $3, $4, $5)"
        await connection.execute(f"update coverage_cell set total = total * 2 {where}", *row)
        yield
        await connection.execute(f"update coverage_cell set total = total / 2 {where}", *row)


@says(r"the fact of report \S+ is 1 and should be None")
@asynccontextmanager
async def a_consumer_that_projects_twice(stage: Stage) -> AsyncIterator[None]:
    async with stage.site.database("reporting") as connection:
        made = await connection.fetchval(
            """
            with twin as (
                select to_jsonb(f) || jsonb_build_object('id', uuidv7()) as row
                  from report_fact f where version = 1 order by id limit 1
            )
            insert into report_fact select (jsonb_populate_record(null::report_fact, row)).* from twin returning id
            """
        )
        yield
        await connection.execute("delete from report_fact where id = $1", made)


@says(r"the fact of report \S+ is None and should be 1")
@asynccontextmanager
async def a_consumer_that_commits_without_projecting(stage: Stage) -> AsyncIterator[None]:
    worker = await stage.site.living("reporting-worker")
    async with stage.site.database("reporting") as connection:
        with frozen(worker):
            stood = await connection.fetch("select topic, partition, next_offset from consumer_offset")
            await stage.load.partner.one()
            await until(lambda: waiting(stage.site, "activities"), lambda rows: not rows, "nobody published")
            for (topic, partition), end in (await ends_now(stage.site.kafka)).items():
                await connection.execute(
                    "update consumer_offset set next_offset = $3 where topic like '%.' || $1 and partition = $2",
                    topic, partition, end,
                )  # fmt: skip
        yield
        with frozen(worker):
            await connection.executemany(
                "update consumer_offset set next_offset = $3 where topic = $1 and partition = $2", map(tuple, stood)
            )
    await quiet(stage.site)


@says(r"event \S+ \(version 1 of \S+\) is missing from activities.reports")
@asynccontextmanager
async def an_outbox_that_forgets(stage: Stage) -> AsyncIterator[None]:
    worker = await stage.site.living("activities-worker")
    async with stage.site.database("activities") as connection:
        with frozen(worker):
            await stage.load.partner.one()
            rows = await connection.fetch("delete from outbox returning event, slot")
        yield
        await connection.executemany("insert into outbox (event, slot) values ($1, $2)", map(tuple, rows))
    await quiet(stage.site)


@says(r"there is no event of version \d+ of report")
@asynccontextmanager
async def a_change_without_its_event(stage: Stage) -> AsyncIterator[None]:
    async with (
        stage.site.database("activities") as connection,
        _changed(
            connection,
            "event",
            "where aggregatetype = 'activities.reports' order by number desc limit 1",
            "delete from event where id = '{id}'",
        ),
    ):
        yield


@says(r"alert \S+ never reached the webhook")
@asynccontextmanager
async def a_delivery_that_is_removed(stage: Stage) -> AsyncIterator[None]:
    worker = await stage.site.living("alerts-worker")
    async with stage.site.database("alerts") as connection:
        with frozen(worker):
            alert = await stage.load.secretariat.alert()
            row = await connection.fetchval(
                "with gone as (delete from delivery where alert_id = $1 returning *) select to_jsonb(gone) from gone",
                alert,
            )
        yield
        await connection.execute(_INSERT.format(table="delivery"), row)
    await quiet(stage.site)


@says(r"alert \S+ reached the webhook after its end")
@asynccontextmanager
async def an_alert_that_is_overtaken(stage: Stage) -> AsyncIterator[None]:
    first = stage.ledger.delivered[0]
    stage.ledger.ends["of another"] = first.alert
    stage.ledger.delivered[:0] = [Delivered("early", "of another")]
    yield
    del stage.ledger.delivered[0], stage.ledger.ends["of another"]


@says(r"alert \S+ never came on the event stream")
@asynccontextmanager
async def a_stream_that_leaves_one_out(stage: Stage) -> AsyncIterator[None]:
    left_out = min(stage.ledger.alerts)
    stage.ledger.streamed.remove(left_out)
    yield
    stage.ledger.streamed.add(left_out)


@says(r"poison \(.*\) at .* is not among the dead letters of reporting")
@asynccontextmanager
async def poison_that_is_swallowed(stage: Stage) -> AsyncIterator[None]:
    async with (
        stage.site.database("reporting") as connection,
        _changed(
            connection, "dead_letter", "order by number limit 1", "delete from dead_letter where number = {number}"
        ),
    ):
        yield


@says(r"reporting could not take .*, which is no poison")
@asynccontextmanager
async def a_good_event_taken_for_poison(stage: Stage) -> AsyncIterator[None]:
    async with (
        stage.site.database("reporting") as connection,
        _changed(
            connection,
            "dead_letter",
            _AFTER_A_GOOD_EVENT,
            "update dead_letter set record_offset = record_offset - 1 where number = {number}",
        ),
    ):
        yield


@says(r"alerts's organisation \S+ is .* and should be")
@asynccontextmanager
async def a_projection_left_behind(stage: Stage) -> AsyncIterator[None]:
    async with (
        stage.site.database("alerts") as connection,
        _changed(
            connection,
            "organisation",
            "order by id limit 1",
            "update organisation set version = version - 1 where id = '{id}'",
        ),
    ):
        yield


def an_older_state_after_a_newer_one(evidence: Evidence) -> Evidence:
    """As a relay would leave it that woke and was not fenced. What lies on a topic could not be taken back."""
    return _with_record(evidence, _superseded(evidence))


def other_content_under_an_id(evidence: Evidence) -> Evidence:
    """An event published twice, with other content. What lies on a topic could not be taken back."""
    record = _superseded(evidence)
    return _with_record(evidence, replace(record, value=b"{}"))


def _superseded(evidence: Evidence) -> Record:
    """The first state of a report that has others."""
    seen: dict[bytes | None, Record] = {}
    for record in evidence.topics.records:
        first = seen.setdefault(record.key, record)
        if first is not record and record.place.topic == "activities.reports":
            return first
    raise AssertionError("no report has two versions")


def _with_record(evidence: Evidence, record: Record) -> Evidence:
    topics = evidence.topics
    return replace(evidence, topics=replace(topics, records=[*topics.records, record]))


def _acknowledged(stage: Stage, condition: str) -> str:
    """The first such report that was acknowledged: one whose answer nobody waited for may be there or not."""
    ids = ", ".join(
        f"'{account.id}'" for account in stage.ledger.accounts.values() if account.acknowledged and account.id
    )
    return f"where {condition} and id in ({ids}) order by id limit 1"


_AFTER_A_GOOD_EVENT = """
where record_offset > 0 and (consumer, topic, partition, record_offset - 1) not in (
    select consumer, topic, partition, record_offset from dead_letter)
order by number limit 1
"""
_INSERT = "insert into {table} overriding system value select (jsonb_populate_record(null::{table}, $1)).*"


@asynccontextmanager
async def _changed(connection: Connection, table: str, which: str, change: str) -> AsyncIterator[None]:
    """One row changed, and afterwards as it was."""
    row = await connection.fetchrow(f"select * from {table} {which}")
    assert row, f"there is no such row of {table}"
    key = "number" if "number" in row and table != "event" else "id"
    whole = await connection.fetchval(f"select to_jsonb(t) from {table} t where {key} = $1", row[key])
    await connection.execute(change.format(**dict(row)))
    yield
    await connection.execute(f"delete from {table} where {key} = $1", row[key])
    await connection.execute(_INSERT.format(table=table), whole)
