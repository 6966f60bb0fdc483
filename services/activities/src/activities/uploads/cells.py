"""From the cells of a row to the fields of a report: what is unambiguous is read, and said where it was assumed."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from contracts.countries import country_code
from contracts.folding import fold
from contracts.lines import code, normalised
from contracts.nothing import LONGEST as LONGEST_NOTHING
from contracts.nothing import is_nothing
from contracts.sensitivity import Sensitivity
from runtime.naming import UnknownCountry
from runtime.problems import Refusal
from runtime.rows.errors import RowLongerThanHeadings
from tables.contents import Content, content_of
from tables.conventions import UNKNOWN, Convention, Sort
from tables.dates import date_of_serial, read_date
from tables.delimited import EncodingNotUnderstood, is_broken
from tables.errors import CellError, CellMerged, CellWithoutValue
from tables.headings import Column
from tables.marks import FORMULA
from tables.merging import MERGED
from tables.months import read_month
from tables.numbers import read_number
from tables.separators import digits
from tables.sheet import last_heading
from tables.spelling import meant
from tables.survey import NOTHING_SEEN, Survey, conventions
from tables.values import LONGEST as LONGEST_WORD
from tables.values import word, words_of

from activities.reports.as_written import AS_NOTHING, DAYS, SPELLED, YES_OR_NO, is_no_day, is_optional, keep
from activities.reports.severity import meaning_of, speaks_of_protection
from activities.reports.shape import KINDS
from activities.uploads.around import Around, complete
from activities.uploads.fields import MEASURED, MONTH_OR_DATE, REPORT_FIELDS, YEAR, sort_of

CODES = frozenset({"area", "adm1", "adm2", "adm3", "adm4"})
AS_IT_STANDS = frozenset(name for name, kind in KINDS.items() if kind in (str, tuple)) - CODES - {"country", "month"}
"""Fields whose text is kept as it was written."""
ERRORS = frozenset({"#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!", "#CALC!"})
"""What a spreadsheet shows in place of a value; `#N/A` is a value that is not there."""
UNSAID = {FORMULA: CellWithoutValue, MERGED: CellMerged}
"""What the reading program hands on of a cell whose value nobody knows."""
LONGEST_TOLD = 60
LONGEST_YEAR = 40
FOUR_DIGITS = re.compile(r"(?<!\d)\d{4}(?!\d)")
_COUNTRY_CODE = re.compile(r"^[A-Za-z]{2}$")


@dataclass(frozen=True)
class Read:
    """A row's fields, what was assumed while reading it, and what can't be read."""

    fields: Mapping[str, Any]
    flags: tuple[str, ...]
    faults: Sequence[Refusal]
    letter: bytes


def _says_something(text: str) -> bool:
    return bool(text.strip("0.,-٠۰ ")) and not is_nothing(text)


def _is_no(field: str, text: str) -> bool:
    """Whether a word for nothing, such as `yok`, is a plain no."""
    return field in YES_OR_NO and word(field, text, {}) is not None


MOST_REMEMBERED = 50_000
LONGEST_REMEMBERED = 60
"""Letters; longer texts seldom stand in two rows."""


class Heard(NamedTuple):
    """What a cell says, and what was assumed to read it."""

    value: object = None
    flags: tuple[str, ...] = ()
    says: bool = True
    """Whether it says anything for its field."""
    kept: bool = False
    """Whether it was not understood, and is kept as it was written."""


NOTHING_SAID = Heard(flags=(AS_NOTHING,), says=False)
NOT_UNDERSTOOD = Heard(says=False, kept=True)


class RowReader:
    """Reads the rows of one sheet; the same few words stand in most of their cells, so each is read once."""

    def __init__(
        self,
        columns: Sequence[Column],
        around: Around,
        survey: Survey = NOTHING_SEEN,
        lost: frozenset[int] = frozenset(),
    ) -> None:
        """`lost` are places of columns that were not understood, and that the sender accepts to lose."""
        self._columns: list[tuple[int, str, str | None, dict[str, Heard]]] = [
            (column.place, column.field, _holder_of(column.field), {})
            for column in columns
            if column.field and column.field != YEAR
        ]
        self._unread = [column.place for column in columns if not column.field]
        self._severe = [
            (column.place, column.heading)
            for column in columns
            if column.heading and meaning_of([column.heading], protection=True).severe
        ]
        self._last = last_heading(columns)
        self._nameless = {column.place for column in columns if not column.name and column.place < self._last}
        self._nameless -= {0} if 0 in survey.columns and survey.columns[0].counts_up else set()
        self._lost = lost
        self._seconds = _seconds(columns)
        self._year = next((column.place for column in columns if column.field == YEAR), None)
        self._around = around
        self._conventions = conventions(columns, survey, REPORT_FIELDS)
        self._remembered = 0

    def read(self, cells: Sequence[str]) -> Read:
        """The fields of one row."""
        fields: dict[str, Any] = {}
        flags: dict[str, None] = {}
        faults: list[Refusal] = []
        cells = [cell.strip() if cell.isascii() else normalised(cell).strip() for cell in cells]
        year, filled = self._year_of(cells), len(cells)
        self._heed_beyond(cells, flags, faults)
        for place, name, into, remembered in self._columns:
            if place >= filled or not (text := cells[place]):
                continue
            heard = remembered.get(text)
            if heard is None:
                try:
                    heard = self._hear(place, name, text, year, remembered)
                except Refusal as fault:
                    faults.append(fault)
                    continue
            if heard.flags:
                flags.update(dict.fromkeys(heard.flags))
            if heard.says:
                _put(fields, name, into, heard.value)
                if place in self._seconds:
                    flags["columns_of_one_field"] = None
            elif heard.kept:
                keep(fields, name, text, flags)
        complete(fields, self._around, flags)
        self._heed_unread(cells, fields, flags)
        return Read(fields, tuple(flags), faults, _letter(cells))

    def _heed_beyond(self, cells: Sequence[str], flags: dict[str, None], faults: list[Refusal]) -> None:
        """What stands under no heading, or in a column that was not understood and sent all the same, is said."""
        for place in self._lost:
            if place < len(cells) and content_of(cells[place]) is not Content.NOTHING:
                flags["column_not_read"] = None
        for place in self._nameless:
            if place < len(cells) and cells[place] and place not in self._lost:
                flags["cell_without_heading"] = None
        for place in range(self._last + 1, len(cells)):
            content = content_of(cells[place])
            if content is Content.NOTHING or place in self._lost:
                continue
            # A separator inside a cell moves the last one right behind the last heading.
            is_moved = self._around.in_text and place == self._last + 1
            if is_moved or content is not Content.TEXT:
                faults.append(RowLongerThanHeadings(value=cells[place][:LONGEST_TOLD]))
                return
            flags["cell_without_heading"] = None

    def _heed_unread(self, cells: Sequence[str], fields: dict[str, Any], flags: dict[str, None]) -> None:
        """A column nobody understood may still say that its row is severe, and so does a heading above a cell."""
        if fields.get("sensitivity") == Sensitivity.SEVERE:
            return
        texts = [text for place in self._unread if place < len(cells) and not (text := cells[place]).isdecimal()]
        texts += [heading for place, heading in self._severe if place < len(cells) and _says_something(cells[place])]
        sector = f"{fields.get('sector', '')} {fields.get('sector_name', '')}"
        if meaning_of(texts, protection=speaks_of_protection(sector)).severe:
            fields["sensitivity"] = Sensitivity.SEVERE
            flags["severe_by_unread_column"] = None

    def _year_of(self, cells: Sequence[str]) -> str | None:
        """The year a row says in a column of its own; an empty text where what stands there is not understood."""
        text = digits(cells[self._year][:LONGEST_YEAR]) if self._year is not None and self._year < len(cells) else ""
        if not text or is_nothing(text):
            return None
        years = set(FOUR_DIGITS.findall(text))
        return years.pop() if len(years) == 1 else ""

    def _hear(self, place: int, field: str, text: str, year: str | None, remembered: dict[str, Heard]) -> Heard:
        """What the cell says, remembered for the next with this text. Raises why it can't be read."""
        heard = self._understood(place, field, text, year)
        # Beside a column of years the same word is another month in another row.
        if len(text) <= LONGEST_REMEMBERED and (self._year is None or field not in MONTH_OR_DATE):
            if self._remembered >= MOST_REMEMBERED:
                for *_, others in self._columns:
                    others.clear()
                self._remembered = 0
            self._remembered += 1
            remembered[text] = heard
        return heard

    def _understood(self, place: int, field: str, text: str, year: str | None) -> Heard:
        if is_broken(text) and not is_optional(field):
            raise EncodingNotUnderstood(field)
        if len(text) <= LONGEST_NOTHING and is_nothing(text) and not _is_no(field, text):
            return NOTHING_SAID
        if is_no_day(field, text) and text not in UNSAID:
            return NOT_UNDERSTOOD
        if field in AS_IT_STANDS and text[0] != "#":
            return Heard(text)
        flags: dict[str, None] = {}
        try:
            value = value_of(field, text, self._around, self._conventions.get(place, UNKNOWN), flags, year)
        except Refusal as fault:
            if is_optional(field) or (field in DAYS and isinstance(fault, CellError)):
                return NOT_UNDERSTOOD
            raise
        return Heard(value, tuple(flags))


def _seconds(columns: Sequence[Column]) -> frozenset[int]:
    """Columns for a field that one before them is for, too; not where a row keeps what all of them say."""
    first: dict[str, int] = {}
    for column in columns:
        if column.field and column.field not in REPORT_FIELDS.kept_together:
            first.setdefault(column.field, column.place)
    return frozenset(column.place for column in columns if first.get(column.field or "", column.place) != column.place)


def _holder_of(field: str) -> str | None:
    """The field that holds those of a name with a point, such as `people.men`."""
    if field.startswith("people."):
        return "people"
    return "measured_outputs" if field.startswith(MEASURED) else None


def _put(fields: dict[str, Any], field: str, holder: str | None, value: object) -> None:
    """Of two columns for one field, which say the same or complete each other, the first that is filled is taken."""
    if holder is not None:
        fields.setdefault(holder, {}).setdefault(field[len(holder) + 1 :], value)
    elif field == "donors":
        fields["donors"] = [*fields.get("donors", []), value]
    elif field not in fields:
        fields[field] = value
    elif field in REPORT_FIELDS.kept_together:
        fields[field] = fields[field] if value in str(fields[field]).split("\n") else f"{fields[field]}\n{value}"


def _letter(cells: Sequence[str]) -> bytes:
    """Hash of the row to the letter; empty cells at its end are none."""
    last = next((place for place in range(len(cells), 0, -1) if cells[place - 1]), 0)
    return hashlib.blake2b(ascii(cells[:last]).encode(), digest_size=16).digest()


def value_of(
    field: str,
    text: str,
    around: Around,
    convention: Convention,
    flags: dict[str, None],
    year: str | None = None,
) -> object:
    """What a cell of the field says. Raises why it can't be read."""
    if text[0] == "#" and text.upper() in ERRORS:
        raise CellError(field, error=text.upper())
    if text in UNSAID:
        raise UNSAID[text](field)
    sort = sort_of(field)
    try:
        if sort is Sort.DATE:
            return _moment(field, text, around, convention, year, flags)
        if sort:
            return read_number(text, flags, convention, sort)
    except Refusal as fault:
        fault.field = field
        raise
    if field in SPELLED:
        return word(field, text, flags) or text
    if field == "country":
        return _country(text, around.countries, flags)
    if field in CODES:
        return code(text).upper() if field == "area" else code(text)
    return text


def _moment(
    field: str, text: str, around: Around, convention: Convention, year: str | None, flags: dict[str, None]
) -> str:
    """A month, or the day of a date."""
    by_serial = date_of_serial(text, around.epoch, flags)
    form = around.form.month
    if field == "month":
        return read_month(by_serial or text, form, flags, convention, year)
    return by_serial or read_date(text, flags, convention, year)


def _country(text: str, known: Mapping[str, str], flags: dict[str, None]) -> str:
    """The code of its areas, by code or name. Raises `UnknownCountry`."""
    if len(text) > LONGEST_WORD:
        raise UnknownCountry("country")
    plain = code(text).upper()
    if _COUNTRY_CODE.match(plain) or plain in known.values():
        return plain
    if (iso := str(country_code(plain))) != plain:
        return iso
    found = meant(text, lambda part: _called(part, known))
    if found.one is None or found.doubtful:
        raise UnknownCountry("country")
    flags.update({"part_not_understood": None} if found.remarks else {})
    return found.one


def _called(part: str, known: Mapping[str, str]) -> frozenset[str]:
    """Codes of the country of this name, or of this code among others."""
    name, plain = fold(part), code(part).upper()
    named = words_of("country").get(name) or known.get(name) or (plain if plain in known.values() else None)
    return frozenset((named,) if named else ())
