"""What a row's surroundings say of it (the form, its sheet, its workbook), and how they complete it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from contracts.lines import code
from tables.dates import ISO_DATE

from activities.reports.as_written import DAYS, keep
from activities.reports.resolution import LOOKS_LIKE_PCODE
from activities.reports.sectors import NAMING_SECTOR
from activities.uploads.domain import UploadForm


@dataclass(frozen=True)
class RowContext:
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


def complete(fields: dict[str, Any], context: RowContext, flags: dict[str, None]) -> None:
    """What the row does not say itself: from its own other cells, then the form, then the sheet's name."""
    form = context.form
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
    if "sector" not in fields and (said := fields.get("sector_name") or fields.get("area_of_responsibility")):
        fields["sector"] = said
    if form.sector:
        _complete_sector(fields, context, form.sector, flags)
    elif context.sheet_sector and "sector" not in fields:
        fields["sector"] = context.sheet_sector
        flags["sector_from_sheet_name"] = None
    if form.organisation and not fields.keys() & {"organisation", "organisation_acronym", "organisation_id"}:
        fields["organisation"] = form.organisation
    _complete_status(fields, form, flags)


def _complete_sector(fields: dict[str, Any], context: RowContext, text: str, flags: dict[str, None]) -> None:
    """The form's sector holds where the row names none, or one that nobody knows."""
    own = [str(fields[name]) for name in NAMING_SECTOR if name in fields]
    if own and not context.names_sector(tuple(own)):
        for name in NAMING_SECTOR:
            if name in fields:
                keep(fields, name, fields.pop(name), flags)
        flags["sector_from_form"] = None
    fields.setdefault("sector", text)


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
