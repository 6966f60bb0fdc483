"""From the cells of a row to the fields of a report: what is unambiguous is read, and said where it was assumed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from runtime.problems import Refusal

from activities.reports.domain import digest
from activities.spelling import folded, parts, western_digits
from activities.uploads.errors import NotAMonth
from activities.uploads.headings import Column, rows_of

BOOLEANS = frozenset(
    {"un_funded", "in_response_plan", "cross_line", "newly_reached", "previously_assisted", "reported_elsewhere"}
)
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
CHOICES = frozenset({"status", "population_group", "modality", "conditionality", "disaggregation_method"})
DATES = frozenset({"start_date", "end_date"})
CODES = frozenset({"area", "country", "adm1", "adm2", "adm3", "adm4"})

_THOUSANDS = re.compile(r"^-?\d{1,3}([,٬' \u00a0\u202f]\d{3})+(\.\d+)?$")
_DECIMAL_COMMA = re.compile(r"^-?\d+[,٫]\d{1,2}$")
_ISO_MONTH = re.compile(r"^(\d{4})[-/.](\d{1,2})(?:[-/.]\d{1,2})?(?:[ T].*)?$")
_MONTH_YEAR = re.compile(r"^(\d{1,2})[-/.](\d{4})$")
_YEAR = re.compile(r"\b(\d{4})\b")
_DAY_FIRST = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$")
_ISO_DATE = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T].*)?$")


@dataclass(frozen=True)
class Form:
    """What the upload's form says for all rows that do not say it themselves."""

    country: str = "SY"
    month: str | None = None
    sector: str | None = None
    organisation: str | None = None


@dataclass(frozen=True)
class Read:
    """A row's fields, what was assumed while reading it, and what can't be read."""

    fields: Mapping[str, Any]
    flags: tuple[str, ...]
    faults: Sequence[Refusal]
    letter: bytes


def read_row(cells: Sequence[str], columns: Sequence[Column], form: Form) -> Read:
    """The fields of one row."""
    fields: dict[str, Any] = {}
    flags: dict[str, None] = {}
    faults: list[Refusal] = []
    for column in columns:
        if column.field is None or column.place >= len(cells):
            continue
        text = cells[column.place].strip()
        if not text:
            continue
        if is_empty(text):
            flags["na_as_empty"] = None
            continue
        try:
            _put(fields, column.field, _value(column.field, text, form, flags))
        except Refusal as fault:
            faults.append(fault)
    _complete(fields, form)
    return Read(fields, tuple(flags), faults, _letter(cells))


def is_empty(text: str) -> bool:
    return text.casefold() in _words("empty")


def _put(fields: dict[str, Any], field: str, value: object) -> None:
    """The first of two columns for one field counts, but for donors, who are all kept."""
    if field.startswith("people."):
        fields.setdefault("people", {}).setdefault(field.removeprefix("people."), value)
    elif field == "donors":
        fields["donors"] = [*fields.get("donors", []), value]
    else:
        fields.setdefault(field, value)


def _complete(fields: dict[str, Any], form: Form) -> None:
    fields.setdefault("country", form.country)
    if form.month:
        fields.setdefault("month", form.month)
    if "sector" not in fields and "sector_name" in fields:
        fields["sector"] = fields["sector_name"]
    if form.sector:
        fields.setdefault("sector", form.sector)
    if form.organisation and not fields.keys() & {"organisation", "organisation_acronym", "organisation_id"}:
        fields["organisation"] = form.organisation


def _letter(cells: Sequence[str]) -> bytes:
    return digest([cell.strip().encode(errors="surrogatepass").hex() for cell in cells])


def _value(field: str, text: str, form: Form, flags: dict[str, None]) -> object:
    if field == "month":
        return read_month(text, form.month, flags)
    if field in DATES:
        return read_date(text, flags)
    if field in BOOLEANS:
        return _word(field, text) or _word("boolean", text) or text
    if field in CHOICES:
        return _word(field, text) or text
    if field in NUMBERS or field.startswith("people."):
        return read_number(text, flags)
    if field in CODES:
        return western_digits(text).upper() if field in ("area", "country") else western_digits(text)
    return text


def _word(kind: str, text: str) -> str | None:
    words = _words(kind)
    return next((words[form] for part in parts(text) if (form := folded(part)) in words), None)


def read_number(text: str, flags: dict[str, None]) -> str:
    """Western digits without separators; what is no number stays as it is, to be refused."""
    number = western_digits(text).replace("٫", ".")
    if _THOUSANDS.match(number):
        flags["thousands_separator_assumed"] = None
        return re.sub(r"[,٬' \u00a0\u202f]", "", number)
    if _DECIMAL_COMMA.match(number):
        flags["decimal_comma_assumed"] = None
        return number.replace(",", ".")
    return number


def read_month(text: str, form_month: str | None, flags: dict[str, None]) -> str:
    """`2026-03`, `2026-03-31`, `03/2026`, `March 2026`, `آذار 2026`; without a year the form's. Raises `NotAMonth`."""
    plain = western_digits(text).strip()
    if found := _ISO_MONTH.match(plain):
        return _month(int(found[1]), int(found[2]))
    if found := _MONTH_YEAR.match(plain):
        return _month(int(found[2]), int(found[1]))
    year = _YEAR.search(plain)
    name = _YEAR.sub("", plain).strip(" -/,.")
    number = _word("month", name)
    if number is None:
        raise NotAMonth("month")
    if year:
        return _month(int(year[1]), int(number))
    if form_month is None:
        raise NotAMonth("month")
    flags["year_from_form"] = None
    return _month(int(form_month[:4]), int(number))


def _month(year: int, month: int) -> str:
    if not 1 <= month <= 12:
        raise NotAMonth("month")
    return f"{year:04d}-{month:02d}"


def read_date(text: str, flags: dict[str, None]) -> str:
    """ISO 8601; of `03/04/2026` the day is taken to stand first, as in Syria, and that is said."""
    plain = western_digits(text).strip()
    if found := _ISO_DATE.match(plain):
        return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}"
    if not (found := _DAY_FIRST.match(plain)):
        return plain
    first, second, year = int(found[1]), int(found[2]), int(found[3])
    if first <= 12 and second <= 12 and first != second:
        flags["day_first_assumed"] = None
    day, month = (second, first) if second > 12 else (first, second)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return plain


@cache
def _words(kind: str) -> dict[str, str]:
    """Values by their spelling. `empty` is looked up as it stands: folding would leave nothing of a dash."""
    read = str.casefold if kind == "empty" else folded
    return {read(row["spelling"]): row["value"] for row in rows_of("values.csv") if row["kind"] == kind}
