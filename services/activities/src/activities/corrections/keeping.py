"""Keeping the rows of a file that its error workbook is made of; of one that holds severe rows nothing is kept."""

import gzip
from collections.abc import Iterable, Mapping, Sequence
from typing import BinaryIO

import orjson
from tables.headings import SheetColumn, is_for_reasons

from activities.reports.sectors import NAMING_SECTOR
from activities.reports.severity import may_be_severe
from activities.uploads.book import SECTORS, Book, ReportSheet

FAST = 1


def keep_rows(book: Book, kept: BinaryIO) -> bool:
    """Write the rows of all sheets that are read to `kept`; whether any of them may be severe, and it is of no use."""
    with gzip.open(kept, "wb", compresslevel=FAST) as packed:
        for sheet in book.sheets:
            packed.write(orjson.dumps(_described(sheet), option=orjson.OPT_APPEND_NEWLINE))
            columns = sheet.profile.columns
            told = {place: [column.place for column in columns if column.field in named] for place, named in WATCHED}
            old = {column.place for column in columns if is_for_reasons(column.name)}
            for record in sheet.source.records():
                if is_severe(record.cells, told):
                    return True
                if any(record.cells):
                    row = [record.number, ["" if place in old else cell for place, cell in enumerate(record.cells)]]
                    packed.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
    return False


WATCHED: Sequence[tuple[str, frozenset[str]]] = (("sector", SECTORS), ("sensitivity", frozenset({"sensitivity"})))


def is_severe(cells: Sequence[str], told: Mapping[str, Sequence[int]]) -> bool:
    """Whether a row may be severe, by any of its words or by what its sender says of it."""
    sector, said = (" ".join(cells[place] for place in told[name] if place < len(cells)) for name in told)
    return may_be_severe(cells, sector, said)


def _described(sheet: ReportSheet) -> dict[str, object]:
    places: dict[str, list[int]] = {}
    for column in sheet.profile.columns:
        for field in _fields_of(column):
            places.setdefault(field, []).append(column.place)
    headings, columns = sheet.profile.headings, sheet.profile.columns
    tagged = headings[-1] if any(column.tag for column in columns) else None
    headed = [row for row in headings if row != tagged]
    return {
        "number": sheet.number,
        "name": sheet.source.name,
        "first_row": sheet.profile.first_row,
        "heading": headed[-1] if headed else None,
        "tags": tagged,
        "places": places,
        "reasons": next((column.place for column in columns if is_for_reasons(column.name)), None),
    }


def _fields_of(column: SheetColumn) -> Iterable[str]:
    """What faults that are about a column may be said to be of."""
    if not (field := column.field):
        return ()
    alike = {field, field.partition(".")[0], field.removesuffix("_name"), field.removesuffix("_acronym")}
    return alike | set(NAMING_SECTOR if field in NAMING_SECTOR else ())
