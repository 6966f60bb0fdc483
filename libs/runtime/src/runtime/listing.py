"""Lists: keyset pages, declared once for a noun.

From one `Listing` come the rows of a partner's `GET` and the gateway's `POST /internal/…/query`, which names columns
and gets arrays of them.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import Annotated, Any, Generic, Literal

from contracts.nouns import FilterOf, Noun
from database import Transaction
from fastapi import Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, create_model

from runtime.access import Caller, Reader, Rule
from runtime.answers import json_answer
from runtime.body import BoundedRequest
from runtime.changes import GONE, ChangesAfter, ChangesPage, ChangeWindow, NotFollowed, Positions, page_of_changes
from runtime.cursors import Cursors
from runtime.linking import MOST_KEYS, MOST_ROWS, PLACE, CursorOfOne, FilterHasKey, LinkKeys, UnknownKey
from runtime.looks import Look, is_high
from runtime.naming import check_named, check_period
from runtime.problems import MalformedBody, Refusal
from runtime.routing import RawRoute, database_of
from runtime.validation import TooLarge, invalid
from runtime.visibility import Visibility

LARGEST_PAGE = 500
LONGEST_WHOLE = 100_000
"""Rows of a list that is read whole."""

First = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Rows of a page")]
After = Annotated[str | None, Query(max_length=2000, description="Cursor the page starts behind")]
Row = Mapping[str, Any]
Shown = Callable[[Row], dict[str, Any]]
"""The form of a row on REST."""


class UnknownColumn(Refusal):
    """There is no column {column} in this list."""

    ar = "لا يوجد عمود باسم {column} في هذه القائمة."


class Paging(BaseModel):
    """Which page of a list; a noun's filter with this is what its `GET` takes."""

    model_config = ConfigDict(extra="forbid")

    first: First = 100
    after: After = None


class Following(Paging):
    """Which page of a list that can be followed, or which of its changes."""

    changes_after: ChangesAfter = None


class ListQuery(BaseModel, Generic[FilterOf]):
    """What the gateway asks for: columns of the rows that match, `first` of them behind the cursor `after`."""

    model_config = ConfigDict(extra="forbid")

    columns: tuple[str, ...] = Field(min_length=1, max_length=100)
    filter: FilterOf
    first: int = Field(default=100, ge=1, le=LARGEST_PAGE)
    after: str | None = Field(default=None, max_length=2000)
    changes_after: str | None = Field(default=None, max_length=2000)
    cursors: Literal["ends", "each", "none"] = "ends"
    """Of which rows: a cursor each costs as much as the rows do."""
    by: tuple[str, ...] = ()
    """Fields of the filter that `of` has values for: then the list of each of them is asked for (`runtime.linking`)."""
    of: tuple[tuple[str, ...], ...] = Field((), max_length=MOST_KEYS)

    @property
    def keys(self) -> LinkKeys | None:
        return LinkKeys(self.by, self.of) if self.by else None


@dataclass(frozen=True)
class PageRequest:
    """The part of a list that is asked for."""

    columns: Sequence[str]
    first: int
    after: Sequence[object] | None = None
    """Sort values of the row it starts behind."""
    keys: LinkKeys | None = None
    """Where the lists of many keys are asked for: this part of each."""

    def statement_for(
        self, statement: str, arguments: Sequence[object], places: Mapping[str, int]
    ) -> tuple[str, Sequence[object]]:
        """The statement that is asked, for each key where there are any, and its arguments."""
        return self.keys.statement_for(statement, arguments, places) if self.keys else (statement, arguments)

    def page(self, rows: Sequence[Row], sort: tuple[str, ...]) -> "Page":
        """The page from rows that were asked for with `limit first + 1`."""
        if self.keys is None:
            return Page.of(rows, first=self.first, sort=sort)
        counts = [0] * len(self.keys.of)
        shown = []
        for row in rows:
            place = row[PLACE] - 1
            counts[place] += 1
            if counts[place] <= self.first:
                shown.append(row)
        return Page(shown, sort, has_next=False, counts=counts)


@dataclass(frozen=True)
class Page:
    """Rows in their order, each with its sort values, and whether more follow."""

    rows: Sequence[Row]
    sort: tuple[str, ...]
    has_next: bool
    extra: Mapping[str, object] = field(default_factory=dict)
    """What is said of all rows, such as how fresh they are."""
    complete: bool = True
    """Whether the others' facts it was made of are all there: only then is what the filter names in vain unknown."""
    counts: Sequence[int] = ()
    """Of the lists of many keys: rows of each that were found, one more than are shown where more follow."""

    @classmethod
    def of(cls, rows: Sequence[Row], *, first: int, sort: tuple[str, ...]) -> "Page":
        """The page from rows that were asked for with `limit first + 1`."""
        return cls(rows[:first], sort, len(rows) > first)

    def cursor(self, cursors: Cursors, row: Row) -> str:
        return cursors.encode([row[name] for name in self.sort])

    def as_objects(self, cursors: Cursors, shown: Shown) -> dict[str, Any]:
        """`{"items": [...], "next": cursor or null}`: the form of REST."""
        following = self.cursor(cursors, self.rows[-1]) if self.has_next and self.rows else None
        return {"items": [shown(row) for row in self.rows], "next": following, **self.extra}

    def as_columns(self, columns: Iterable[str], cursors: Sequence[str]) -> dict[str, object]:
        """`{"columns": {name: [...]}, "cursors": [...], "has_next": bool}`: the form of the gateway."""
        rows = self.rows
        return {
            "columns": {name: list(map(itemgetter(name), rows)) for name in columns},
            "cursors": cursors,
            "has_next": self.has_next,
            **self.extra,
        }

    def as_pages(
        self, columns: Iterable[str], first: int, encode: Callable[[int, Sequence[Row]], Sequence[str]]
    ) -> dict[str, object]:
        """The same for the lists of many keys: rows in one, with `sizes`, `has_next` and the cursors of each."""
        sizes = [min(count, first) for count in self.counts]
        bounds = pairwise(accumulate(sizes, initial=0))
        return {
            **self.as_columns(columns, ()),
            "sizes": sizes,
            "has_next": [count > first for count in self.counts],
            "cursors": [encode(place, self.rows[start:end]) for place, (start, end) in enumerate(bounds)],
        }


Find = Callable[[Transaction, Reader, FilterOf, PageRequest], Awaitable[Page]]
Changes = Callable[[Transaction, Reader, FilterOf, Sequence[str], ChangeWindow], Awaitable[Sequence[Row]]]


@dataclass(frozen=True)
class Listing(Generic[FilterOf]):
    """The list of a noun."""

    noun: Noun[FilterOf]
    find: Find[FilterOf]
    """The rows that match, as this reader may see them."""
    rule: Rule
    """Who may ask, of its `GET` and of the gateway's question."""
    changes: Changes[FilterOf] | None = None
    """The rows of a span that match, and those that left the list in it (`runtime.changes`), where it can be followed:
    then the `GET` takes `Following`."""
    personal: bool = False
    """What is seen depends on who asks, beside their role and its bounds."""
    by: Collection[tuple[str, ...]] = ()
    """Fields of the filter by which the lists of many keys can be asked for: `find` heeds `Part.keys` then."""
    shown: Callable[[Request], Shown] | None = None
    """Makes the form of a row on REST, where that is another than its columns."""
    extra: type[BaseModel] | None = None
    """What stands beside the rows."""
    visibility: Visibility = field(kw_only=True)
    """Who sees which row, and which of its fields."""
    look: Look | None = None
    """How looks at others' high rows or fields are written down: `find` tells each row's relation then."""
    plans_once: Callable[[FilterOf], bool] = lambda _: False
    """Whether of the rows that match an index has the conditions and the order, so that every value is found alike."""

    @property
    def name(self) -> str:
        return self.noun.name

    @property
    def _names(self) -> tuple[str, ...]:
        listed = self.noun.listed
        return tuple(listed.model_fields) if listed and not self.shown else self.noun.columns

    async def page(self, request: Request, filter: FilterOf) -> dict[str, Any]:
        """The answer to a `GET` by a filter with `Paging`."""
        names, tx = self._names, request.state.tx
        shown = self.shown(request) if self.shown else object_of(names)
        first, after = (getattr(filter, name) for name in PAGE)
        followed = getattr(filter, "changes_after", None)
        if followed is not None:
            changed = await self._changed(request, tx, filter, names, (after or followed, first))
            return changed.as_objects(shown)
        cursors = self.cursors(request, filter)
        behind = cursors.decode(after) if after else None
        found = await self._found(tx, request.state.caller, filter, PageRequest(names, first, behind))
        return found.as_objects(cursors, shown)

    async def whole(self, request: Request, filter: FilterOf) -> dict[str, Any]:
        """The answer to a `GET` of a list that is short and read whole."""
        names = self.noun.columns
        found = await self._found(request.state.tx, request.state.caller, filter, PageRequest(names, LONGEST_WHOLE))
        return {"items": [object_of(names)(row) for row in found.rows], "next": None}

    async def _found(self, tx: Transaction, caller: Caller, filter: FilterOf, part: PageRequest) -> Page:
        """The rows; where there are none, for want of what the filter names, raises the `Unknown…` of that.

        Raises `MonthsReversed` too.
        """
        check_period(filter)
        found = await self.find(tx, caller.reader, filter, part)
        if not found.rows and found.complete:
            await check_named(tx, filter)
        await self.record_look(
            tx, caller, found.rows, part.columns, self.look and self.look.of(filter, keyed=part.keys is not None)
        )
        return found

    async def record_look(
        self, tx: Transaction, caller: Caller, rows: Sequence[Row], columns: Sequence[str], look: Look | None
    ) -> None:
        """Write down that the caller was shown these columns of these rows, so far as they are others' and high."""
        if look and rows:
            high = [name for name in columns if is_high(self.noun.levels[name])]
            await look.record(tx, caller.principal, self.visibility, rows, high)

    async def _changed(
        self, request: Request, tx: Transaction, filter: FilterOf, columns: Sequence[str], place: tuple[str, int]
    ) -> ChangesPage:
        """What changed behind a position, so many rows. Raises `NotFollowed`, `UnknownPosition`."""
        if self.changes is None:
            raise NotFollowed("changes_after")
        check_period(filter)
        changes, caller = self.changes, request.state.caller

        async def find(span: ChangeWindow) -> Sequence[Row]:
            if not (rows := await changes(tx, caller.reader, filter, columns, span)):
                await check_named(tx, filter)
            shown = [row for row in rows[: span.first] if not row[GONE]]
            await self.record_look(tx, caller, shown, columns, self.look and self.look.of(filter))
            return rows

        key, bound_to = self._bound_to(request, filter)
        return await page_of_changes(tx, Positions(key, bound_to=bound_to), *place, find)

    def route(self) -> RawRoute:
        """`POST /internal/…/query`, for the gateway."""
        return RawRoute(f"/internal/{self.name}/query", self._answer, self.rule)

    def cursors(self, request: Request, filter: BaseModel) -> Cursors:
        """Bound to the list and its filter, and to the reader: what they may see decides which rows follow."""
        key, bound_to = self._bound_to(request, filter)
        return Cursors(key, bound_to=bound_to)

    def _bound_to(self, request: Request, filter: BaseModel) -> tuple[str, list[object]]:
        reader = request.state.caller.principal
        # Only what was said: a condition that a later edition adds must not make the positions of followers void.
        filtered = filter.model_dump(mode="json", exclude=set(PAGING), exclude_defaults=True)
        bound_to = [self.name, filtered, reader.role, reader.organisation_id, reader.sectors, reader.areas]
        bound_to += [reader.subject] if self.personal else []
        return request.app.state.settings.cursor_key.get_secret_value(), bound_to

    @cached_property
    def _question(self) -> TypeAdapter[ListQuery[FilterOf]]:
        filter = self.noun.filter
        # What a list can't be asked without is said by its keys, where there are any.
        by_keys = {
            name: (field.annotation, None)
            for name, field in filter.model_fields.items()
            if field.is_required() and any(name in by for by in self.by)
        }
        asked_by: Any = create_model(filter.__name__, __base__=filter, **by_keys) if by_keys else filter  # type: ignore[call-overload]
        return TypeAdapter(ListQuery[asked_by])

    async def _answer(self, request: BoundedRequest) -> Response:
        asked = await self._read_query(request)
        if asked.changes_after is not None:
            return await self._answer_changes(request, asked, asked.changes_after)
        if asked.keys:
            return await self._answer_each(request, asked, asked.keys)
        cursors = None if asked.cursors == "none" and not asked.after else self.cursors(request, asked.filter)
        part = PageRequest(asked.columns, asked.first, cursors.decode(asked.after) if cursors and asked.after else None)
        database = database_of(request)
        once = self._names_row(asked.filter) or self.plans_once(asked.filter)
        async with database.lookup() if once else database.connection() as tx:
            found = await self._found(tx, request.state.caller, asked.filter, part)
        return json_answer(found.as_columns(asked.columns, _encoded_cursors(found, cursors, asked.cursors, found.rows)))

    def _names_row(self, filter: FilterOf) -> bool:
        """Whether one row is asked for, by its key."""
        return all(getattr(filter, name, None) is not None for name in self.noun.key)

    async def _answer_each(self, request: BoundedRequest, filter: ListQuery[FilterOf], keys: LinkKeys) -> Response:
        """The list of each key, as it is under a filter that names that key besides."""
        if keys.by not in self.by:
            raise UnknownKey("by", key=", ".join(keys.by))
        if filter.first * len(keys.of) > MOST_ROWS:
            raise TooLarge("first", bound=MOST_ROWS // len(keys.of))
        if taken := filter.filter.model_fields_set.intersection(keys.by):
            raise FilterHasKey(f"filter.{min(taken)}")
        if filter.after and len(keys.of) > 1:
            raise CursorOfOne("after")
        tells = filter.after or filter.cursors != "none"
        each = [self._cursors_of(request, filter.filter, keys, key) for key in keys.of] if tells else []
        part = PageRequest(filter.columns, filter.first, each[0].decode(filter.after) if filter.after else None, keys)
        async with database_of(request).connection() as tx:
            found = await self._found(tx, request.state.caller, filter.filter, part)
        return json_answer(
            found.as_pages(
                filter.columns,
                filter.first,
                lambda at, rows: _encoded_cursors(found, each[at] if each else None, filter.cursors, rows),
            )
        )

    def _cursors_of(self, request: Request, filter: FilterOf, keys: LinkKeys, key: Sequence[str]) -> Cursors:
        named = filter.model_dump(exclude_unset=True) | dict(zip(keys.by, key, strict=True))
        return self.cursors(request, self.noun.filter.model_validate(named))

    async def _answer_changes(self, request: BoundedRequest, filter: ListQuery[FilterOf], after: str) -> Response:
        place = filter.after or after, filter.first
        async with database_of(request).connection() as tx:
            page = await self._changed(request, tx, filter.filter, filter.columns, place)
        return json_answer(page.as_columns(filter.columns, filter.cursors))

    async def _read_query(self, request: BoundedRequest) -> ListQuery[FilterOf]:
        try:
            asked = self._question.validate_python(await request.json())
        except ValidationError as refused:
            raise invalid(refused.errors(), skip=0) from refused
        except ValueError as refused:
            raise MalformedBody from refused
        if unknown := sorted(set(asked.columns) - set(self.noun.columns)):
            raise UnknownColumn("columns", column=unknown[0])
        return asked


PAGE = ("first", "after")
PAGING = (*PAGE, "changes_after")


def _encoded_cursors(page: Page, cursors: Cursors | None, which: str, rows: Sequence[Row]) -> list[str]:
    if cursors is None or which == "none":
        return []
    return [page.cursor(cursors, row) for row in (rows if which == "each" else ends(rows))]


def object_of(columns: Iterable[str]) -> Shown:
    """Rows as objects with these columns."""
    names = tuple(columns)
    return lambda row: {name: row[name] for name in names}


def ends(rows: Sequence[Any]) -> Sequence[Any]:
    """The first of the rows and the last."""
    return [*rows[:1], *rows[1:][-1:]]
