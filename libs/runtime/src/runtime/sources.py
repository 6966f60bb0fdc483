"""Where the rows of a noun are read from: one SELECT, put together from conditions written by hand.

A column stands in the table under its own name and a field of the filter asks for equality, unless it is said
otherwise. Who sees which row is a condition of the same statement.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final, Generic, get_args
from uuid import UUID

from contracts.nouns import FilterOf, Noun
from contracts.sensitivity import Sensitivity
from database import Transaction

from runtime.access import Reader, Rule
from runtime.arguments import Arguments, Condition, InPlace
from runtime.changes import CHANGED_IN, GONE, NO_ID, ChangeWindow
from runtime.linking import PLACE
from runtime.listing import Listing, Page, PageRequest, Row
from runtime.looks import RELATION, Look
from runtime.visibility import ALWAYS, NEVER, Visibility, conditions_for

NOTHING: Final[Condition] = ("true", ())
TYPES: Mapping[type, str] = {UUID: "uuid", datetime: "timestamptz", date: "date", int: "bigint"}
"""PostgreSQL's types of values that come as JSON or in an array; any other is text."""


def no_condition(_asked: object, _reader: Reader) -> Condition:
    """The condition of a field that only changes what another one means."""
    return NOTHING


@dataclass(frozen=True)
class Source(Generic[FilterOf]):
    """The statement behind a noun's list."""

    noun: Noun[FilterOf]
    table: str
    """What stands behind `from`, joins included."""
    alias: str
    """The noun's own table in it."""
    visibility: Visibility = field(kw_only=True)
    """Who sees which row, and which of its fields."""
    look: Look | None = None
    """How looks at others' high rows or fields are written down."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Expressions of columns that are not just columns of the table."""
    read: tuple[str, ...] = ()
    """What is read of the table, where rows show something else that is made of it."""
    conditions: Mapping[str, str | Callable[[FilterOf, Reader], Condition]] = field(default_factory=dict)
    """Conditions of the filter's fields that are no equality: with one `{}` for the value where there is one, or made
    of the whole filter and the reader, whether the field is given or not."""
    fixed: frozenset[str] = frozenset()
    """Fields of the filter whose conditions a row meets for ever or never: what does not meet them left no list."""
    hidden: str = "false"
    """When a row that is not visible now was, with `{}` for the transaction from which on."""

    def __post_init__(self) -> None:
        """Refuses a declaration in which a field of the filter is known to one side alone."""
        asked = set(self.noun.filter.model_fields)
        unknown = set(self.conditions) - asked | self.fixed - asked
        unmet = asked - set(self.conditions) - set(self.noun.row.model_fields)
        if unknown or unmet:
            raise TypeError(f"{self.noun.name}: no field {sorted(unknown)}, no condition for {sorted(unmet)}")

    def listing(self, rule: Rule) -> Listing[FilterOf]:
        """The list, for partners and for the gateway."""
        changes = self.changes if self.noun.followed else None
        return Listing(self.noun, self.page, rule, changes, visibility=self.visibility, look=self.look)

    async def page(self, tx: Transaction, reader: Reader, filter: FilterOf, part: PageRequest) -> Page:
        """The rows that match and that the reader may see, in their order: of one list, or of those of many keys."""
        statement, arguments = self.statement(reader, filter, part)
        return part.page([dict(row) for row in await tx.fetch(statement, *arguments)], self._positions)

    async def changes(
        self, tx: Transaction, reader: Reader, filter: FilterOf, columns: Sequence[str], span: ChangeWindow
    ) -> Sequence[Row]:
        """The rows of a span that match, and those that left the list in it."""
        statement, arguments = self.changes_statement(reader, filter, columns, span)
        return [dict(row) for row in await tx.fetch(statement, *arguments)]

    async def one(self, tx: Transaction, reader: Reader, *key: object) -> dict[str, Any] | None:
        """The row of this key with all columns, where the reader may see it."""
        values = Arguments(reader)
        where = [f"{self.alias}.{name} = {values.put(value)}" for name, value in zip(self.noun.key, key, strict=True)]
        row = await tx.fetchrow(
            f"""select {self._selected(values, self.noun.columns)} from {self.table}
            where {" and ".join([*where, values.visible(self.visibility)])}""",  # noqa: S608  constants
            *values.all,
        )
        return dict(row) if row else None

    def statement(self, reader: Reader, filter: FilterOf, part: PageRequest) -> tuple[str, list[object]]:
        """The SELECT of a page, or of a page for each of many keys, with its arguments."""
        values, by = Arguments(reader), part.keys.by if part.keys else ()
        each = (
            [f"{values.put(list(column))}::text[]" for column in zip(*part.keys.of, strict=True)] if part.keys else []
        )
        filter = filter.model_copy(update={name: InPlace(f"_key.{name}::{self._argument_type(name)}") for name in by})
        where = [*(values.filled(each) for each in self._matching(filter, reader)), values.visible(self.visibility)]
        if part.after is not None:
            direction = "<" if self.noun.newest_first else ">"
            places = ", ".join(
                f"{values.put(value)}{self._cast(name)}" for name, value in self._after_position(part.after)
            )
            where.append(f"({', '.join(self._stored)}) {direction} ({places})")
        names = dict.fromkeys([*(self.read or part.columns), *self._positions])
        limit = values.put(part.first + 1)
        select = f"""select {self._selected(values, names)} from {self.table} where {" and ".join(where)}
            order by {self._order(self._stored)} limit {limit}"""  # noqa: S608  constants of the code
        if by:
            order = self._order(f"_row.{name}" for name in self._positions)
            select = f"""select _row.*, _key.{PLACE}
                from unnest({", ".join(each)}) with ordinality as _key ({", ".join(by)}, {PLACE})
                cross join lateral ({select}) as _row order by _key.{PLACE}, {order}"""  # noqa: S608  constants
        return select, values.all

    def changes_statement(
        self, reader: Reader, filter: FilterOf, columns: Sequence[str], span: ChangeWindow
    ) -> tuple[str, list[object]]:
        """The SELECT of what changed in a span, with its arguments."""
        values = Arguments(reader)
        fixed = " and ".join(values.filled(each) for each in self._matching(filter, reader, fixed=True)) or "true"
        visible = values.visible(self.visibility)
        moving = [values.filled(each) for each in self._matching(filter, reader, fixed=False)]
        matches = " and ".join([visible, *moving])
        told = matches if span.from_the_start else f"{visible} or {self._hidden(values, span)}"
        transaction, id, until = span.arguments
        key = zip(self.noun.key, id.split(":") if span.since.id else self._first_key, strict=True)
        place = ", ".join(f"{values.put(value)}{self._cast(name)}" for name, value in key)
        names = ", ".join(f"{self.alias}.{name}" for name in self.noun.key)
        statement = f"""
            select {self._selected(values, dict.fromkeys([*columns, "id"]))},
                   {self.alias}.changed_in::text as "{CHANGED_IN}", ({matches}) is not true as "{GONE}"
              from {self.table}
             where ({self.alias}.changed_in, {names}) > ({values.put(transaction)}::text::xid8, {place})
               and {self.alias}.changed_in < {values.put(until)}::text::xid8
               and {fixed} and ({told})
             order by {self.alias}.changed_in, {names} limit {values.put(span.first + 1)}
        """  # noqa: S608  constants of the code
        return statement, values.all

    def _hidden(self, values: Arguments, span: ChangeWindow) -> str:
        return values.filled((self.hidden, (span.visible_since,))) if "{" in self.hidden else self.hidden

    def _matching(self, filter: FilterOf, reader: Reader, *, fixed: bool | None = None) -> list[Condition]:
        found = []
        for name in self.noun.filter.model_fields:
            value, condition = getattr(filter, name), self.conditions.get(name)
            if fixed is not None and fixed is not (name in self.fixed):
                continue
            if callable(condition):
                found.append(condition(filter, reader))
            elif value is not None:
                found.append((self._equality(name), (value,)))
        return [each for each in found if each is not NOTHING]

    def _equality(self, name: str) -> str:
        condition = self.conditions.get(name)
        return condition if isinstance(condition, str) else f"{self.alias}.{name} = {{}}"

    def _selected(self, values: Arguments, names: Iterable[str]) -> str:
        """Columns as they are shown, and as they are sorted by where that is another value."""
        conditions = conditions_for(self.visibility, values.reader.role)
        shown = [f"{self._masked(name, conditions.cleared, values)} as {name}" for name in names]
        if self.look:
            shown.append(f'{values.of_reader(conditions.relation)} as "{RELATION}"')
        return ", ".join(shown)

    def _masked(self, name: str, cleared: Mapping[Sensitivity, str], values: Arguments) -> str:
        """The column, null to whom its level is above."""
        column = self.columns.get(name) or f"{self.alias}.{name.removeprefix('_')}"
        level = self._levels.get(name)
        allowed = values.of_reader(cleared[level]) if level else ALWAYS
        return {ALWAYS: column, NEVER: "null"}.get(allowed, f"case when {allowed} then {column} end")

    @cached_property
    def _levels(self) -> Mapping[str, Sensitivity]:
        return {**self.noun.levels, **self.visibility.fields}

    @cached_property
    def _stored(self) -> tuple[str, ...]:
        return tuple(f"{self.alias}.{name}" for name in self.noun.sort)

    @cached_property
    def _positions(self) -> tuple[str, ...]:
        return tuple(f"_{name}" if name in self.columns else name for name in self.noun.sort)

    @cached_property
    def _first_key(self) -> tuple[str, ...]:
        return tuple(NO_ID if self._type(name) == "uuid" else "" for name in self.noun.key)

    def _order(self, names: Iterable[str]) -> str:
        return ", ".join(f"{name} desc" if self.noun.newest_first else name for name in names)

    def _after_position(self, position: Sequence[object]) -> Iterable[tuple[str, object]]:
        return zip(self.noun.sort, position, strict=True)

    def _cast(self, name: str) -> str:
        kind = self._type(name)
        return f"::text::{kind}" if kind in ("uuid", "timestamptz", "date") else ""

    def _type(self, name: str) -> str:
        field = self.noun.row.model_fields.get(name)
        return _type_of(field.annotation) if field else "text"

    def _argument_type(self, name: str) -> str:
        return _type_of(self.noun.filter.model_fields[name].annotation)


def _type_of(annotation: Any) -> str:
    kinds = (annotation, *get_args(annotation))
    return next((TYPES[kind] for kind in kinds if kind in TYPES), "text")
