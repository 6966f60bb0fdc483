"""The sample as a spreadsheet: CSV with headings in two languages and an HXL row, as clusters' templates have them."""

import csv
from collections.abc import Iterable
from pathlib import Path

from local.demo.sample import SampleReport

COLUMNS = (
    ("رمز التقرير / Report id", "#activity+id"),
    ("القطاع / Sector", "#sector+code"),
    ("المؤشر / Indicator", "#indicator+code"),
    ("رمز الناحية / Sub-district P-code", "#adm3+code"),
    ("المجتمع / Community", "#loc+community"),
    ("الشهر / Month", "#date+reported"),
    ("البداية / Start", "#date+start"),
    ("النهاية / End", "#date+end"),
    ("الحالة / Status", "#status"),
    ("الفئة / Group", "#beneficiary+type"),
    ("رجال / Men", "#reached+m+adults"),
    ("نساء / Women", "#reached+f+adults"),
    ("صبيان / Boys", "#reached+m+children"),
    ("بنات / Girls", "#reached+f+children"),
    ("المجموع / Total", "#reached+ind"),
    ("جدد / New", "#reached+new"),
)


def write_sheet(file: Path, reports: Iterable[SampleReport]) -> int:
    """Write them, and say how many there are."""
    count = 0
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(heading for heading, _ in COLUMNS)
        writer.writerow(tag for _, tag in COLUMNS)
        for report in reports:
            writer.writerow(_cells(report))
            count += 1
    return count


def _cells(report: SampleReport) -> list[object]:
    start, end = report.dates
    people = [report.men, report.women, report.boys, report.girls, report.total]
    return [
        report.external_id,
        report.sector,
        report.indicator,
        report.area,
        report.community,
        report.month,
        start,
        end,
        report.status,
        report.group,
        *people,
        "نعم" if report.new else "لا",
    ]
