"""Reading rows from a request's body: JSON or NDJSON, each row by itself, so that a bad one harms no other."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import orjson
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from runtime.problems import MalformedBody, Refusal
from runtime.rows.errors import MalformedRow, NoRows, RowTooLarge, TooManyRows
from runtime.rows.outcomes import REJECTED, Outcome, rejected_row
from runtime.validation import InvalidText, refusal_of

MOST_ROWS = 10_000
MOST_ERRORS = 20
AT_ONCE = 1000
"""Rows validated together: the first bad one makes the library list all that is wrong with all of them."""
MOST_LISTED = 10_000
"""Errors it lists at once; where there are more, fewer rows are validated together."""
LONGEST_LINE = 256 * 1024
LONGEST_NAME = 100
_HOLDERS = frozenset({list, dict})

Made = TypeVar("Made")
Numbered = Sequence[tuple[int, Any]]
Completed = Callable[[dict[str, Any]], dict[str, Any]]
"""Puts what holds for all rows into one that does not say it."""
Flags = tuple[str, ...]
Mended = Callable[[Mapping[str, Any], Iterable[tuple[Any, ...]]], tuple[dict[str, Any], Flags] | None]
"""Makes of a row, and of the places where it is wrong, one that is right, and says so by flags; nothing where none can
be made of it."""


_AS_THEY_ARE: Mapping[type[Refusal], str] = {}


def _as_sent(row: dict[str, Any]) -> dict[str, Any]:
    return row


@dataclass(frozen=True, slots=True)
class ParsedRows(Generic[Made]):
    """The rows of a body that have the shape asked for, and those that have not."""

    rows: Sequence[Made]
    rejected: Sequence[Outcome]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one body may hold."""

    rows: int = MOST_ROWS
    entries: int = 100
    """Of a row, and of a list or object within it."""


class BodyReader(Generic[Made]):
    """Reads rows of one shape; `made` makes of a row's number and what was sent what is worked on."""

    def __init__(
        self,
        rows: TypeAdapter[list[Any]],
        made: Callable[..., Made],
        *,
        mended: Mended = lambda row, places: None,
        limits: Limits = Limits(),
        legacy: Mapping[type[Refusal], str] = _AS_THEY_ARE,
    ) -> None:
        self._rows = rows
        self._made = made
        self._mended = mended
        self._limits = limits
        self._legacy = legacy
        self.by_content_type: Mapping[str, Callable[[bytes], ParsedRows[Made]]] = {
            "application/json": self.json,
            "application/x-ndjson": self.ndjson,
            "application/jsonl": self.ndjson,
        }

    def read(self, content_type: str, body: bytes) -> ParsedRows[Made]:
        """The rows of a body of that content type; JSON where it says none."""
        return self.by_content_type.get(content_type, self.json)(body)

    def json(self, body: bytes, completed: Completed = _as_sent) -> ParsedRows[Made]:
        """One object or an array of them. Raises `MalformedBody`, `TooManyRows`, `NoRows`."""
        try:
            found = _loads(body)
        except ValueError as malformed:
            raise MalformedBody from malformed
        if not isinstance(found, list):
            found = [found]
        return self.batch(enumerate(found, start=1), [], completed)

    def ndjson(self, body: bytes, completed: Completed = _as_sent) -> ParsedRows[Made]:
        """One object a line; rows are numbered by line, blank lines are passed over."""
        rows: list[tuple[int, Any]] = []
        rejected: list[Outcome] = []
        for number, line in enumerate(body.split(b"\n"), start=1):
            if not line or line.isspace():
                continue
            if len(rows) + len(rejected) >= self._limits.rows:
                raise self._named(TooManyRows(limit=self._limits.rows))
            if len(line) > LONGEST_LINE:
                rejected.append(rejected_row(number, [RowTooLarge()]))
                continue
            try:
                rows.append((number, _loads(line)))
            except ValueError:
                rejected.append(rejected_row(number, [self._named(MalformedRow())]))
        return self.batch(rows, rejected, completed)

    def batch(
        self, rows: Iterable[tuple[int, Any]], rejected: list[Outcome], completed: Completed = _as_sent
    ) -> ParsedRows[Made]:
        """Rows that were read, beside those that could not be. Raises `TooManyRows`, `NoRows`."""
        numbered: list[tuple[int, Any]] = []
        for number, row in rows:
            if len(numbered) + len(rejected) >= self._limits.rows:
                raise self._named(TooManyRows(limit=self._limits.rows))
            if fault := _unfit(row, self._limits.entries):
                rejected.append(rejected_row(number, [self._named(fault)]))
            else:
                numbered.append((number, completed(row)))
        if not numbered and not rejected:
            raise self._named(NoRows())
        taken, invalid = self.validated(numbered)
        return ParsedRows(taken, [*rejected, *invalid])

    def _named(self, refusal: Refusal) -> Refusal:
        return refusal.formerly(self._legacy.get(type(refusal)))

    def validated(self, rows: Numbered) -> tuple[list[Made], list[Outcome]]:
        """Many at once; only where that fails are the bad ones told apart from the good."""
        return self._in_parts(rows, AT_ONCE, {})

    def _in_parts(self, rows: Numbered, size: int, flags: dict[int, Flags]) -> tuple[list[Made], list[Outcome]]:
        taken: list[Made] = []
        rejected: list[Outcome] = []
        for start in range(0, len(rows), size):
            good, bad = self._together(rows[start : start + size], flags)
            taken += good
            rejected += bad
        return taken, rejected

    def _together(self, rows: Numbered, flags: dict[int, Flags]) -> tuple[list[Made], list[Outcome]]:
        values = [row for _, row in rows]
        try:
            found = self._rows.validate_python(values)
        except ValidationError as invalid:
            return self._apart(rows, invalid, flags)
        except UnicodeError:
            return self._one_by_one(rows, flags)
        return [
            self._made(number, sent, flags[number]) if number in flags else self._made(number, sent)
            for (number, _), sent in zip(rows, found, strict=True)
        ], []

    def _apart(
        self, rows: Numbered, invalid: ValidationError, flags: dict[int, Flags]
    ) -> tuple[list[Made], list[Outcome]]:
        if invalid.error_count() > MOST_LISTED and len(rows) > 1:
            return self._in_parts(rows, max(1, len(rows) // 50), flags)
        wrong: dict[int, list[ErrorDetails]] = {}
        for error in invalid.errors(include_url=False, include_input=False):
            listed = wrong.setdefault(int(error["loc"][0]), [])
            if len(listed) < MOST_ERRORS:
                listed.append(error)
        good: list[tuple[int, Any]] = []
        rejected: list[Outcome] = []
        for place, (number, row) in enumerate(rows):
            if place not in wrong:
                good.append((number, row))
            elif again := self._mended(row, [error["loc"][1:] for error in wrong[place]]):
                good.append((number, again[0]))
                flags[number] = tuple(dict.fromkeys((*flags.get(number, ()), *again[1])))
            else:
                rejected.append(Outcome(number, REJECTED, errors=self._faults(number, row, wrong[place])))
        taken, late = self._in_parts(good, AT_ONCE, flags) if good else ([], [])
        return taken, [*rejected, *late]

    def _faults(self, number: int, row: Any, errors: Sequence[ErrorDetails]) -> list[Refusal]:
        """Those of the errors for which the row is refused; the others alone would not refuse it."""
        refusing = [error for error in errors if self._mended(row, [error["loc"][1:]]) is None] or errors
        return [_with_printable_field(refusal_of(dict(error), row=number, skip=1)) for error in refusing]

    def _one_by_one(self, rows: Numbered, flags: dict[int, Flags]) -> tuple[list[Made], list[Outcome]]:
        if len(rows) == 1:
            return [], [rejected_row(rows[0][0], [InvalidText()])]
        half = len(rows) // 2
        first, second = (self._in_parts(part, AT_ONCE, flags) for part in (rows[:half], rows[half:]))
        return first[0] + second[0], first[1] + second[1]


def _loads(text: bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return _loads_broken_text(text)


def _loads_broken_text(text: bytes) -> Any:
    """Invalid UTF-8 and lone surrogates kept as what they are, so that only their row is refused, with its field."""
    try:
        return json.loads(text.decode(errors="surrogateescape"), parse_constant=_no_constant)
    except RecursionError as nested:
        raise ValueError("nested too deeply") from nested


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _unfit(row: object, most: int) -> Refusal | None:
    """What must not reach validation: it would answer with an error for every entry."""
    if not isinstance(row, dict):
        return MalformedRow()
    if len(row) > most:
        return RowTooLarge()
    for name, value in row.items():
        if value.__class__ in _HOLDERS and len(value) > most:
            return RowTooLarge(_printable(name))
    return None


def _with_printable_field(refusal: Refusal) -> Refusal:
    refusal.field = _printable(refusal.field) if refusal.field else None
    return refusal


def _printable(name: str) -> str:
    return name[:LONGEST_NAME].encode(errors="replace").decode()
