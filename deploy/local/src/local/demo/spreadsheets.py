"""The sample as partners' spreadsheets have it: CSV with an HXL row, workbooks with Arabic headings; some cells messy.

What is messy is so on purpose, and a person would still read it; the last row of each file is one nobody can place.
"""

import csv
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from local.demo.names import SampleOrganisation
from local.demo.sample import SampleReport

COLUMNS = (
    ("external_id", "رقم التقرير", "Report ID", "#activity+id"),
    ("implementing_organisation", "المنظمة المنفذة", "Implementing organisation", "#org+impl"),
    ("donors", "الجهة المانحة", "Donor", "#org+funder"),
    ("un_funded", "تمويل أممي", "UN funded", "#org+funder+un"),
    ("sector", "القطاع", "Sector", "#sector+code"),
    ("activity", "النشاط", "Activity", "#activity+code"),
    ("indicator", "رمز المؤشر", "Indicator code", "#indicator+code"),
    ("in_response_plan", "ضمن خطة الاستجابة", "In response plan", "#activity+hrp"),
    ("hub", "المركز", "Hub", "#org+hub"),
    ("cross_line", "عبر الخطوط", "Cross-line", "#activity+crossline"),
    ("modality", "طريقة التقديم", "Modality", "#modality"),
    ("conditionality", "المشروطية", "Conditionality", "#modality+conditionality"),
    ("transfer_value_usd", "قيمة التحويل (دولار)", "Transfer value (USD)", "#value+transfer+usd"),
    ("transfer_mechanism", "آلية التحويل", "Transfer mechanism", "#channel"),
    ("governorate", "المحافظة", "Governorate", "#adm1+name"),
    ("area", "رمز الناحية", "Sub-district P-code", "#adm3+code"),
    ("community", "التجمع", "Community", "#loc+community"),
    ("site_name", "اسم الموقع", "Site name", "#loc+name"),
    ("site_type", "نوع الموقع", "Site type", "#loc+type"),
    ("latitude", "خط العرض", "Latitude", "#geo+lat"),
    ("longitude", "خط الطول", "Longitude", "#geo+lon"),
    ("start_date", "تاريخ البدء", "Start date", "#date+start"),
    ("end_date", "تاريخ الانتهاء", "End date", "#date+end"),
    ("month", "شهر التقرير", "Reporting month", "#date+reported"),
    ("status", "حالة النشاط", "Activity status", "#status"),
    ("population_group", "فئة المستفيدين", "Population group", "#beneficiary+type"),
    ("households", "عدد الأسر", "Households", "#reached+hh"),
    ("people.men", "رجال", "Men", "#reached+m+adults"),
    ("people.women", "نساء", "Women", "#reached+f+adults"),
    ("people.boys", "فتيان", "Boys", "#reached+m+children"),
    ("people.girls", "فتيات", "Girls", "#reached+f+children"),
    ("people.total", "عدد المستفيدين", "People reached", "#reached+ind"),
    ("people.age_0_4", "0-4", "0-4", "#reached+age0_4"),
    ("people.age_5_11", "5-11", "5-11", "#reached+age5_11"),
    ("people.age_12_17", "12-17", "12-17", "#reached+age12_17"),
    ("people.age_18_59", "18-59", "18-59", "#reached+age18_59"),
    ("people.age_60_plus", "60+", "60+", "#reached+age60"),
    ("people.with_disability", "ذوو الإعاقة", "People with disability", "#reached+disabled"),
    ("newly_reached", "مستفيدون جدد", "New beneficiaries", "#reached+new"),
    ("previously_assisted", "مستفيدون سابقون", "Previously assisted", ""),
    ("disaggregation_method", "طريقة التصنيف", "Disaggregation method", ""),
    ("budget_required", "الميزانية المطلوبة", "Budget required", "#value+required"),
    ("budget_received", "الميزانية المستلمة", "Budget received", "#value+received"),
    ("currency", "العملة", "Currency", "#value+currency"),
)
"""Field, headings, HXL tag: the columns of the Whole-of-Syria 4W."""

FIELDS = tuple(column[0] for column in COLUMNS)
ARABIC_WORDS: Mapping[str, str] = {
    "Completed": "مكتمل",
    "Ongoing": "جار",
    "Planned": "مخطط",
    "idp": "نازح",
    "host_community": "مجتمع مضيف",
    "returnee": "عائد",
    "mixed": "مختلط",
    "In-kind": "عيني",
    "Service": "خدمة",
    "Cash": "نقد",
    "Unconditional": "غير مشروط",
    "counted": "معدود",
    "estimated": "تقديري",
}
MONTHS = (
    *("كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران"),
    *("تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول"),
)
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
NOWHERE = "SY999999"
"""A P-code of the right form that is no sub-district."""
MESSY_SHARE = 0.08
"""Rows with a messy cell."""

Cells = dict[str, Any]


@dataclass(frozen=True)
class WrittenFile:
    """A file, the rows in it that can be taken, and those that can't."""

    file: Path
    good: int
    unplaced: int = 1


def write(folder: Path, reports: Sequence[SampleReport]) -> WrittenFile:
    """The organisation's file, in the way it keeps its data."""
    organisation = reports[0].organisation
    file = folder / f"{organisation.external_id}.{organisation.sends}"
    (write_workbook if organisation.sends == "xlsx" else write_csv)(file, reports)
    return WrittenFile(file, len(reports))


def write_csv(file: Path, reports: Sequence[SampleReport]) -> None:
    """Headings in two languages above an HXL row; in one file of three a tag lacks its plus."""
    tags = [tag for *_, tag in COLUMNS]
    if reports[0].organisation.number % 3 == 1:
        tags[FIELDS.index("area")] = "# adm3 code"
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(f"{arabic} / {english}" for _, arabic, english, _ in COLUMNS)
        writer.writerow(tags)
        for cells in _rows(reports):
            writer.writerow(cells.get(name, "") for name in FIELDS)


def write_workbook(file: Path, reports: Sequence[SampleReport]) -> None:
    """A sheet of instructions, then one a sector under a merged title; in one file of five dates count from 1904."""
    organisation = reports[0].organisation
    workbook = Workbook()
    if organisation.number % 5 == 0:
        workbook.epoch = CALENDAR_MAC_1904
    first = workbook.active
    assert isinstance(first, Worksheet)
    first.title = "تعليمات"
    first.append(["يرجى تعبئة التقارير في أوراق القطاعات، ورقة لكل قطاع."])
    by_sector = sorted(reports, key=attrgetter("sector"))
    for sector, group in groupby(by_sector, key=attrgetter("sector")):
        _fill(workbook.create_sheet(sector), list(group), unplaced=sector == by_sector[-1].sector)
    workbook.save(file)


def _fill(sheet: Worksheet, reports: Sequence[SampleReport], *, unplaced: bool) -> None:
    english = not _writes_arabic(reports[0].organisation)
    sheet.sheet_view.rightToLeft = not english
    sheet.append([f"{reports[0].organisation.arabic}: {reports[0].sector}"])
    sheet.merge_cells("A1:H1")
    sheet.append([column[2 if english else 1] for column in COLUMNS])
    for cells in _rows(reports, unplaced=unplaced):
        sheet.append([_typed(name, cells.get(name)) for name in FIELDS])


def _typed(field: str, value: object) -> object:
    """Dates and numbers as a spreadsheet keeps them."""
    if field in ("start_date", "end_date") and isinstance(value, str) and len(value) == len("2026-01-01"):
        return datetime.combine(date.fromisoformat(value), datetime.min.time())
    return value if value != "" else None


def _rows(reports: Iterable[SampleReport], *, unplaced: bool = True) -> Iterator[Cells]:
    cells: Cells = {}
    for report in reports:
        chance = random.Random(report.external_id)  # noqa: S311  sample data
        cells = _cells(report)
        if chance.random() < MESSY_SHARE:
            chance.choice(MESSES)(cells)
            if chance.random() < 0.2:
                yield {}  # a blank line
        yield cells
    if unplaced:
        yield {**cells, "external_id": f"{cells['external_id']}-unplaced", "area": NOWHERE, "governorate": ""}


def _cells(report: SampleReport) -> Cells:
    row = report.row
    people = {f"people.{part}": count for part, count in row["people"].items()}
    flat = {name: value for name, value in {**row, **people}.items() if name in FIELDS}
    flat["donors"] = row["donors"][0]
    flat["governorate"] = "/".join(report.governorate)
    arabic = _writes_arabic(report.organisation)
    return {name: _word(value, arabic=arabic) for name, value in flat.items()}


def _writes_arabic(organisation: SampleOrganisation) -> bool:
    return organisation.number % 2 == 1


def _word(value: object, *, arabic: bool) -> object:
    if isinstance(value, bool):
        return ("نعم" if value else "لا") if arabic else ("Yes" if value else "No")
    return ARABIC_WORDS.get(value, value) if arabic and isinstance(value, str) else value


def _arabic_digits(cells: Cells) -> None:
    cells["people.total"] = str(cells["people.total"]).translate(ARABIC_DIGITS)


def _stray_spaces(cells: Cells) -> None:
    cells["area"], cells["sector"] = f" {cells['area']} ", f"{cells['sector']} "


def _not_available(cells: Cells) -> None:
    cells["site_type"] = cells.get("site_type", "NA")
    cells["conditionality"] = cells.get("conditionality", "لا ينطبق")


def _month_in_words(cells: Cells) -> None:
    year, month = str(cells["month"]).split("-")
    cells["month"] = f"{MONTHS[int(month) - 1]} {year}"


def _does_not_add_up(cells: Cells) -> None:
    cells["people.men"] = int(cells["people.men"]) + 3


def _code_in_small_letters(cells: Cells) -> None:
    cells["area"] = str(cells["area"]).lower()


MESSES: tuple[Callable[[Cells], None], ...] = (
    _arabic_digits,
    _stray_spaces,
    _not_available,
    _month_in_words,
    _does_not_add_up,
    _code_in_small_letters,
)
