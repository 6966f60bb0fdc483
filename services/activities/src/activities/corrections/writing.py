"""A program of its own: writes an error workbook, so that no other request waits while it is written.

`python -m activities.corrections.writing DESCRIPTOR` reads its standard input: how it is to be written, then the
problems of the file, a JSON document a line, then, compressed, its rows as `keeping` wrote them; and writes the
workbook to the descriptor. It holds no settings and no connections, and loads nothing of ours.
"""

import gzip
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

import orjson
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

MOST_COMMENTS = 2000
"""Of a workbook: spreadsheet programs are slow with more. The reasons stand in their column in any case."""
LONGEST_TEXT = 32_767
LONGEST_NAME = 31
WIDTH = 18
REASON_WIDTH = 60
REASON_TAG = "#meta+reason"
_WHOLE = re.compile(r"-?[1-9]\d{0,14}|0", re.ASCII)
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Problems = Mapping[tuple[int, int], Sequence[tuple[str | None, str]]]
"""Field and reason, by sheet and row."""


class ErrorWorkbook:
    """The workbook as it is written, sheet by sheet and row by row."""

    def __init__(self, file: IO[bytes], order: Mapping[str, Any], problems: Problems) -> None:
        self._book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_numbers": False})
        self._order, self._problems = order, problems
        self._plain = self._book.add_format()
        self._bold = self._book.add_format({"bold": True})
        self._faulty = self._book.add_format({"bg_color": "#FFC7CE"})
        self._reason = self._book.add_format({"font_color": "#9C0006", "text_wrap": True})
        self._comments_left = MOST_COMMENTS
        self._names: set[str] = set()

    def write(self, lines: Iterator[Any], widths: Mapping[int, int]) -> None:
        """Write all rows that are asked for."""
        sheet, told, line = None, {}, 0
        for each in lines:
            if isinstance(each, dict):
                told, line = each, 0
                sheet = self._begin(each, widths[each["number"]])
                continue
            number, cells = each
            problems = self._problems.get((told["number"], number), ())
            if number >= told["first_row"] and not problems and not self._order["all"]:
                continue
            # Rows are numbered as in the sender's file, unless only some of them are there.
            line = number if self._order["all"] or number < told["first_row"] else max(line, told["first_row"] - 1) + 1
            assert sheet is not None, "a sheet is described before its rows"
            self._write_row(sheet, line - 1, cells, problems, told)
            if number in (told["heading"], told["tags"]):
                text = self._order["heading"] if number == told["heading"] else REASON_TAG
                sheet.write_string(line - 1, widths[told["number"]], text, self._bold)
        self._book.close()

    def _begin(self, told: Mapping[str, Any], width: int) -> Worksheet:
        name = _NOT_IN_NAMES.sub(" ", told["name"] or "").strip("' ")[:LONGEST_NAME] or "Sheet"
        if name.lower() in self._names:
            name = f"{name[: LONGEST_NAME - 5]} {told['number']}"
        self._names.add(name.lower())
        sheet = self._book.add_worksheet(name)
        if self._order["right_to_left"]:
            sheet.right_to_left()
        sheet.freeze_panes(told["first_row"] - 1, 0)
        sheet.set_column(0, width - 1, WIDTH)
        sheet.set_column(width, width, REASON_WIDTH)
        return sheet

    def _write_row(
        self,
        sheet: Worksheet,
        line: int,
        cells: Sequence[str],
        problems: Sequence[tuple[str | None, str]],
        told: Mapping[str, Any],
    ) -> None:
        faulty = {place: reason for field, reason in problems for place in told["places"].get(field, ())}
        usual = self._bold if line + 1 < told["first_row"] else self._plain
        for place, text in enumerate(cells):
            style = self._faulty if place in faulty else usual
            _write_cell(sheet, line, place, text, style)
        for place, reason in faulty.items():
            if place >= len(cells):
                sheet.write_blank(line, place, None, self._faulty)
            if self._comments_left:
                sheet.write_comment(line, place, reason)
                self._comments_left -= 1
        if problems:
            reasons = "\n".join(dict.fromkeys(reason for _, reason in problems))
            sheet.write_string(line, self._order["widths"][told["number"]], reasons[:LONGEST_TEXT], self._reason)


def _write_cell(sheet: Worksheet, line: int, place: int, text: str, style: Format) -> None:
    if not text:
        if style.bg_color:
            sheet.write_blank(line, place, None, style)
    elif _WHOLE.fullmatch(text):
        sheet.write_number(line, place, int(text), style)
    else:
        # A fraction too: where its digits are parted, the reader weighs letter by letter.
        sheet.write_string(line, place, _NOT_IN_XML.sub(" ", text)[:LONGEST_TEXT], style)


def main() -> None:
    asked = sys.stdin.buffer
    order = orjson.loads(asked.readline())
    problems: dict[tuple[int, int], list[tuple[str | None, str]]] = {}
    for sheet, row, field, reason in (orjson.loads(asked.readline()) for _ in range(order["problems"])):
        problems.setdefault((sheet, row), []).append((field, reason))
    start = asked.tell()
    order["widths"] = widths = _widths(_lines(asked))
    asked.seek(start)
    with open(int(sys.argv[1]), "wb") as file:
        ErrorWorkbook(file, order, problems).write(_lines(asked), widths)


def _lines(packed: IO[bytes]) -> Iterator[Any]:
    return map(orjson.loads, gzip.open(packed))


def _widths(lines: Iterator[Any]) -> dict[int, int]:
    """The places of the reasons, by the numbers of sheets: behind the last column, or where they stood before."""
    widths: dict[int, int] = {}
    number, is_known = 0, False
    for each in lines:
        if isinstance(each, dict):
            number = each["number"]
            is_known = each["reasons"] is not None
            widths[number] = each["reasons"] if is_known else 1
        elif not is_known:
            widths[number] = max(widths[number], len(each[1]))
    return widths


if __name__ == "__main__":
    main()
