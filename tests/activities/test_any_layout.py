"""A table written in any layout, order, language and format is read to the same reports."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import orjson
import pytest
from activities.uploads.cells import ReportReader
from activities.uploads.fields import REPORT_FIELDS
from activities.uploads.headings import report_headings
from activities.uploads.row_context import RowContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tables import workbook as program
from tables.doubts import not_understood, settled
from tables.profile import Profile
from tables.proposing import proposed
from tables.records import RowSource, TableRecord
from tables.sheet import filled_rows, understood
from tables.survey import survey
from tables.text import TextSource

from .workbooks import ods, workbook, xlsb

Report = tuple[str, str, bool, int, int]
"""Place, month, whether newly reached, men and women."""
Rows = list[list[str]]

MONTHS = ("2025-01", "2025-02", "2025-11")
NAMES = ("place", "month", "new")
COUNTED = ("men", "women")
WORDS: Mapping[str, Mapping[str, str]] = {
    language: dict(zip((*NAMES, *COUNTED, "True", "False", *MONTHS), words.split("|"), strict=True))
    for language, words in {
        "en": "Sub-district P-code|Month|New or repeated|Men|Women|New|Repeated|Jan 2025|Feb 2025|Nov 2025",
        "ar": "رمز الناحية|الشهر|جديد أو مكرر|رجال|نساء|جديد|مكرر|كانون الثاني 2025|شباط 2025|تشرين الثاني 2025",
        "fr": "Code sous-district|Mois|New or repeated|Hommes|Femmes|Nouveaux|Répétés|Janvier 2025|Fév 2025|Nov-25",
        "tr": "Nahiye kodu|Ay|New/Repeated|Erkekler|Kadınlar|Yeni|Tekrar|Ocak 2025|Şubat 2025|Kasım 2025",
    }.items()
}
LAYOUTS: Mapping[str, str] = {"long": "", "by month": "month", "by new and repeated": "new"}

TABLES = st.lists(
    st.tuples(
        st.sampled_from(["SY070302", "SY020400"]),
        st.sampled_from(MONTHS),
        st.booleans(),
        st.integers(1, 5000),
        st.integers(1, 5000),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda report: report[:3],
)


def written(reports: Sequence[Report], across: str, words: Mapping[str, str], *, upright: bool) -> list[Rows]:
    """The table as blocks of columns: those of the whole line, and of each part; headings in one row, or in two."""
    lines: dict[tuple[str, ...], dict[str, Report]] = {}
    for report in reports:
        cells = {"place": report[0], "month": report[1], "new": str(report[2])}
        part = cells.pop(across, "")
        lines.setdefault(tuple(cells.values()), {})[part] = report
    names = [words[name] for name in NAMES if name != across]
    below = [[""] * len(names)] if upright and across else []
    blocks = [[names, *below, *([words.get(text, text) for text in key] for key in lines)]]
    heads = [words[name] for name in COUNTED]
    for part in dict.fromkeys(part for line in lines.values() for part in line):
        cells_of = [[str(line[part][3]), str(line[part][4])] if part in line else ["", "0"] for line in lines.values()]
        if upright and across:
            blocks.append([[words[part], ""], heads, *cells_of])
        else:
            blocks.append([[f"{words[part]} - {head}" for head in heads] if across else heads, *cells_of])
    return blocks


def joined(blocks: Iterable[Rows]) -> Rows:
    return [[cell for row in line for cell in row] for line in zip(*blocks, strict=True)]


class ExtractedSheet:
    """The first sheet, as the program that reads workbooks writes it."""

    name = "5W"

    def __init__(self, content: bytes, path: Path) -> None:
        path.write_bytes(content)
        self._rows = io.BytesIO()
        with path.open("rb") as file:
            [self._sheet] = program._answer("workbook", file, self._rows)["sheets"]

    def records(self) -> Iterator[TableRecord]:
        self._rows.seek(self._sheet["offset"])
        for number in range(1, self._sheet["rows"] + 1):
            yield TableRecord(number, orjson.loads(self._rows.readline()))

    def position(self) -> int:
        return 0


def text_of(rows: Rows) -> TextSource:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return TextSource(io.BytesIO(text.getvalue().encode()), report_headings().understood)


def read(source: RowSource) -> list[Report]:
    known = report_headings()
    profile = understood(filled_rows(source), known)
    surveyed = survey(source, profile, REPORT_FIELDS)
    profile = proposed(settled(profile, surveyed, REPORT_FIELDS), surveyed, known, lambda field, text: None)
    assert not_understood(profile, surveyed, in_text=True) == []
    reader = ReportReader(Profile.model_validate_json(profile.model_dump_json()), RowContext())
    found = []
    for record in source.records():
        if record.number < profile.first_row or profile.passes_over(record):
            continue
        for row in reader.read_all(record.cells):
            assert row.faults == []
            fields, people = row.fields, row.fields["people"]
            new = fields["newly_reached"] == "true"
            found.append((fields["adm3"], fields["month"], new, people["men"], people["women"]))
    return sorted(found)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TABLES, st.sampled_from(list(LAYOUTS.values())), st.sampled_from(list(WORDS)), st.booleans(), st.data())
def test_any_layout_order_and_language(
    reports: list[Report], across: str, language: str, upright: bool, data: st.DataObject
) -> None:
    blocks = written(reports, across, WORDS[language], upright=upright)
    if across and len(blocks) == 2:
        return  # one part alone is asked
    if not upright:
        blocks = data.draw(st.permutations(blocks))
    assert read(text_of(joined(blocks))) == sorted(reports)


REPORTS: list[Report] = [
    ("SY070302", "2025-01", True, 5, 6),
    ("SY070302", "2025-02", True, 7, 1),
    ("SY070302", "2025-02", False, 9, 3),
    ("SY020400", "2025-11", False, 1, 2),
]


@pytest.mark.parametrize("across", LAYOUTS.values(), ids=list(LAYOUTS))
@pytest.mark.parametrize("upright", [True, False])
def test_any_format(across: str, upright: bool, tmp_path: Path) -> None:
    rows = joined(written(REPORTS, across, WORDS["ar"], upright=upright))
    for content in (workbook({"5W": rows}), ods(rows), xlsb(rows)):
        assert read(ExtractedSheet(content, tmp_path / "book")) == sorted(REPORTS)
