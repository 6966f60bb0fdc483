"""From the cells of a row to the fields of a report: what is unambiguous is read, and said where it was assumed."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from contracts.lines import code, normalised
from contracts.nothing import LONGEST as LONGEST_NOTHING
from contracts.nothing import is_nothing
from contracts.sensitivity import Sensitivity
from runtime.delimited import EncodingNotUnderstood, is_broken
from runtime.problems import Refusal

from activities.countries import country_code
from activities.reports.as_written import AS_NOTHING, DAYS, SPELLED, is_no_day, is_optional, keep
from activities.reports.resolution import LOOKS_LIKE_PCODE
from activities.reports.sectors import NAMING_SECTOR
from activities.reports.severity import meaning_of, speaks_of_protection
from activities.spelling import folded, meant
from activities.uploads.contents import Content, content_of
from activities.uploads.conventions import MEASURED, MONTH_OR_DATE, UNKNOWN, YEAR, Convention, Sort, sort_of
from activities.uploads.dates import ISO_DATE, date_of_serial, read_date
from activities.uploads.domain import UploadForm
from activities.uploads.errors import (
    CellError,
    CellMerged,
    CellWithoutValue,
    RowLongerThanHeadings,
    UnknownCountry,
)
from activities.uploads.headings import Column
from activities.uploads.marks import FORMULA
from activities.uploads.merging import MERGED
from activities.uploads.months import read_month
from activities.uploads.numbers import read_number
from activities.uploads.separators import digits
from activities.uploads.sheet import last_heading
from activities.uploads.survey import KEPT_TOGETHER, NOTHING_SEEN, Survey, conventions
from activities.uploads.values import LONGEST as LONGEST_WORD
from activities.uploads.values import YES_OR_NO, word, words_of

CODES = frozenset({"area", "adm1", "adm2", "adm3", "adm4"})
AS_IT_STANDS = frozenset(
    {
        "organisation",
        "organisation_acronym",
        "implementing_organisation",
        "donors",
        "sector",
        "sector_name",
        "area_of_responsibility",
        "activity",
        "activity_description",
        "indicator",
        "unit",
        "hub",
        "external_id",
        "transfer_mechanism",
        "community",
        "neighbourhood",
        "site_name",
        "site_type",
        "currency",
        "comments",
        *(f"adm{level}_name" for level in range(1, 5)),
    }
)
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
class Around:
    """What a row's surroundings say of it: the form, its sheet, its workbook, and the countries that are known."""

    form: UploadForm = field(default_factory=UploadForm)
    sheet_sector: str | None = None
    """The sector the sheet's name says."""
    epoch: date | None = None
    """Day 0 of the workbook's dates; none in a text file, where no number is taken for a date."""
    countries: Mapping[str, str] = field(default_factory=dict)
    """Codes of the countries with areas, by folded name."""
    in_text: bool = False
    """A text file, where a separator that is not quoted moves the cells behind it."""
    names_sector: Callable[[tuple[str, ...]], bool] = lambda texts: True
    """Whether one of these texts names a sector that is known."""


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


MOST_REMEMBERED = 20_000

Heard = tuple[object, tuple[str, ...]]
"""What a cell says, and what was assumed to read it."""


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
        self._columns = [(column.place, column.field) for column in columns if column.field]
        self._unread = [column.place for column in columns if not column.field]
        self._headings = [(column.place, column.heading) for column in columns if column.heading]
        self._last = last_heading(columns)
        self._nameless = {column.place for column in columns if not column.name and column.place < self._last}
        self._nameless -= {0} if 0 in survey.columns and survey.columns[0].counts_up else set()
        self._lost = lost
        self._seconds = _seconds(columns)
        self._year = next((column.place for column in columns if column.field == YEAR), None)
        self._around = around
        self._conventions = conventions(columns, survey)
        self._heard: dict[tuple[int, str], Heard] = {}

    def read(self, cells: Sequence[str]) -> Read:
        """The fields of one row."""
        fields: dict[str, Any] = {}
        flags: dict[str, None] = {}
        faults: list[Refusal] = []
        cells = [normalised(cell).strip() for cell in cells]
        year = self._year_of(cells)
        self._heed_beyond(cells, flags, faults)
        for place, name in self._columns:
            if place >= len(cells) or not (text := cells[place]) or name == YEAR:
                continue
            if is_broken(text) and not is_optional(name):
                faults.append(EncodingNotUnderstood(name))
                continue
            if len(text) <= LONGEST_NOTHING and is_nothing(text) and not _is_no(name, text):
                flags[AS_NOTHING] = None
                continue
            if is_no_day(name, text) and text not in UNSAID:
                keep(fields, name, text, flags)
                continue
            try:
                value, assumed = (
                    (text, ()) if name in AS_IT_STANDS and text[0] != "#" else self._hear(place, name, text, year)
                )
            except Refusal as fault:
                if is_optional(name) or (name in DAYS and isinstance(fault, CellError)):
                    keep(fields, name, text, flags)
                else:
                    faults.append(fault)
                continue
            _put(fields, name, value)
            if place in self._seconds:
                flags["columns_of_one_field"] = None
            for flag in assumed:
                flags[flag] = None
        _complete(fields, self._around, flags)
        self._heed_unread(cells, fields, flags)
        return Read(fields, tuple(flags), faults, _letter(cells))

    def _heed_beyond(self, cells: Sequence[str], flags: dict[str, None], faults: list[Refusal]) -> None:
        """What stands under no heading, or in a column that was not understood and sent all the same, is said."""
        if any(place < len(cells) and content_of(cells[place]) is not Content.NOTHING for place in self._lost):
            flags["column_not_read"] = None
        if any(place < len(cells) and cells[place] and place not in self._lost for place in self._nameless):
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
        texts += [heading for place, heading in self._headings if place < len(cells) and _says_something(cells[place])]
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

    def _hear(self, place: int, field: str, text: str, year: str | None) -> Heard:
        said = f"{year} {text}" if year is not None and field in MONTH_OR_DATE else text
        heard = self._heard.get((place, said))
        if heard is None:
            flags: dict[str, None] = {}
            convention = self._conventions.get(place, UNKNOWN)
            heard = value_of(field, text, self._around, convention, flags, year), tuple(flags)
            if len(self._heard) >= MOST_REMEMBERED:
                self._heard.clear()
            self._heard[place, said] = heard
        return heard


def _seconds(columns: Sequence[Column]) -> frozenset[int]:
    """Columns for a field that one before them is for, too; not where a row keeps what all of them say."""
    first: dict[str, int] = {}
    for column in columns:
        if column.field and column.field not in KEPT_TOGETHER:
            first.setdefault(column.field, column.place)
    return frozenset(column.place for column in columns if first.get(column.field or "", column.place) != column.place)


def _put(fields: dict[str, Any], field: str, value: object) -> None:
    """Of two columns for one field, which say the same or complete each other, the first that is filled is taken."""
    name, into = field, fields
    if field.startswith("people."):
        name, into = field.removeprefix("people."), fields.setdefault("people", {})
    elif field.startswith(MEASURED):
        name, into = field.removeprefix(MEASURED), fields.setdefault("measured_outputs", {})
    if field == "donors":
        fields["donors"] = [*fields.get("donors", []), value]
    elif name not in into:
        into[name] = value
    elif field in KEPT_TOGETHER:
        into[name] = into[name] if value in str(into[name]).split("\n") else f"{into[name]}\n{value}"


def _complete(fields: dict[str, Any], around: Around, flags: dict[str, None]) -> None:
    """What the row does not say itself: from its own other cells, then the form, then the sheet's name."""
    form = around.form
    fields.setdefault("country", form.country)
    _move_codes(fields, flags)
    if "month" not in fields and not form.month and (month := _month_of_dates(fields)):
        fields["month"] = month
        flags["month_from_dates"] = None
    if form.month and "month" not in fields:
        fields["month"] = form.month
        flags["month_from_form"] = None
    if _lies_elsewhere(fields):
        flags["month_contradicts_dates"] = None
    if "adm4" in fields and "community" in fields and "adm4_name" not in fields:
        # Beside its code, the community is the one of the code and no other place.
        fields["adm4_name"] = fields.pop("community")
    if "sector" not in fields and "sector_name" in fields:
        fields["sector"] = fields["sector_name"]
    if form.sector:
        _complete_sector(fields, around, form.sector, flags)
    elif around.sheet_sector and "sector" not in fields:
        fields["sector"] = around.sheet_sector
        flags["sector_from_sheet_name"] = None
    if form.organisation and not fields.keys() & {"organisation", "organisation_acronym", "organisation_id"}:
        fields["organisation"] = form.organisation
    _complete_status(fields, form, flags)


def _complete_sector(fields: dict[str, Any], around: Around, said: str, flags: dict[str, None]) -> None:
    """The form's sector holds where the row names none, or one that nobody knows."""
    own = [str(fields[name]) for name in NAMING_SECTOR if name in fields]
    if own and not around.names_sector(tuple(own)):
        for name in NAMING_SECTOR:
            if name in fields:
                keep(fields, name, fields.pop(name), flags)
        flags["sector_from_form"] = None
    fields.setdefault("sector", said)


def _complete_status(fields: dict[str, Any], form: UploadForm, flags: dict[str, None]) -> None:
    if form.status and "status" not in fields:
        fields["status"] = form.status
        flags["status_assumed"] = None


def _move_codes(fields: dict[str, Any], flags: dict[str, None]) -> None:
    """A P-code under the heading of a name is the code."""
    for level in range(1, 5):
        field, name = f"adm{level}", f"adm{level}_name"
        if field not in fields and LOOKS_LIKE_PCODE.match(text := code(fields.get(name, ""))):
            fields[field] = text.upper()
            del fields[name]
            flags["pcode_among_names"] = None


def _month_of_dates(fields: Mapping[str, Any]) -> str | None:
    """The month of an activity that began and ended in it."""
    months = {str(fields.get(name, ""))[:7] for name in DAYS}
    [month] = months if len(months) == 1 else [""]
    return month if ISO_DATE.match(f"{month}-01") else None


def _lies_elsewhere(fields: Mapping[str, Any]) -> bool:
    """Whether the activity began after the row's month or ended before it."""
    month, start, end = (str(fields.get(name) or "") for name in ("month", "start_date", "end_date"))
    return bool(month) and (
        bool(ISO_DATE.match(start) and start[:7] > month) or bool(ISO_DATE.match(end) and end[:7] < month)
    )


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
    name, plain = folded(part), code(part).upper()
    named = words_of("country").get(name) or known.get(name) or (plain if plain in known.values() else None)
    return frozenset((named,) if named else ())
