"""Writing reports: one upsert for all rows of a batch, in key order."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from operator import attrgetter
from typing import Any
from uuid import UUID

from contracts.reports import REPORTS
from database import Transaction
from runtime.access import Role

from activities.reports.domain import Identified, OrganisationRef, Origin, Sender
from activities.reports.schemas import KINDS, ReportedPeople

SOURCES = ("row", "report", "sent", "people", "place", "whose")
"""Where a column's value can stand; each has two columns at least."""


def _sources(identified: Identified) -> tuple[object, ...]:
    report = identified.report
    return identified, report, report.sent, report.people, report.place, report.owner


SEPARATOR = "\x1f"
"""Between the texts of a list on its way into the database: no text may hold it."""


@dataclass(frozen=True)
class ReportColumn:
    """A column of `report` that is filled from an `Identified` report."""

    name: str
    type: str
    source: str
    field: str
    list: bool = False

    def stands(self, source: str, mentioned: frozenset[str]) -> bool:
        """Whether it stands there and can have a value where only these fields were sent."""
        return self.source == source and (source != "sent" or self.field in mentioned)


ELSEWHERE = frozenset(
    {"country", "organisation_id", "sensitivity", "sector", "area", "adm1", "adm2", "adm3", "community", "status"}
    | {"people", "measured_outputs"}
)
"""Fields of the row that are sent, that are written as they were understood."""
TYPES: Mapping[type, str] = {
    bool: "boolean",
    int: "integer",
    Decimal: "numeric",
    float: "double precision",
    date: "date",
    dict: "jsonb",
}
"""PostgreSQL's types; any other is text."""

COLUMNS: tuple[ReportColumn, ...] = (
    ReportColumn("country", "text", "sent", "country"),
    ReportColumn("organisation_id", "uuid", "whose", "id"),
    ReportColumn("identity", "text", "row", "identity"),
    ReportColumn("content", "bytea", "report", "content"),
    ReportColumn("sensitivity", "text", "report", "sensitivity"),
    ReportColumn("organisation_name", "text", "whose", "provider_name"),
    ReportColumn("organisation_resolved", "boolean", "whose", "resolved"),
    ReportColumn("sector", "text", "report", "sector"),
    ReportColumn("area", "text", "place", "area"),
    ReportColumn("area_path", "text", "place", "path", list=True),
    ReportColumn("area_levels", "text", "place", "levels_as_text", list=True),
    *(ReportColumn(name, "text", "place", name) for name in ("adm1", "adm2", "adm3", "community")),
    ReportColumn("area_as_sent", "text", "place", "as_sent"),
    ReportColumn("unit_key", "text", "report", "unit_key"),
    ReportColumn("status", "text", "report", "status"),
    *(
        ReportColumn(name, TYPES.get(kind, "text"), "sent", name, list=kind is tuple)
        for name, kind in KINDS.items()
        if name in REPORTS.columns and name not in ELSEWHERE
    ),
    *(ReportColumn(f"people_{part}", "integer", "people", part) for part in ReportedPeople.model_fields),
    ReportColumn("exact_repeat", "boolean", "row", "exact_repeat"),
    ReportColumn("flags", "text", "row", "flags", list=True),
    ReportColumn("upload_row", "integer", "row", "row"),
)
KEY = ("country", "organisation_id", "identity")
# Behind the columns: implementer's id, name and resolved; measured outputs; then, once for all rows, upload and sender.
_AFTER = (
    ("implementer_id", "uuid"),
    ("implementer_name", "text"),
    ("implementer_resolved", "boolean"),
    ("measured_outputs", "jsonb"),
)
SENT = (*((column.name, column.type) for column in COLUMNS), *_AFTER)
LIST_NAMES = frozenset(column.name for column in COLUMNS if column.list)
CASTS = {"area_levels": "::smallint[]"}
UNKEYED = tuple(name for name, _ in SENT if name not in KEY)
WITHDRAWAL = ("withdrawn_at", "withdrawn_by", "withdrawn_by_role", "withdrawal_reason", "withdrawal_id")
SAID_OF_IT = (
    "submission_comment",
    "reviewed_at",
    "reviewed_by",
    "reviewed_by_role",
    "reviewed_as",
    "review_comment",
    "override_reason",
    "sensitivity_by",
    "sensitivity_reason",
    *WITHDRAWAL,
)
"""What was said of the version before: a version that is sent starts without it."""
CONTEST = (
    "implementer_contest",
    "contested_at",
    "contested_by",
    "contest_reason",
    "contest_settled_at",
    "contest_settled_by",
    "contest_settlement",
)
"""A contest is of the implementer that is named: it stays where the same one is named again."""
SAME_IMPLEMENTER = "case when held.implementer_id = excluded.implementer_id then held.{0} end"
HIGHER = "case when 'severe' in ({0}, {1}) then 'severe' when 'high' in ({0}, {1}) then 'high' else {1} end"
"""Of two levels: what is sent again is never less than it was, until a person who may see it says so."""
NOT_SAID = frozenset({"content", "unit_key", "exact_repeat", "flags", "upload_row", "sensitivity", "area_as_sent"})
"""Columns that may differ though nothing else is said: how it was spelled, where it stood, what was made of it."""
SAID = tuple(name for name in UNKEYED if name not in NOT_SAID)
MANY = 100
"""Rows from which it pays to look for columns with one value in all rows, and to join what differs."""
ROW_END, NULL = "\x1e", "\x1d"
"""Between the rows of a joined column, and for a row without value: as `SEPARATOR`, they stand in no text."""
NOT_JOINED = frozenset({"uuid", "bytea", "jsonb"})


class Form(Enum):
    """How a column is sent."""

    ARRAY = "${0}::{1}[]"
    SAME = "${0}::{1}"
    """One value for all rows."""
    JOINED = "string_to_array(${0}::text, chr(30), chr(29))::{1}[]"
    """One text: asyncpg looks at every element of an array, which takes longer than to join a thousand of them."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A column with some value in a batch."""

    name: str
    type: str
    form: Form

    def declared(self, number: int) -> str:
        return self.form.value.format(number, self.type)

    def read(self, number: int) -> str:
        value = self.declared(number) if self.form is Form.SAME else f"sent.{self.name}"
        if self.name not in LIST_NAMES:
            return value
        return f"string_to_array({value}, chr(31)){CASTS.get(self.name, '')}"


MAY_REPLACE = """
    ({0}::text[] is null or held.organisation_id = {2}::uuid
     or held.sector = any({0}::text[]) and held.area_path && {1}::text[])
"""
"""Whether the report that stands is the sender's to replace: who sends for others in a scope must not move a report
there out of another one. The arguments are those of `_bounds`."""


def _bounds(sender: Sender) -> tuple[list[str] | None, list[str], UUID | None]:
    """Sectors, areas and organisation a coordinator is bound to; no sectors for everybody else."""
    sectors = sorted(sender.sectors) if sender.role == Role.COORDINATOR else None
    return sectors, sorted(sender.areas), sender.organisation_id


def _each(form: str) -> str:
    return ", ".join(form.format(name) for name in SAID)


@lru_cache(maxsize=200)
def _upsert_statement(filled: tuple[Parameter, ...]) -> str:
    """The upsert of a batch. Columns without any value are not sent: most rows leave half of them empty."""
    numbered = list(enumerate(filled, start=1))
    names = ", ".join(parameter.name for parameter in filled)
    varying = [(number, parameter) for number, parameter in numbered if parameter.form is not Form.SAME]
    arrays = ", ".join(parameter.declared(number) for number, parameter in varying)
    upload, sheet, sender, role, *bounds = (len(filled) + place for place in range(1, 8))
    origin = ("stage", "upload_id", "upload_sheet", "submitted_by", "submitted_by_role")
    changed = [
        *(f"{name} = excluded.{name}" for name in (*UNKEYED, *origin) if name != "sensitivity"),
        f"sensitivity = {HIGHER.format('held.sensitivity', 'excluded.sensitivity')}",
        *(f"{name} = null" for name in SAID_OF_IT),
        *(f"{name} = {SAME_IMPLEMENTER.format(name)}" for name in CONTEST),
    ]
    return f"""
    with upserted as (
        insert into report as held ({names}, id, version, {", ".join(origin)})
        select {", ".join(parameter.read(number) for number, parameter in numbered)},
               uuidv7(), 1, 'submitted', ${upload}::uuid, ${sheet}::text, ${sender}::text, ${role}::text
        from unnest({arrays}) as sent ({", ".join(parameter.name for _, parameter in varying)})
        on conflict (country, organisation_id, identity) do update
        set {", ".join(changed)}, version = held.version + 1, submitted_at = now(),
            changed_in = excluded.changed_in
        where (held.content <> excluded.content and ({_each("held.{0}")}) is distinct from ({_each("excluded.{0}")})
               or held.stage = 'withdrawn')
          and {MAY_REPLACE.format(*(f"${number}" for number in bounds))}
        returning new.country, new.organisation_id, new.identity, new.id, new.version, new.sensitivity,
                  new.implementer_contest,
                  old.id as replaced, old.version as replaced_version, old.submitted_by as replaced_sender,
                  old.submitted_at as replaced_at, case when old.id is not null then to_jsonb(old) end as replaced_row
    ), kept as (
        insert into report_version
            (country, organisation_id, report_id, version, submitted_by, submitted_at, replaced_by, row)
        select country, organisation_id, replaced, replaced_version, replaced_sender, replaced_at,
               ${sender}, replaced_row
        from upserted where replaced is not null
    )
    select country, organisation_id, identity, id, version, sensitivity, implementer_contest,
           replaced is null as created
    from upserted
    """  # noqa: S608  names of this module only


Key = tuple[str, UUID, str]


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """What the upsert did with a report."""

    id: UUID
    version: int
    status: str
    """`created`, `updated`, `unchanged`, or `outside`: another report stands there that is not the sender's."""
    sensitivity: str
    contest: str | None = None
    """What stands of its implementer's contest, where it was changed."""


async def upsert_reports(
    tx: Transaction, reports: Sequence[Identified], origin: Origin, sender: Sender
) -> list[tuple[Identified, WrittenReport]]:
    """Create and change what differs; `reports` are in key order, and each key is there once."""
    filled, columns = _filled(_columns(reports))
    sent_in = (origin.upload_id, origin.sheet, sender.subject, sender.role, *_bounds(sender))
    rows = await tx.fetch(_upsert_statement(filled), *columns, *sent_in)
    written = {
        (row["country"], row["organisation_id"], row["identity"]): WrittenReport(
            row["id"],
            row["version"],
            "created" if row["created"] else "updated",
            row["sensitivity"],
            row["implementer_contest"],
        )
        for row in rows
    }
    keys = [key_of(report) for report in reports]
    if len(written) < len(reports):
        written |= await _as_they_are(tx, [key for key in keys if key not in written], sender)
    return [(report, written[key]) for report, key in zip(reports, keys, strict=True)]


def key_of(report: Identified) -> Key:
    return report.report.sent.country, report.report.owner.id, report.identity


async def _as_they_are(tx: Transaction, keys: Sequence[Key], sender: Sender) -> dict[Key, WrittenReport]:
    rows = await tx.fetch(
        f"""
        select country, organisation_id, identity, id, version, sensitivity,
               case when {MAY_REPLACE.format("$4", "$5", "$6")} then 'unchanged' else 'outside' end as status
        from report as held
        where (country, organisation_id, identity) in (select * from unnest($1::text[], $2::uuid[], $3::text[]))
        """,  # noqa: S608  a constant of this module
        *_apart(keys),
        *_bounds(sender),
    )
    return {
        (row["country"], row["organisation_id"], row["identity"]): WrittenReport(
            row["id"], row["version"], row["status"], row["sensitivity"]
        )
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


@lru_cache(maxsize=200)
def _reader(mentioned: frozenset[str]) -> tuple[tuple[ReportColumn, ...], tuple[Callable[[Any], tuple[Any, ...]], ...]]:
    """The columns that can have a value where only these fields were sent, and for each source what reads its own."""
    columns = tuple(column for source in SOURCES for column in COLUMNS if column.stands(source, mentioned))
    readers = (attrgetter(*(column.field for column in columns if column.source == source)) for source in SOURCES)
    return columns, tuple(readers)


def _columns(reports: Sequence[Identified]) -> list[tuple[str, str, Sequence[Any]]]:
    """Name, type and values of what can have a value."""
    mentioned = frozenset[str]().union(*(report.report.sent.model_fields_set for report in reports))
    columns, readers = _reader(mentioned | {"country"})
    read = [
        values
        for reader, objects in zip(readers, zip(*map(_sources, reports), strict=True), strict=True)
        for values in zip(*map(reader, objects), strict=True)
    ]
    found: list[tuple[str, str, Sequence[Any]]] = [
        (column.name, column.type, _joined(values) if column.list else values)
        for column, values in zip(columns, read, strict=True)
    ]
    if mentioned & {"implementing_organisation", "implementing_organisation_id"}:
        implementers = [identified.report.implementer for identified in reports]
        found += [
            ("implementer_id", "uuid", [whose and whose.id for whose in implementers]),
            ("implementer_name", "text", [whose and whose.provider_name for whose in implementers]),
            ("implementer_resolved", "boolean", [whose and whose.resolved for whose in implementers]),
        ]
    if "measured_outputs" in mentioned:
        outputs = [_exact(identified.report.sent.measured_outputs) for identified in reports]
        found.append(("measured_outputs", "jsonb", outputs))
    return found


def _joined(lists: Sequence[Sequence[str] | None]) -> list[str | None]:
    return [None if texts is None else SEPARATOR.join(texts) for texts in lists]


def _filled(columns: Sequence[tuple[str, str, Sequence[Any]]]) -> tuple[tuple[Parameter, ...], list[Any]]:
    """The columns in which some row has a value, and those values."""
    parameters: list[Parameter] = []
    arguments: list[Any] = []
    for name, type, values in columns:
        first, many = values[0], len(values) >= MANY
        same = many and values.count(first) == len(values)
        if first is None and (same or all(value is None for value in values)):
            continue
        if same:
            form, argument = Form.SAME, first
        elif many and type not in NOT_JOINED:
            form, argument = Form.JOINED, ROW_END.join([NULL if value is None else str(value) for value in values])
        else:
            form, argument = Form.ARRAY, values
        parameters.append(Parameter(name, type, form))
        arguments.append(argument)
    return tuple(parameters), arguments


def _exact(outputs: dict[str, Any] | None) -> dict[str, str] | None:
    return None if outputs is None else {code: _plain(value) for code, value in outputs.items()}


def _plain(value: Any) -> str:
    """Without zeros that say nothing: `40.0` and `40` are one value."""
    return format(Decimal(str(value)).normalize() + 0, "f")


async def keep_providers(tx: Transaction, named: Iterable[OrganisationRef]) -> None:
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
