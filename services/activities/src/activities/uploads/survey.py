"""What stands in the columns of a sheet, looked through once before any of its rows is taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from contracts.lines import normalised

from activities.uploads.conventions import Evidence
from activities.uploads.sheet import Sheet


@dataclass
class Surveyed:
    """What the filled cells of one column have in common."""

    filled: int = 0
    evidence: Evidence = field(default_factory=Evidence)

    def heed(self, text: str) -> None:
        self.filled += 1
        self.evidence.heed(text)


@dataclass(frozen=True)
class Survey:
    """A sheet's rows taken together."""

    columns: Mapping[int, Surveyed]
    """By the column's place, from 0; also of columns without a heading."""
    rows: int
    """Rows that hold something."""


NOTHING_SEEN = Survey({}, 0)


def survey(sheet: Sheet) -> Survey:
    """All filled rows below the headings."""
    columns = {column.place: Surveyed() for column in sheet.columns}
    rows = 0
    for record in sheet.source.records():
        if record.number < sheet.first_row or record.fault or record.is_blank:
            continue
        rows += 1
        for place, cell in enumerate(record.cells):
            if text := normalised(cell).strip():
                if place not in columns:
                    columns[place] = Surveyed()
                columns[place].heed(text)
    return Survey(columns, rows)
