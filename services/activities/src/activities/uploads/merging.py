"""Merged cells: what stands in them is the value of each row they reach over."""

from collections.abc import Iterable

from activities.uploads.marks import MOST_COLUMNS

Range = tuple[tuple[int, int], tuple[int, int]]
"""The first and the last cell, each by row and column from 0."""


class Merged:
    """The merged cells of a sheet that reach over several rows, gone through row by row.

    Of two ranges over the same cell the first counts. A row that has nothing of its own stays blank, and a cell beside
    another in one row is not filled: a number would be counted twice.
    """

    def __init__(self, ranges: Iterable[Range]) -> None:
        tall = ((first, last) for first, last in ranges if last[0] > first[0] and first[1] <= MOST_COLUMNS)
        self._waiting = sorted(tall, reverse=True)
        self._open: dict[int, tuple[int, str]] = {}
        """By column: the last row, and the value."""
        self.filled = False
        """Whether any row took a value."""

    def fill(self, row: int, cells: list[str]) -> list[str]:
        """The row's cells, those inside merged ones filled."""
        if self._open:
            cells = self._filled(row, cells)
        while self._waiting and self._waiting[-1][0][0] <= row:
            self._begin(*self._waiting.pop(), cells)
        return cells

    def _begin(self, first: tuple[int, int], last: tuple[int, int], cells: list[str]) -> None:
        _, column = first
        text = cells[column] if column < len(cells) else ""
        if column in self._open or not text:
            return
        self._open[column] = last[0], text

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
