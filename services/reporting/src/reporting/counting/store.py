"""Facts and cells: each statement takes a whole batch."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from database import Record, Transaction

from reporting.counting.cells import COUNT_ALL, GROUPS, RECOUNT, SWEEP_COVERAGE, SWEEP_PRESENCE
from reporting.counting.domain import ALL_GROUPS, LISTS, PRESETS, Fact, FactChange, Unit

FACT_COLUMNS = (
    *Unit._fields,
    "unit",
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
    "parts_withheld",
    "disability_withheld",
    "counted_unit",
    "component",
    "core",
)


COUNTING_SECONDS = 3600.0


async def lock_counting(tx: Transaction) -> None:
    """One counter at a time: all would queue for the cells of the country anyway."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended('counting', 0))")


_LISTS = ("statuses", "presence_statuses", *LISTS)
_ADOPT = f"""
insert into counting_rule (code, version, sector, method, counts_people, provisional, {", ".join(_LISTS)})
select code, version, sector, method, counts_people, provisional,
       {", ".join(f"string_to_array({name}, ' ')" for name in _LISTS)}
  from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::bool[], $6::bool[],
              {", ".join(f"${number}::text[]" for number, _ in enumerate(_LISTS, 7))})
       as preset (code, version, sector, method, counts_people, provisional, {", ".join(_LISTS)})
 where not exists (select from counting_rule as held
                    where held.code = preset.code and held.version = preset.version)
on conflict do nothing
"""  # noqa: S608  names of this module


async def adopt_presets(tx: Transaction) -> None:
    await tx.execute(
        _ADOPT,
        [rule.code for rule in PRESETS],
        [rule.version for rule in PRESETS],
        [rule.sector for rule in PRESETS],
        [rule.method for rule in PRESETS],
        [rule.counts_people for rule in PRESETS],
        [rule.provisional for rule in PRESETS],
        *([" ".join(getattr(rule, name)) for rule in PRESETS] for name in _LISTS),
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
    return [_fact(row) for row in await tx.fetch(f"{HELD} where id = any($1::uuid[])", ids)]


async def facts_of_organisations(tx: Transaction, ids: Sequence[UUID]) -> list[Fact]:
    """The same of reports that these organisations sent, or did the work of."""
    condition = "where organisation_id = any($1::uuid[]) or implementer_id = any($1::uuid[])"
    return [_fact(row) for row in await tx.fetch(f"{HELD} {condition}", ids)]


async def merged(tx: Transaction) -> Mapping[UUID, UUID]:
    """What each organisation that was merged into another is counted as."""
    rows = await tx.fetch("select id, merged_into from organisation where merged_into is not null")
    return {row["id"]: row["merged_into"] for row in rows}


HELD = """
select id, version, country, adm1, path, unit_key, sector, month, population_group, indicator,
       organisation_id, implementer_id, status, stage, sensitivity
  from report_fact
"""


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
        fact.unit_id,
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
        *fact.withheld,
        fact.counted_unit,
        fact.component,
        fact.core,
    )


def _places(facts: Sequence[Fact]) -> list[list[str]]:
    """Columns of the places, sectors and months the facts lie in, each once."""
    places = {(unit.country, unit.adm1, unit.path, unit.sector, unit.month) for unit in (fact.unit for fact in facts)}
    return [list(column) for column in zip(*places, strict=True)]


async def recount(tx: Transaction, changed: Sequence[FactChange]) -> None:
    """Count the units of the changes anew, and carry what that changes up to every area above them."""
    facts = [change.fact for change in changed]
    arguments: list[list[object]] = [
        [change.sign for change in changed],
        [fact.unit.country for fact in facts],
        [fact.unit.adm1 for fact in facts],
        [fact.unit_id for fact in facts],
        [fact.unit.path for fact in facts],
        [fact.unit.sector for fact in facts],
        [fact.unit.month for fact in facts],
        [fact.unit.population_group for fact in facts],
        [change.present for change in changed],
        [fact.status for fact in facts],
        [fact.stage for fact in facts],
        [fact.sensitivity for fact in facts],
        [fact.unit.unit_key for fact in facts],
    ]
    await tx.execute(RECOUNT, *arguments)
    going = [change.fact for change in changed if change.sign < 0]
    if going:
        places = _places(going)
        await tx.execute(SWEEP_PRESENCE, *places)
        await tx.execute(SWEEP_COVERAGE, *places, [*GROUPS, ALL_GROUPS])


async def count_all(tx: Transaction) -> None:
    """Count all facts at once; there must be no cells yet."""
    # Long, and sorts much: the bounds of a request's statement are not for it. So many rows are new that whoever
    # plans without statistics is far off, and autovacuum comes only in a minute.
    await tx.execute("set local statement_timeout = 0; set local work_mem = '64MB'; analyze report_fact")
    await tx.execute(COUNT_ALL, timeout=COUNTING_SECONDS)
