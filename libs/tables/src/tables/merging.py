"""Merged cells: what stands in them is the value of each row they reach over."""

import re
from collections.abc import Iterable

from tables.marks import MOST_COLUMNS

MERGED = "#=MERGED?"
"""What is handed on of a cell that is one with a number beside it. No tag of HXL reads so."""
FIRST_ROWS = 50
_NUMBER = re.compile(r"[-+]?[\d.,]{1,40}")
Range = tuple[tuple[int, int], tuple[int, int]]
"""The first and the last cell, each by row and column from 0."""


class MergedCells:
    """The merged cells of a sheet, gone through row by row: what they hold is the value of each row they reach over.

    Of two ranges over the same cell the first counts, and a row that has nothing of its own stays blank. Of the columns
    beside each other only the first has the value: a number would be counted twice. Which column it is meant for nobody
    knows, so the others are marked, where there is a heading above them.
    """

    def __init__(self, ranges: Iterable[Range]) -> None:
        several = ((first, last) for first, last in ranges if last != first and first[1] <= MOST_COLUMNS)
        self._waiting = sorted(several, reverse=True)
        self._open: dict[int, tuple[int, str]] = {}
        """By column: the last row, and the value."""
        self._headed: set[int] = set()
        """Columns that were filled in the first rows."""
        self.filled = False
        """Whether any row took a value."""

    def fill(self, row: int, cells: list[str]) -> list[str]:
        """The row's cells, those inside merged ones filled."""
        if self._open:
            cells = self._filled(row, cells)
        while self._waiting and self._waiting[-1][0][0] <= row:
            self._begin(*self._waiting.pop(), cells)
        if self._waiting and row < FIRST_ROWS:
            self._headed.update(place for place, text in enumerate(cells) if text)
        return cells

    def _begin(self, first: tuple[int, int], last: tuple[int, int], cells: list[str]) -> None:
        _, column = first
        text = cells[column] if column < len(cells) else ""
        if column in self._open or not text:
            return
        if last[0] > first[0]:
            self._open[column] = last[0], text
        if last[1] > column and _NUMBER.fullmatch(text):
            for beside in range(column + 1, min(last[1], len(cells) - 1, MOST_COLUMNS) + 1):
                if beside in self._headed:
                    cells[beside] = MERGED
                    self._open[beside] = last[0], MERGED

    def _filled(self, row: int, cells: list[str]) -> list[str]:
        for column in [column for column, (last, _) in self._open.items() if last < row]:
            del self._open[column]
        if not any(text and place not in self._open for place, text in enumerate(cells)):
            return cells
        for column, (_, text) in self._open.items():
            cells += [""] * (column + 1 - len(cells))
            cells[column] = text
            self.filled = True
        return cells
