"""Reading reports from a request's body: JSON or NDJSON, each row by itself, so that a bad one harms no other."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson
from pydantic import TypeAdapter, ValidationError
from runtime.problems import MalformedBody, Refusal
from runtime.validation import InvalidText, refusal_of

from activities.reports.commands import Row
from activities.reports.domain import Outcome
from activities.reports.errors import MalformedLine, NoRows, RowTooLarge, TooManyRows
from activities.reports.shape import NewReport

MOST_ROWS = 10_000
MOST_ENTRIES = 100
"""Entries a row, and a list or object within it, may hold."""
MOST_ERRORS = 20
LONGEST_LINE = 256 * 1024
LONGEST_NAME = 100
_HOLDERS = frozenset({list, dict})

Sent = TypeVar("Sent")

REPORTS: TypeAdapter[list[NewReport]] = TypeAdapter(list[NewReport])


@dataclass(frozen=True, slots=True)
class Batch:
    """The rows of a body that have the shape of a report, and those that have not."""

    rows: Sequence[Row]
    refused: Sequence[Outcome]


@dataclass(frozen=True, slots=True)
class Objects:
    """The rows of a body that are objects of bearable size, with their numbers, and those that are not."""

    rows: Sequence[tuple[int, Any]]
    refused: Sequence[Outcome]


def read_reports(kind: str, body: bytes) -> Batch:
    """The reports of a body of that content type. Raises `MalformedBody`, `TooManyRows`, `NoRows`."""
    found = read_objects(kind, body)
    if not found.rows and not found.refused:
        raise NoRows
    taken, invalid = validated(found.rows)
    return Batch(taken, [*found.refused, *invalid])


def read_objects(kind: str, body: bytes) -> Objects:
    """The objects of a body of that content type. Raises `MalformedBody`, `TooManyRows`."""
    return READERS.get(kind, read_json)(body)


def read_json(body: bytes) -> Objects:
    """One object or an array of them. Raises `MalformedBody`, `TooManyRows`."""
    try:
        found = _loads(body)
    except ValueError as malformed:
        raise MalformedBody from malformed
    if not isinstance(found, list):
        found = [found]
    return _objects(enumerate(found, start=1), [])


def read_ndjson(body: bytes) -> Objects:
    """One object a line; rows are numbered by line, blank lines are passed over."""
    rows: list[tuple[int, Any]] = []
    refused: list[Outcome] = []
    for number, line in enumerate(body.split(b"\n"), start=1):
        if not line or line.isspace():
            continue
        if len(rows) + len(refused) >= MOST_ROWS:
            raise TooManyRows(limit=MOST_ROWS)
        if len(line) > LONGEST_LINE:
            refused.append(_refused(number, [RowTooLarge()]))
            continue
        try:
            rows.append((number, _loads(line)))
        except ValueError:
            refused.append(_refused(number, [MalformedLine()]))
    return _objects(rows, refused)


READERS: Mapping[str, Callable[[bytes], Objects]] = {
    "application/x-ndjson": read_ndjson,
    "application/jsonl": read_ndjson,
}


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


def _objects(rows: Iterable[tuple[int, Any]], refused: list[Outcome]) -> Objects:
    numbered: list[tuple[int, Any]] = []
    for number, row in rows:
        if len(numbered) + len(refused) >= MOST_ROWS:
            raise TooManyRows(limit=MOST_ROWS)
        if fault := _unfit(row):
            refused.append(_refused(number, [fault]))
        else:
            numbered.append((number, row))
    return Objects(numbered, refused)


def _unfit(row: object) -> Refusal | None:
    """What must not reach validation: it would answer with an error for every entry."""
    if not isinstance(row, dict):
        return MalformedLine()
    if len(row) > MOST_ENTRIES:
        return RowTooLarge()
    for name, value in row.items():
        if value.__class__ in _HOLDERS and len(value) > MOST_ENTRIES:
            return RowTooLarge(_printable(name))
    return None


def validated(rows: Sequence[tuple[int, Any]]) -> tuple[list[Row], list[Outcome]]:
    """The reports among the rows, and what is wrong with the others."""
    taken, refused = shaped(rows, REPORTS)
    return [Row(number, sent) for number, sent in taken], refused


def shaped(
    rows: Sequence[tuple[int, Any]], shape: TypeAdapter[list[Sent]]
) -> tuple[list[tuple[int, Sent]], list[Outcome]]:
    """All at once; only where that fails are the bad ones told apart from the good."""
    values = [row for _, row in rows]
    try:
        found = shape.validate_python(values)
    except ValidationError as invalid:
        return _apart(rows, shape, invalid)
    except UnicodeError:
        return _one_by_one(rows, shape)
    return [(number, sent) for (number, _), sent in zip(rows, found, strict=True)], []


def _apart(
    rows: Sequence[tuple[int, Any]], shape: TypeAdapter[list[Sent]], invalid: ValidationError
) -> tuple[list[tuple[int, Sent]], list[Outcome]]:
    faults: dict[int, list[Refusal]] = {}
    for error in invalid.errors(include_url=False, include_input=False):
        place = int(error["loc"][0])
        listed = faults.setdefault(place, [])
        if len(listed) < MOST_ERRORS:
            listed.append(_named(refusal_of(dict(error), row=rows[place][0], skip=1)))
    good = [row for place, row in enumerate(rows) if place not in faults]
    taken, _ = shaped(good, shape) if good else ([], [])
    return taken, [Outcome(rows[place][0], "refused", errors=errors) for place, errors in faults.items()]


def _one_by_one(
    rows: Sequence[tuple[int, Any]], shape: TypeAdapter[list[Sent]]
) -> tuple[list[tuple[int, Sent]], list[Outcome]]:
    if len(rows) == 1:
        return [], [_refused(rows[0][0], [InvalidText()])]
    half = len(rows) // 2
    first, second = shaped(rows[:half], shape), shaped(rows[half:], shape)
    return first[0] + second[0], first[1] + second[1]


def _named(refusal: Refusal) -> Refusal:
    refusal.field = _printable(refusal.field) if refusal.field else None
    return refusal


def _printable(name: str) -> str:
    return name[:LONGEST_NAME].encode(errors="replace").decode()


def _refused(row: int, faults: Sequence[Refusal]) -> Outcome:
    for fault in faults:
        fault.row = row
    return Outcome(row, "refused", errors=faults)
