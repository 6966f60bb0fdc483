"""What a cell says, by what its field is and how its column writes."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from contracts.lines import code
from contracts.nothing import LONGEST as LONGEST_NOTHING
from contracts.nothing import is_nothing
from runtime.problems import Refusal

from tables.conventions import Convention
from tables.dates import date_of_serial, read_date
from tables.delimited import EncodingNotUnderstood, is_broken
from tables.errors import CellError, CellMerged, CellWithoutValue
from tables.fields import SORTS, Fields, Kind
from tables.headings import ERRORS, SheetColumn
from tables.marks import FORMULA
from tables.merging import MERGED
from tables.months import read_month
from tables.numbers import read_number
from tables.values import word

AS_NOTHING = "na_as_empty"
UNSAID = {FORMULA: CellWithoutValue, MERGED: CellMerged}
"""What the reading program hands on of a cell whose value nobody knows."""
AS_IT_STANDS = frozenset({Kind.TEXT, Kind.TEXTS})

Flags = dict[str, None]


@dataclass(frozen=True)
class FileContext:
    """What is known of the file whose rows are read."""

    epoch: date | None = None
    """Day 0 of a workbook's dates; none in a text file, where no number is taken for a date."""
    in_text: bool = False
    """A text file, where a separator that is not quoted moves the cells behind it."""
    month: str | None = None
    """The month its sender says it is of."""


class ParsedCell(NamedTuple):
    """What a cell says, and what was assumed to read it."""

    value: object = None
    flags: tuple[str, ...] = ()
    says: bool = True
    """Whether it says anything for its field."""
    kept: bool = False
    """Whether it was not understood, and is kept as it was written."""


NOTHING_SAID = ParsedCell(flags=(AS_NOTHING,), says=False)


class CellReader:
    """Reads the cells of one kind of rows; who has rules of their own for a field says them beside these."""

    def __init__(self, fields: Fields, file: FileContext) -> None:
        self.fields = fields
        self.file = file

    def hear(self, column: SheetColumn, text: str, year: str | None) -> ParsedCell:
        """What a filled cell says. Raises why it can't be read."""
        if is_broken(text):
            raise EncodingNotUnderstood(column.field)
        return self.understood(column, text, year)

    def understood(self, column: SheetColumn, text: str, year: str | None) -> ParsedCell:
        """The same of a cell whose letters are known."""
        field = column.field or ""
        if self.says_nothing(field, text):
            return NOTHING_SAID
        kind = self.fields.kind(field)
        if kind in AS_IT_STANDS and text[0] != "#":
            return ParsedCell(text)
        flags: Flags = {}
        return ParsedCell(self.value_of(field, text, column.convention, flags, year), tuple(flags))

    def says_nothing(self, field: str, text: str) -> bool:
        """Whether it is one of the words for nothing; one such as `yok` may be a plain no."""
        if len(text) > LONGEST_NOTHING or not is_nothing(text):
            return False
        return self.fields.kind(field) is not Kind.YES_OR_NO or word(field, text, {}) is None

    def value_of(self, field: str, text: str, convention: Convention, flags: Flags, year: str | None = None) -> object:
        """What a cell of the field says. Raises why it can't be read."""
        if text[0] == "#" and text.upper() in ERRORS:
            raise CellError(field, error=text.upper())
        if text in UNSAID:
            raise UNSAID[text](field)
        kind = self.fields.kind(field)
        if kind is None or kind in AS_IT_STANDS:
            return text
        if kind is Kind.CHOICE or kind is Kind.YES_OR_NO:
            return word(field, text, flags) or text
        if kind is Kind.CODE:
            return code(text)
        if kind is Kind.PCODE:
            return code(text).upper()
        try:
            return self._figure(kind, text, convention, flags, year)
        except Refusal as fault:
            fault.field = field
            raise

    def _figure(self, kind: Kind, text: str, convention: Convention, flags: Flags, year: str | None) -> object:
        """A number, a month, or the day of a date."""
        if kind not in (Kind.MONTH, Kind.DAY):
            return read_number(text, flags, convention, SORTS[kind])
        by_serial = date_of_serial(text, self.file.epoch, flags)
        if kind is Kind.MONTH:
            return read_month(by_serial or text, self.file.month, flags, convention, year)
        return by_serial or read_date(text, flags, convention, year)
