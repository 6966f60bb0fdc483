"""Which column of a sheet is which field: by its HXL tag, else by its heading. Both are data."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from contracts.lines import line

from activities.spelling import folded, parts
from activities.words import rows_of

LONGEST_HEADING = 100
LEAST_HEADINGS = 2

# `#N/A` and `#REF!` are errors of a spreadsheet.
_TAG = re.compile(r"^\s*#\s*([a-z][a-z0-9_]*+)(?![/!?])(.*)$", re.IGNORECASE | re.DOTALL)
_ATTRIBUTE = re.compile(r"[a-z][a-z0-9_]*", re.IGNORECASE)


@dataclass(frozen=True)
class Tag:
    """An HXL hashtag with its attributes, whose order does not matter."""

    name: str
    attributes: frozenset[str]

    def __str__(self) -> str:
        return "".join([f"#{self.name}", *(f"+{attribute}" for attribute in sorted(self.attributes))])


@dataclass(frozen=True)
class Pattern:
    """Tags that mean a field: with all of `required`, with none of `excluded`."""

    field: str
    name: str
    required: frozenset[str]
    excluded: frozenset[str]

    def matches(self, tag: Tag) -> bool:
        return tag.name == self.name and self.required <= tag.attributes and self.excluded.isdisjoint(tag.attributes)


@dataclass(frozen=True)
class Column:
    """A column of a sheet, as it was understood."""

    place: int
    heading: str
    tag: str | None
    field: str | None

    def as_json(self) -> dict[str, object]:
        return {"column": self.place + 1, "heading": self.heading, "tag": self.tag, "field": self.field}


def read_tag(cell: str) -> Tag | None:
    """`#org +acronym`, `#org acronym` and `# ORG+Acronym ` are one tag."""
    found = _TAG.match(line(cell))
    if not found:
        return None
    attributes = frozenset(attribute.lower() for attribute in _ATTRIBUTE.findall(found[2]))
    return Tag(found[1].lower(), attributes)


def field_of(tag: Tag) -> str | None:
    """The field of the pattern that asks for most of the tag."""
    fitting = [pattern for pattern in _patterns() if pattern.matches(tag)]
    return max(fitting, key=lambda pattern: len(pattern.required)).field if fitting else None


def field_called(heading: str, sector: str | None = None) -> str | None:
    """The field by one half of a bilingual heading: as the sector says it, as all say, as no sector contradicts."""
    forms = [_bare(part) for part in parts(heading)]
    return next((field for words in _headings(family(sector)) for form in forms if (field := words.get(form))), None)


def family(sector: str | None) -> str:
    """The sector an area of responsibility belongs to: its headings are the sector's."""
    return (sector or "").partition("-")[0]


def is_tag_row(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if line(cell)]
    return len(filled) >= LEAST_HEADINGS and all(_TAG.match(line(cell)) for cell in filled)


def recognised(cells: Sequence[str], sector: str | None = None) -> int:
    """How many different fields a row of headings names."""
    return len({field for cell in cells if cell.strip() and (field := field_called(cell, sector))})


def understood(cells: Sequence[str]) -> int:
    """How many columns a row names, by tags or by headings."""
    if is_tag_row(cells):
        return sum(1 for cell in cells if (tag := read_tag(cell)) and field_of(tag))
    return recognised(cells)


def tagged_columns(tags: Sequence[str], headings: Sequence[str]) -> list[Column]:
    columns = []
    for place, cell in enumerate(tags):
        tag = read_tag(cell)
        heading = headings[place] if place < len(headings) else ""
        columns.append(Column(place, _short(heading), str(tag) if tag else None, field_of(tag) if tag else None))
    return columns


def headed_columns(headings: Sequence[str], sector: str | None = None) -> list[Column]:
    return [Column(place, _short(cell), None, field_called(cell, sector)) for place, cell in enumerate(headings)]


def _short(heading: str) -> str:
    return line(heading)[:LONGEST_HEADING].encode(errors="replace").decode().replace("\x00", "")


def _bare(heading: str) -> str:
    return folded(heading.replace("*", " "))


@cache
def _patterns() -> tuple[Pattern, ...]:
    return tuple(_pattern(row["pattern"], row["field"]) for row in rows_of("hxl.csv"))


def _pattern(text: str, field: str) -> Pattern:
    name, *rest = re.split(r"(?=[+-])", text.removeprefix("#"))
    required = frozenset(part[1:] for part in rest if part.startswith("+"))
    return Pattern(field, name, required, frozenset(part[1:] for part in rest if part.startswith("-")))


@cache
def _headings(sector: str) -> tuple[dict[str, str], ...]:
    """Fields by heading: the sector's own, those of all sectors, those all sectors that have the heading agree on."""
    said: dict[str, dict[str, str]] = {}
    for row in rows_of("headings.csv"):
        said.setdefault(row["sector"], {})[folded(row["heading"])] = row["field"]
    meant: dict[str, set[str]] = {}
    for words in said.values():
        for heading, field in words.items():
            meant.setdefault(heading, set()).add(field)
    agreed = {heading: fields.pop() for heading, fields in meant.items() if len(fields) == 1}
    return (said.get(sector, {}) if sector else {}), said.get("", {}), agreed
