"""Writing reports: one upsert for all rows of a batch, in key order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any
from uuid import UUID

from database import Transaction

from activities.reports.domain import Identified, Origin, Sender, Whose

SEPARATOR = "\x1f"
"""Between the texts of a list on its way into the database: no text may hold it."""


@dataclass(frozen=True)
class Column:
    """A column of `report` that is filled from an `Identified` report."""

    name: str
    type: str
    path: str
    """Where its value stands."""
    list: bool = False


def _same(prefix: str, type: str, *names: str) -> list[Column]:
    return [Column(name, type, f"{prefix}.{name}") for name in names]


COLUMNS: tuple[Column, ...] = (
    Column("country", "text", "report.sent.country"),
    Column("organisation_id", "uuid", "report.whose.id"),
    Column("id", "uuid", "id"),
    Column("identity", "text", "identity"),
    Column("content", "bytea", "report.content"),
    Column("sensitivity", "text", "report.sensitivity"),
    Column("organisation_name", "text", "report.whose.provider_name"),
    Column("organisation_resolved", "boolean", "report.whose.resolved"),
    Column("sector", "text", "report.sector"),
    Column("area", "text", "report.place.area"),
    Column("area_path", "text", "report.place.path", list=True),
    *_same("report.place", "text", "adm1", "adm2", "adm3", "community"),
    Column("area_as_sent", "text", "report.place.as_sent"),
    Column("unit_key", "text", "report.unit_key"),
    Column("status", "text", "report.status"),
    *_same("report.sent", "text", "external_id", "activity", "activity_description", "indicator", "unit", "hub"),
    *_same("report.sent", "text", "modality", "conditionality", "transfer_mechanism", "neighbourhood"),
    *_same("report.sent", "text", "site_name", "site_type", "month", "population_group"),
    *_same("report.sent", "text", "disaggregation_method", "currency", "comments"),
    *_same("report.sent", "boolean", "un_funded", "in_response_plan", "cross_line"),
    *_same("report.sent", "boolean", "newly_reached", "previously_assisted", "reported_elsewhere"),
    *_same("report.sent", "numeric", "output_value", "transfer_value_usd", "budget_required", "budget_received"),
    *_same("report.sent", "double precision", "latitude", "longitude"),
    *_same("report.sent", "date", "start_date", "end_date"),
    Column("donors", "text", "report.sent.donors", list=True),
    Column("households", "integer", "report.sent.households"),
    *(
        Column(f"people_{part}", "integer", f"report.people.{part}")
        for part in ("total", "men", "women", "boys", "girls", "age_0_4", "age_5_11", "age_12_17", "age_18_59")
    ),
    Column("people_age_60_plus", "integer", "report.people.age_60_plus"),
    Column("people_with_disability", "integer", "report.people.with_disability"),
    Column("exact_repeat", "boolean", "exact_repeat"),
    Column("flags", "text", "flags", list=True),
    Column("upload_row", "integer", "row"),
)
KEY = ("country", "organisation_id", "identity")
LISTS = tuple(number for number, column in enumerate(COLUMNS) if column.list)
_values = attrgetter(*(column.path for column in COLUMNS))
# Behind the columns: implementer's id, name and resolved; measured outputs; then, once for all rows, upload and sender.
_AFTER = (
    ("implementer_id", "uuid"),
    ("implementer_name", "text"),
    ("implementer_resolved", "boolean"),
    ("measured_outputs", "jsonb"),
)
SENT = (*((column.name, column.type) for column in COLUMNS), *_AFTER)
LIST_NAMES = frozenset(column.name for column in COLUMNS if column.list)
UNKEYED = tuple(name for name, _ in SENT if name not in (*KEY, "id"))

Filled = tuple[tuple[str, str], ...]
"""Names and types of the columns that have a value in some row of a batch."""


@lru_cache(maxsize=200)
def _upsert_statement(filled: Filled) -> str:
    """The upsert of a batch. Columns without any value are not sent: most rows leave half of them empty."""
    names = [name for name, _ in filled]
    arrays = ", ".join(f"${number}::{type}[]" for number, (_, type) in enumerate(filled, start=1))
    upload, sender = len(filled) + 1, len(filled) + 2
    read = ", ".join(
        f"string_to_array(sent.{name}, chr(31))" if name in LIST_NAMES else f"sent.{name}" for name in names
    )
    changed = [f"{name} = excluded.{name}" for name in (*UNKEYED, "stage", "upload_id", "submitted_by")]
    return f"""
    with upserted as (
        insert into report as held ({", ".join(names)}, version, stage, upload_id, submitted_by)
        select {read}, 1, 'submitted', ${upload}::uuid, ${sender}::text
        from unnest({arrays}) as sent ({", ".join(names)})
        on conflict (country, organisation_id, identity) do update
        set {", ".join(changed)}, version = held.version + 1, submitted_at = now()
        where held.content <> excluded.content
        returning new.country, new.organisation_id, new.identity, new.id, new.version,
                  old.id as replaced, old.version as replaced_version, old.submitted_by as replaced_sender,
                  old.submitted_at as replaced_at, case when old.id is not null then to_jsonb(old) end as replaced_row
    ), kept as (
        insert into report_version
            (country, organisation_id, report_id, version, submitted_by, submitted_at, replaced_by, row)
        select country, organisation_id, replaced, replaced_version, replaced_sender, replaced_at,
               ${sender}, replaced_row
        from upserted where replaced is not null
    )
    select country, organisation_id, identity, id, version, replaced is null as created from upserted
    """  # noqa: S608  names of this module only


Key = tuple[str, UUID, str]


@dataclass(frozen=True, slots=True)
class Written:
    """What the upsert did with a report."""

    id: UUID
    version: int
    status: str


async def upsert_reports(
    tx: Transaction, reports: Sequence[Identified], origin: Origin, sender: Sender
) -> dict[Key, Written]:
    """Create and change what differs; `reports` are in key order, and each key is there once."""
    filled, columns = _filled(_columns(reports))
    rows = await tx.fetch(_upsert_statement(filled), *columns, origin.upload_id, sender.subject)
    written = {
        (row["country"], row["organisation_id"], row["identity"]): Written(
            row["id"], row["version"], "created" if row["created"] else "updated"
        )
        for row in rows
    }
    if len(written) < len(reports):
        written |= await _unchanged(tx, [key for report in reports if (key := key_of(report)) not in written])
    return written


def key_of(report: Identified) -> Key:
    return report.report.sent.country, report.report.whose.id, report.identity


async def _unchanged(tx: Transaction, keys: Sequence[Key]) -> dict[Key, Written]:
    rows = await tx.fetch(
        """
        select country, organisation_id, identity, id, version from report
        where (country, organisation_id, identity) in (select * from unnest($1::text[], $2::uuid[], $3::text[]))
        """,
        *_apart(keys),
    )
    return {
        (row["country"], row["organisation_id"], row["identity"]): Written(row["id"], row["version"], "unchanged")
        for row in rows
    }


async def keys_that_exist(tx: Transaction, keys: Iterable[Key]) -> set[Key]:
    rows = await tx.fetch(
        """
        select country, organisation_id, identity from report
        where (country, organisation_id, identity) in (select * from unnest($1::text[], $2::uuid[], $3::text[]))
        """,
        *_apart(list(keys)),
    )
    return {(row["country"], row["organisation_id"], row["identity"]) for row in rows}


def _apart(keys: Sequence[Key]) -> tuple[list[Any], ...]:
    return [key[0] for key in keys], [key[1] for key in keys], [key[2] for key in keys]


def _columns(reports: Sequence[Identified]) -> list[Sequence[Any]]:
    columns: list[Sequence[Any]] = list(zip(*map(_values, reports), strict=True))
    for number in LISTS:
        columns[number] = [None if texts is None else SEPARATOR.join(texts) for texts in columns[number]]
    implementers = [identified.report.implementer for identified in reports]
    columns += [
        [whose and whose.id for whose in implementers],
        [whose and whose.provider_name for whose in implementers],
        [whose and whose.resolved for whose in implementers],
        [_exact(identified.report.sent.measured_outputs) for identified in reports],
    ]
    return columns


def _filled(columns: Sequence[Sequence[Any]]) -> tuple[Filled, list[Sequence[Any]]]:
    """The columns in which some row has a value."""
    some = [(named, values) for named, values in zip(SENT, columns, strict=True) if any(v is not None for v in values)]
    return tuple(named for named, _ in some), [values for _, values in some]


def _exact(outputs: dict[str, Any] | None) -> dict[str, str] | None:
    return None if outputs is None else {code: str(value) for code, value in outputs.items()}


async def keep_providers(tx: Transaction, named: Iterable[Whose]) -> None:
    """Keep the names nobody has resolved."""
    providers = {whose.id: whose for whose in named if not whose.resolved}
    if not providers:
        return
    ordered = [providers[id] for id in sorted(providers)]
    await tx.execute(
        """
        insert into provider_organisation (id, acronym, name)
        select * from unnest($1::uuid[], $2::text[], $3::text[])
        on conflict (id) do nothing
        """,
        [whose.id for whose in ordered],
        [whose.acronym for whose in ordered],
        [whose.name for whose in ordered],
    )
