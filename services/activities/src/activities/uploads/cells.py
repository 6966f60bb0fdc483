"""From the cells of a row to the fields of a report: what refuses a row, what is kept as text, what is severe."""

import hashlib
import re
from collections.abc import Mapping, Sequence

from contracts.countries import country_code
from contracts.folding import fold
from contracts.lines import code
from contracts.nothing import is_nothing
from contracts.sensitivity import Sensitivity
from runtime.naming import UnknownCountry
from runtime.problems import Refusal
from tables.cells import UNSAID, CellReader, FileContext, Flags, ParsedCell
from tables.contents import Content
from tables.conventions import Convention
from tables.errors import CellError
from tables.headings import ERRORS, SheetColumn
from tables.profile import Profile
from tables.reading import ParsedRow, RowReader
from tables.spelling import meaning_of_cell
from tables.values import LONGEST as LONGEST_WORD
from tables.values import words_of

from activities.reports.as_written import DAYS, is_no_day, is_optional, keep
from activities.reports.severity import concerns_protection, meaning_of
from activities.uploads.fields import REPORT_FIELDS
from activities.uploads.row_context import RowContext, complete

NOT_UNDERSTOOD = ParsedCell(says=False, kept=True)
_COUNTRY_CODE = re.compile(r"^[A-Za-z]{2}$")


class ReportCells(CellReader):
    """Reads the cells of reports: optional fields refuse no row."""

    def __init__(self, context: RowContext) -> None:
        super().__init__(REPORT_FIELDS, FileContext(context.epoch, context.in_text, context.form.month))
        self._countries = context.countries

    def hear(self, column: SheetColumn, text: str, year: str | None) -> ParsedCell:
        """What a filled cell says; letters that nobody knows refuse no row where the field refuses none."""
        return (self.understood if is_optional(column.field or "") else super().hear)(column, text, year)

    def understood(self, column: SheetColumn, text: str, year: str | None) -> ParsedCell:
        """The same; what is not understood of an optional field is kept."""
        field = column.field or ""
        if is_no_day(field, text) and text not in UNSAID and not self.says_nothing(field, text):
            return NOT_UNDERSTOOD
        try:
            return super().understood(column, text, year)
        except Refusal as fault:
            if is_optional(field) or (field in DAYS and isinstance(fault, CellError)):
                return NOT_UNDERSTOOD
            raise

    def value_of(self, field: str, text: str, convention: Convention, flags: Flags, year: str | None = None) -> object:
        """What a cell of the field says; a country by its name, too."""
        if field == "country" and text not in UNSAID and text.upper() not in ERRORS:
            return _country(text, self._countries, flags)
        return super().value_of(field, text, convention, flags, year)


class ReportReader(RowReader):
    """Reads the rows of one sheet as reports."""

    def __init__(self, profile: Profile, context: RowContext) -> None:
        super().__init__(profile, ReportCells(context))
        self._context = context
        self._unread = [column.place for column in profile.columns if not column.field]
        self._severe = [
            (column.place, column.heading)
            for column in profile.columns
            if column.heading and meaning_of([column.heading], protection=True).severe
        ]

    def is_moved(self, place: int, content: Content) -> bool:
        """A number or a code is; a separator inside a cell moves the last one right behind the last heading."""
        return content is not Content.TEXT or (self._context.in_text and place == self._last + 1)

    def keep(self, row: ParsedRow, field: str, text: str) -> None:
        """Note what was not understood beside the fields."""
        keep(row.fields, field, text, row.flags)

    def complete(self, row: ParsedRow) -> None:
        """What the row does not say itself, and whether it is severe; each row of a line has an id of its own."""
        if row.part and (id := row.fields.get("external_id")):
            row.fields["external_id"] = f"{id}/{row.part}"
        complete(row.fields, self._context, row.flags)
        self._note_unread(row)

    def _note_unread(self, row: ParsedRow) -> None:
        """A column nobody understood may still say that its row is severe, and so does a heading above a cell."""
        cells, fields = row.cells, row.fields
        if fields.get("sensitivity") == Sensitivity.SEVERE:
            return
        texts = [text for place in self._unread if place < len(cells) and not (text := cells[place]).isdecimal()]
        texts += [heading for place, heading in self._severe if place < len(cells) and _is_filled(cells[place])]
        sector = f"{fields.get('sector', '')} {fields.get('sector_name', '')}"
        if meaning_of(texts, protection=concerns_protection(sector)).severe:
            fields["sensitivity"] = Sensitivity.SEVERE
            row.flags["severe_by_unread_column"] = None


def _is_filled(text: str) -> bool:
    return bool(text.strip("0.,-٠۰ ")) and not is_nothing(text)


def row_hash_of(cells: Sequence[str]) -> bytes:
    """Hash of the row to the letter; empty cells at its end are none."""
    last = next((place for place in range(len(cells), 0, -1) if cells[place - 1]), 0)
    return hashlib.blake2b(ascii(cells[:last]).encode(), digest_size=16).digest()


def _country(text: str, known: Mapping[str, str], flags: dict[str, None]) -> str:
    """The code of its areas, by code or name. Raises `UnknownCountry`."""
    if len(text) > LONGEST_WORD:
        raise UnknownCountry("country")
    plain = code(text).upper()
    if _COUNTRY_CODE.match(plain) or plain in known.values():
        return plain
    if (iso := str(country_code(plain))) != plain:
        return iso
    found = meaning_of_cell(text, lambda part: _called(part, known))
    if found.one is None or found.doubtful:
        raise UnknownCountry("country")
    flags.update({"part_not_understood": None} if found.remarks else {})
    return found.one


def _called(part: str, known: Mapping[str, str]) -> frozenset[str]:
    """Codes of the country of this name, or of this code among others."""
    name, plain = fold(part), code(part).upper()
    named = words_of("country").get(name) or known.get(name) or (plain if plain in known.values() else None)
    return frozenset((named,) if named else ())
