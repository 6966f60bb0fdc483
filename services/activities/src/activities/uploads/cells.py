"""From the cells of a row to the fields of a report: what is unambiguous is read, and said where it was assumed."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from contracts.lines import normalised
from contracts.sensitivity import Sensitivity
from runtime.problems import Refusal

from activities.reports.resolution import LOOKS_LIKE_PCODE
from activities.reports.severity import meaning_of, speaks_of_protection
from activities.spelling import folded, parts, western_digits
from activities.uploads.conventions import UNKNOWN, Convention, Sort, conventions_of
from activities.uploads.dates import ISO_DATE, date_of_serial, read_date
from activities.uploads.domain import UploadForm
from activities.uploads.errors import CellError, UnknownCountry
from activities.uploads.headings import Column
from activities.uploads.months import read_month
from activities.uploads.numbers import read_number
from activities.uploads.separators import digits
from activities.uploads.survey import NOTHING_SEEN, Survey
from activities.uploads.values import LONGEST_EMPTY, is_empty, word

BOOLEANS = frozenset(
    {"un_funded", "in_response_plan", "cross_line", "newly_reached", "previously_assisted", "reported_elsewhere"}
)
QUANTITIES = frozenset({"output_value", "transfer_value_usd", "budget_required", "budget_received"})
DEGREES = frozenset({"latitude", "longitude"})
CHOICES = frozenset(
    {"status", "population_group", "modality", "conditionality", "disaggregation_method", "sensitivity"}
)
DATES = frozenset({"start_date", "end_date"})
MONTH_OR_DATE = DATES | {"month"}
YEAR = "year"
"""Of a month that is written without one; no field of a report."""
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
MEASURED = "measured_outputs."
ERRORS = frozenset({"#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!", "#CALC!"})
"""What a spreadsheet shows in place of a value; `#N/A` is a value that is not there."""
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


@dataclass(frozen=True)
class Read:
    """A row's fields, what was assumed while reading it, and what can't be read."""

    fields: Mapping[str, Any]
    flags: tuple[str, ...]
    faults: Sequence[Refusal]
    letter: bytes


def _says_something(text: str) -> bool:
    return bool(text.strip("0.,-٠۰ ")) and not (len(text) <= LONGEST_EMPTY and is_empty(text))


MOST_REMEMBERED = 20_000

Heard = tuple[object, tuple[str, ...]]
"""What a cell says, and what was assumed to read it."""


class RowReader:
    """Reads the rows of one sheet; the same few words stand in most of their cells, so each is read once."""

    def __init__(self, columns: Sequence[Column], around: Around, survey: Survey = NOTHING_SEEN) -> None:
        self._columns = [(column.place, column.field) for column in columns if column.field]
        self._unread = [column.place for column in columns if not column.field]
        self._headings = [(column.place, column.heading) for column in columns if column.heading]
        self._around = around
        self._conventions = conventions_of(
            {place: sort for place, name in self._columns if (sort := sort_of(name))},
            {place: surveyed.evidence for place, surveyed in survey.columns.items()},
        )
        self._year = next((place for place, name in self._columns if name == YEAR), None)
        self._heard: dict[tuple[int, str], Heard] = {}

    def read(self, cells: Sequence[str]) -> Read:
        """The fields of one row."""
        fields: dict[str, Any] = {}
        flags: dict[str, None] = {}
        faults: list[Refusal] = []
        cells = [normalised(cell).strip() for cell in cells]
        year = self._year_of(cells)
        for place, name in self._columns:
            if place >= len(cells) or not (text := cells[place]) or name == YEAR:
                continue
            if len(text) <= LONGEST_EMPTY and is_empty(text):
                flags["na_as_empty"] = None
                continue
            try:
                value, assumed = (
                    (text, ()) if name in AS_IT_STANDS and text[0] != "#" else self._hear(place, name, text, year)
                )
            except Refusal as fault:
                faults.append(fault)
                continue
            _put(fields, name, value)
            for flag in assumed:
                flags[flag] = None
        _complete(fields, self._around, flags)
        self._heed_unread(cells, fields, flags)
        return Read(fields, tuple(flags), faults, _letter(cells))

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
        if not text or is_empty(text):
            return None
        years = set(FOUR_DIGITS.findall(text))
        return years.pop() if len(years) == 1 else ""

    def _hear(self, place: int, field: str, text: str, year: str | None) -> Heard:
        said = f"{year} {text}" if year is not None and field in MONTH_OR_DATE else text
        heard = self._heard.get((place, said))
        if heard is None:
            flags: dict[str, None] = {}
            convention = self._conventions.get(place, UNKNOWN)
            heard = _value(field, text, self._around, convention, year, flags), tuple(flags)
            if len(self._heard) >= MOST_REMEMBERED:
                self._heard.clear()
            self._heard[place, said] = heard
        return heard


def _put(fields: dict[str, Any], field: str, value: object) -> None:
    """The first of two columns for one field counts, but for donors, who are all kept."""
    if field.startswith("people."):
        fields.setdefault("people", {}).setdefault(field.removeprefix("people."), value)
    elif field.startswith(MEASURED):
        fields.setdefault("measured_outputs", {}).setdefault(field.removeprefix(MEASURED), value)
    elif field == "donors":
        fields["donors"] = [*fields.get("donors", []), value]
    else:
        fields.setdefault(field, value)


def _complete(fields: dict[str, Any], around: Around, flags: dict[str, None]) -> None:
    """What the row does not say itself: from its own other cells, then the form, then the sheet's name."""
    form = around.form
    fields.setdefault("country", form.country)
    _move_codes(fields, flags)
    if "month" not in fields and not form.month and (month := _month_of_dates(fields)):
        fields["month"] = month
        flags["month_from_dates"] = None
    if form.month:
        fields.setdefault("month", form.month)
    if "sector" not in fields and "sector_name" in fields:
        fields["sector"] = fields["sector_name"]
    if form.sector:
        fields.setdefault("sector", form.sector)
    elif around.sheet_sector and "sector" not in fields:
        fields["sector"] = around.sheet_sector
        flags["sector_from_sheet_name"] = None
    if form.organisation and not fields.keys() & {"organisation", "organisation_acronym", "organisation_id"}:
        fields["organisation"] = form.organisation


def _move_codes(fields: dict[str, Any], flags: dict[str, None]) -> None:
    """A P-code under the heading of a name is the code."""
    for level in range(1, 5):
        code, name = f"adm{level}", f"adm{level}_name"
        if code not in fields and LOOKS_LIKE_PCODE.match(text := western_digits(fields.get(name, ""))):
            fields[code] = text.upper()
            del fields[name]
            flags["pcode_among_names"] = None


def _month_of_dates(fields: Mapping[str, Any]) -> str | None:
    """The month of an activity that began and ended in it."""
    months = {str(fields.get(name, ""))[:7] for name in DATES}
    [month] = months if len(months) == 1 else [""]
    return month if ISO_DATE.match(f"{month}-01") else None


def _letter(cells: Sequence[str]) -> bytes:
    """Hash of the row to the letter; empty cells at its end are none."""
    last = next((place for place in range(len(cells), 0, -1) if cells[place - 1]), 0)
    return hashlib.blake2b(ascii(cells[:last]).encode(), digest_size=16).digest()


def sort_of(field: str) -> Sort | None:
    """What a field's numbers and dates are; none where it has no such."""
    if field.startswith("people.") or field == "households":
        return Sort.COUNT
    if field in QUANTITIES or field.startswith(MEASURED):
        return Sort.QUANTITY
    if field in DEGREES:
        return Sort.DEGREES
    return Sort.DATE if field in MONTH_OR_DATE else None


def _value(
    field: str, text: str, around: Around, convention: Convention, year: str | None, flags: dict[str, None]
) -> object:
    if text[0] == "#" and text.upper() in ERRORS:
        raise CellError(field, error=text.upper())
    sort = sort_of(field)
    try:
        if sort is Sort.DATE:
            return _moment(field, text, around, convention, year, flags)
        if sort:
            return read_number(text, flags, convention, sort)
    except Refusal as fault:
        fault.field = field
        raise
    if field in BOOLEANS:
        return word(field, text) or word("boolean", text) or text
    if field in CHOICES:
        return word(field, text) or text
    if field == "country":
        return _country(text, around.countries)
    if field in CODES:
        return western_digits(text).upper() if field == "area" else western_digits(text)
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


def _country(text: str, known: Mapping[str, str]) -> str:
    """Its two letters, by code or name. Raises `UnknownCountry`."""
    if _COUNTRY_CODE.match(text):
        return text.upper()
    code = word("country", text) or next((code for part in parts(text) if (code := known.get(folded(part)))), None)
    if code is None:
        raise UnknownCountry("country")
    return code
