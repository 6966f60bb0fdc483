"""Facts and cells: each statement takes a whole batch."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from database import Record, Transaction

from reporting.counting.cells import GROUPS, RECOUNT, SWEEP_COVERAGE, SWEEP_PRESENCE
from reporting.counting.domain import ALL_GROUPS, PRESETS, Change, Fact, Unit, lock_number

LOCK = "select pg_advisory_xact_lock(number) from (select unnest($1::bigint[]) as number) as sorted"


FACT_COLUMNS = (
    *Unit._fields,
    "indicator",
    "id",
    "version",
    "organisation_id",
    "implementer_id",
    "status",
    "stage",
    "sensitivity",
    "newly_reached",
    "total",
    "men",
    "women",
    "boys",
    "girls",
    "with_disability",
)


async def lock_reports(tx: Transaction, ids: Sequence[UUID]) -> None:
    """One writer per report: an operator's retry may meet the consumer."""
    await tx.execute(LOCK, sorted({lock_number("report", str(id)) for id in ids}))


async def lock_units(tx: Transaction, units: Sequence[Unit]) -> None:
    """One counter per unit, taken in order of their numbers, always after the locks of reports."""
    await tx.execute(LOCK, sorted({unit.lock for unit in units}))


async def adopt_presets(tx: Transaction) -> None:
    await tx.execute(
        """
        insert into counting_rule
        select code, version, sector, method, counts_people, string_to_array(statuses, ' '),
               string_to_array(presence_statuses, ' '), provisional
          from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::bool[], $6::text[], $7::text[], $8::bool[])
               as preset (code, version, sector, method, counts_people, statuses, presence_statuses, provisional)
         where not exists (select from counting_rule as held
                            where held.code = preset.code and held.version = preset.version)
        on conflict do nothing
        """,
        [rule.code for rule in PRESETS],
        [rule.version for rule in PRESETS],
        [rule.sector for rule in PRESETS],
        [rule.method for rule in PRESETS],
        [rule.counts_people for rule in PRESETS],
        [" ".join(rule.statuses) for rule in PRESETS],
        [" ".join(rule.presence_statuses) for rule in PRESETS],
        [rule.provisional for rule in PRESETS],
    )


async def keep_provider_names(tx: Transaction, names: Mapping[UUID, str]) -> None:
    if names:
        ids = sorted(names)
        await tx.execute(
            """
            insert into provider_name as held (id, name) select * from unnest($1::uuid[], $2::text[])
            on conflict (id) do update set name = excluded.name where held.name <> excluded.name
            """,
            ids,
            [names[id] for id in ids],
        )


async def facts_of(tx: Transaction, ids: Sequence[UUID]) -> list[Fact]:
    """The facts held of these reports; without people, which are only counted where they lie."""
    rows = await tx.fetch(
        """
        select id, version, country, adm1, path, unit_key, sector, month, population_group, indicator,
               organisation_id, implementer_id, status, stage, sensitivity
          from report_fact where id = any($1::uuid[])
        """,
        ids,
    )
    return [_fact(row) for row in rows]


def _fact(row: Record) -> Fact:
    unit = Unit(*(row[name] for name in Unit._fields))
    return Fact(
        row["id"],
        row["version"],
        unit,
        row["indicator"],
        row["organisation_id"],
        row["implementer_id"],
        row["status"],
        row["stage"],
        row["sensitivity"],
    )


async def remove_facts(tx: Transaction, facts: Sequence[Fact]) -> None:
    if facts:
        await tx.execute("delete from report_fact where id = any($1::uuid[])", [fact.id for fact in facts])


async def insert_facts(tx: Transaction, facts: Sequence[Fact]) -> None:
    await tx.copy_records_to_table("report_fact", columns=FACT_COLUMNS, records=map(_record, facts))


def _record(fact: Fact) -> tuple[object, ...]:
    people = fact.people
    return (
        *fact.unit,
        fact.indicator,
        fact.id,
        fact.version,
        fact.organisation_id,
        fact.implementer_id,
        fact.status,
        fact.stage,
        fact.sensitivity,
        fact.newly_reached,
        fact.total,
        people.men,
        people.women,
        people.boys,
        people.girls,
        people.with_disability,
    )


def _unit_columns(facts: Sequence[Fact]) -> list[list[str]]:
    return [list(column) for column in zip(*(fact.unit for fact in facts), strict=True)] or [[] for _ in Unit._fields]


async def recount(tx: Transaction, changed: Sequence[Change]) -> None:
    """Count the units of the changes anew, and carry what that changes up to every area above them."""
    facts = [change.fact for change in changed]
    arguments = [
        [change.sign for change in changed],
        *_unit_columns(facts),
        [fact.implementer_id for fact in facts],
        [fact.status for fact in facts],
        [fact.stage for fact in facts],
        [fact.sensitivity for fact in facts],
    ]
    await tx.execute(RECOUNT, *arguments)
    going = [change.fact for change in changed if change.sign < 0]
    if going:
        await tx.execute(SWEEP_PRESENCE, *_unit_columns(going))
        await tx.execute(SWEEP_COVERAGE, *_unit_columns(going), [*GROUPS, ALL_GROUPS])
