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
from runtime.problems import Refusal

from activities.countries import country_code
from activities.reports.as_written import AS_NOTHING, SPELLED, is_optional, keep
from activities.reports.resolution import LOOKS_LIKE_PCODE
from activities.reports.sectors import NAMING_SECTOR
from activities.reports.severity import meaning_of, speaks_of_protection
from activities.spelling import folded, meant
from activities.uploads.conventions import UNKNOWN, Convention
from activities.uploads.dates import ISO_DATE, date_of_serial, read_date
from activities.uploads.domain import UploadForm
from activities.uploads.errors import CellError, UnknownCountry
from activities.uploads.headings import Column
from activities.uploads.months import read_month
from activities.uploads.numbers import read_number
from activities.uploads.survey import NOTHING_SEEN, Survey
from activities.uploads.values import YES_OR_NO, word

NUMBERS = frozenset(
    {
        "output_value",
        "transfer_value_usd",
        "budget_required",
        "budget_received",
        "households",
        "latitude",
        "longitude",
    }
)
DATES = frozenset({"start_date", "end_date"})
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

    def __init__(self, columns: Sequence[Column], around: Around, survey: Survey = NOTHING_SEEN) -> None:
        self._columns = [(column.place, column.field) for column in columns if column.field]
        self._unread = [column.place for column in columns if not column.field]
        self._headings = [(column.place, column.heading) for column in columns if column.heading]
        self._around = around
        self._conventions = {place: surveyed.evidence.convention for place, surveyed in survey.columns.items()}
        self._heard: dict[tuple[int, str], Heard] = {}

    def read(self, cells: Sequence[str]) -> Read:
        """The fields of one row."""
        fields: dict[str, Any] = {}
        flags: dict[str, None] = {}
        faults: list[Refusal] = []
        cells = [normalised(cell).strip() for cell in cells]
        for place, name in self._columns:
            if place >= len(cells) or not (text := cells[place]):
                continue
            if len(text) <= LONGEST_NOTHING and is_nothing(text) and not _is_no(name, text):
                flags[AS_NOTHING] = None
                continue
            try:
                value, assumed = (
                    (text, ()) if name in AS_IT_STANDS and text[0] != "#" else self._hear(place, name, text)
                )
            except Refusal as fault:
                if is_optional(name) or (name in DATES and isinstance(fault, CellError)):
                    keep(fields, name, text, flags)
                else:
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

    def _hear(self, place: int, field: str, text: str) -> Heard:
        heard = self._heard.get((place, text))
        if heard is None:
            flags: dict[str, None] = {}
            convention = self._conventions.get(place, UNKNOWN)
            heard = _value(field, text, self._around, convention, flags), tuple(flags)
            if len(self._heard) >= MOST_REMEMBERED:
                self._heard.clear()
            self._heard[place, text] = heard
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
    months = {str(fields.get(name, ""))[:7] for name in DATES}
    [month] = months if len(months) == 1 else [""]
    return month if ISO_DATE.match(f"{month}-01") else None


def _letter(cells: Sequence[str]) -> bytes:
    """Hash of the row to the letter; empty cells at its end are none."""
    last = next((place for place in range(len(cells), 0, -1) if cells[place - 1]), 0)
    return hashlib.blake2b(ascii(cells[:last]).encode(), digest_size=16).digest()


def _value(field: str, text: str, around: Around, convention: Convention, flags: dict[str, None]) -> object:
    if text[0] == "#" and text.upper() in ERRORS:
        raise CellError(field, error=text.upper())
    if field == "month":
        return read_month(date_of_serial(text, around.epoch, flags) or text, around.form.month, flags)
    if field in DATES:
        return date_of_serial(text, around.epoch, flags) or read_date(text, flags, convention)
    if field in SPELLED:
        return word(field, text, flags) or text
    if field in NUMBERS or field.startswith(("people.", MEASURED)):
        return read_number(text, flags, convention)
    if field == "country":
        return _country(text, around.countries, flags)
    if field in CODES:
        return code(text).upper() if field == "area" else code(text)
    return text


def _country(text: str, known: Mapping[str, str], flags: dict[str, None]) -> str:
    """The code of its areas, by code or name. Raises `UnknownCountry`."""
    plain = code(text).upper()
    if _COUNTRY_CODE.match(plain) or plain in known.values():
        return plain
    said = word("country", text, flags) or meant(text, lambda part: _called(part, known)).one
    iso = str(country_code(plain))
    if said is None and iso == plain:
        raise UnknownCountry("country")
    return said or iso


def _called(part: str, known: Mapping[str, str]) -> frozenset[str]:
    found = known.get(folded(part))
    return frozenset((found,) if found else ())
