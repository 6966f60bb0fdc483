"""Which column of a sheet is which field: by its HXL tag, else by its heading. What these say is data."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from contracts.lines import line

from tables.conventions import UNKNOWN, Convention
from tables.fields import Fields
from tables.phrases import LONGEST, NOT_READ, Vocabulary, concerns
from tables.words import rows_of

LONGEST_HEADING = 100
LONGEST_ATTRIBUTE = 40
LEAST_HEADINGS = 2
DOUBTFUL = "?"
"""Ends the field of a heading that may mean something else, too: it holds where the column's values are the field's."""

REASONS = {"ar": "سبب رفض الصف", "en": "Why the row was refused"}
"""Headings, by language, of the column of an error workbook that says why; passed over, and no part of a shape."""
REASON_TAG = "#meta+reason"

CERTAIN = 0.8
"""Columns that are less certain are never read without a person's word."""
WHOLE, ALL_WORDS, DECIDED_BY_VALUES, GUESSED = 1.0, 0.9, 0.7, 0.6
"""How certain a field is that a tag or a whole heading names, all words of a heading, or one that may mean another; and
one that nothing says."""

ERRORS = frozenset({"#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!", "#CALC!"})
"""What a spreadsheet shows in place of a value; `#N/A` is a value that is not there."""
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
class TagPattern:
    """Tags that mean a field: with all of `required`, and beside them nothing that would change the meaning."""

    field: str
    name: str
    required: frozenset[str]
    whatever: bool
    """Any attribute may stand beside them."""

    def matches(self, tag: Tag) -> bool:
        if tag.name != self.name or not self.required <= tag.attributes:
            return False
        return self.whatever or all(_adds_nothing(each, self.field) for each in tag.attributes - self.required)


@dataclass(frozen=True)
class SheetColumn:
    """A column of a sheet, as it was understood."""

    place: int
    heading: str
    tag: str | None
    field: str | None
    confidence: float = 0.0
    """How certain its field is, 0 to 1."""
    proposed: str | None = None
    """The field it may be for, where that is not certain enough."""
    doubtful: bool = False
    """Its heading may mean something else: its values decide."""
    spare: str | None = None
    """Known, and not kept: where the sheet has one of these fields, or in any case where they are none."""
    counts_rows: bool = False
    """It has no heading, and one more in each row."""
    convention: Convention = UNKNOWN
    """How it writes numbers and dates."""
    added: bool = False
    """It is a part of its field, to which all such columns add up: `Boys 0-4` beside `Boys 5-17`."""
    also: tuple[str, ...] = ()
    """Other fields it is a part of: `Girls 0-4` of those aged 0 to 4."""
    sum_of: tuple[int, ...] = ()
    """Places of the columns it is the sum of: it is compared with them, and read where they say nothing."""

    @property
    def name(self) -> str:
        return self.heading or self.tag or ""

    def as_json(self) -> dict[str, object]:
        return {"column": self.place + 1, "heading": self.heading, "tag": self.tag, "field": self.field}

    def unread(self) -> "SheetColumn":
        """The same column, not understood."""
        return replace(self, field=None, confidence=0.0, doubtful=False, spare=None)


def read_tag(cell: str) -> Tag | None:
    """`#org +acronym`, `#org acronym` and `# ORG+Acronym ` are one tag."""
    found = _TAG.match(line(cell))
    if not found:
        return None
    attributes = frozenset(attribute.lower() for attribute in _ATTRIBUTE.findall(found[2]))
    return Tag(found[1].lower(), attributes)


def is_for_reasons(cell: str) -> bool:
    """Whether a heading or tag is that of the reasons in an error workbook."""
    return line(cell) in {*REASONS.values(), REASON_TAG}


def is_tag_row(cells: Sequence[str]) -> bool:
    """Whether its cells are tags; what a formula that lost its cells left among them is none."""
    filled = [cell for cell in cells if line(cell) and line(cell).upper() not in ERRORS]
    return len(filled) >= LEAST_HEADINGS and all(_TAG.match(line(cell)) for cell in filled)


class Headings:
    """The headings and HXL tags by which the fields of one kind of rows are known."""

    def __init__(self, fields: Fields, vocabulary: Vocabulary, patterns: Sequence[TagPattern]) -> None:
        self.fields = fields
        self._patterns = patterns
        self._said_by = lru_cache(maxsize=20_000)(vocabulary.field_of)
        self._is_whole = vocabulary.has
        self.fields_named = vocabulary.fields_named
        self.phrases = vocabulary.phrases
        """All headings the tables have for a field."""

    def lookup_heading(self, heading: str) -> str | None:
        """What the tables have for a heading: a field, one that is doubtful, or that it is known and not read."""
        return self._said_by(heading) if len(heading) <= LONGEST else None

    def field_of_tag(self, tag: Tag) -> str | None:
        """The field of the pattern that asks for most of the tag; none where an attribute might change the meaning."""
        fitting = [pattern for pattern in self._patterns if pattern.matches(tag)]
        return max(fitting, key=lambda pattern: len(pattern.required)).field if fitting else None

    def field_called(self, heading: str) -> str | None:
        """The field a heading names."""
        return _read(self.lookup_heading(heading))

    def field_of(self, tag: Tag) -> str | None:
        """The field a tag means."""
        return _read(self.field_of_tag(tag))

    def recognised(self, cells: Sequence[str]) -> int:
        """How many different fields a row of headings names; a row of tags with faults names none."""
        filled = [cell for cell in cells if cell.strip()]
        if 2 * sum((tag := read_tag(cell)) is not None and bool(self.field_of_tag(tag)) for cell in filled) > len(
            filled
        ):
            return 0
        return len({field for cell in filled if (field := self.field_called(cell))})

    def understood(self, cells: Sequence[str]) -> int:
        """How many columns a row names, by tags or by headings."""
        if is_tag_row(cells):
            return sum(1 for cell in cells if (tag := read_tag(cell)) and self.field_of(tag))
        return self.recognised(cells)

    def tagged_columns(self, tags: Sequence[str], headings: Sequence[str]) -> list[SheetColumn]:
        """Columns by their tags; one without a tag by its heading, where no tag names the same field."""
        width = max(len(tags), _filled(headings))
        columns = [self._tagged(place, _at(tags, place), _at(headings, place)) for place in range(width)]
        tagged = {column.field for column in columns if column.tag and column.field}
        return [column.unread() if not column.tag and column.field in tagged else column for column in columns]

    def headed_columns(self, headings: Sequence[str]) -> list[SheetColumn]:
        """Columns by their headings."""
        return [
            column_of(place, cell, None, self.lookup_heading(cell), whole=self._is_whole(cell))
            for place, cell in enumerate(headings)
        ]

    def _tagged(self, place: int, cell: str, heading: str) -> SheetColumn:
        tag = read_tag(cell)
        return column_of(place, heading, tag, self.field_of_tag(tag) if tag else self.lookup_heading(heading))


def _read(field: str | None) -> str | None:
    return None if field is None or field.startswith(NOT_READ) else field.removesuffix(DOUBTFUL)


def column_of(place: int, heading: str, tag: Tag | None, field: str | None, *, whole: bool = True) -> SheetColumn:
    """The column of a heading or tag of which the tables have `said`."""
    known = field is not None and field.startswith(NOT_READ)
    spare = field.removeprefix(NOT_READ) if field and known else None
    doubtful = bool(field and field.endswith(DOUBTFUL))
    read = _read(field)
    confidence = 0.0 if not read else DECIDED_BY_VALUES if doubtful else WHOLE if tag or whole else ALL_WORDS
    return SheetColumn(place, _short(heading), str(tag) if tag else None, read, confidence, None, doubtful, spare)


def _at(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def _filled(cells: Sequence[str]) -> int:
    return max((place + 1 for place, cell in enumerate(cells) if line(cell)), default=0)


def _short(heading: str) -> str:
    return line(heading)[:LONGEST_HEADING].encode(errors="replace").decode().replace("\x00", "")


def pattern_of(text: str, field: str) -> TagPattern:
    """`#adm1+code`; `#meta*` is any tag of the name."""
    name, *required = text.removeprefix("#").removesuffix("*").split("+")
    return TagPattern(field, name, frozenset(required), text.endswith("*"))


@lru_cache(maxsize=5_000)
def _adds_nothing(attribute: str, field: str) -> bool:
    return len(attribute) <= LONGEST_ATTRIBUTE and any(
        concerns(fields, field)
        for said, fields in _attributes()
        if attribute == said or (said.endswith("*") and attribute.startswith(said[:-1]))
    )


@cache
def _attributes() -> Sequence[tuple[str, list[str]]]:
    return [(row["attribute"], row["for"].split()) for row in rows_of("hxl_attributes.csv")]
