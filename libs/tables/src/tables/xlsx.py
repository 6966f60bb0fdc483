"""What the XML of an XLSX says of its cells beside their values.

Each expression looks at every byte a bounded number of times, whatever a stranger wrote: a tag never reaches past the
next "<", and what was matched is not given back (possessive quantifiers).
"""

import re
from collections.abc import Callable, Iterator, Mapping

from tables.containers import PREFIX, Container, FileFault, attributes
from tables.formats import mark_of_format
from tables.marks import ERROR_OF_FORMULA, NOTHING_YET, WITHOUT_VALUE, Mark, Marks, MarkTable, error

LARGEST_STYLES = 8 * 1024 * 1024
FEW_STYLES = 50
_FORMULA = re.compile(
    rb"<" + PREFIX + rb"c\b([^<>]*+)>\s*+"
    rb"<" + PREFIX + rb"f\b[^<>]*+>(?:[^<]*+</" + PREFIX + rb"f>)?+\s*+"
    rb"(?:<" + PREFIX + rb"v\b[^<>]*+>([^<]{0,20}+))?+"
)
_ERROR = re.compile(
    rb"<" + PREFIX + rb"c\s(?=[^<>]*?\bt=[\"']e[\"'])([^<>]*+)>\s*+"
    rb"(?:<" + PREFIX + rb"f\b[^<>]*+>(?:[^<]*+</" + PREFIX + rb"f>)?+\s*+)?+"
    rb"<" + PREFIX + rb"v>(#[^<]{1,20}+)</"
)
_PLACE = re.compile(rb"\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_TYPE = re.compile(rb"\bt=[\"'](\w{1,12})[\"']")
_FORMAT = re.compile(rb"<" + PREFIX + rb"numFmt\b[^<>]*+>")
_CELL_STYLES = re.compile(rb"<" + PREFIX + rb"cellXfs\b[^<>]*+>")
_STYLE = re.compile(rb"<" + PREFIX + rb"xf\b([^<>]*+)>")
_END_OF_CELL_STYLES = re.compile(rb"</" + PREFIX + rb"cellXfs>")
_NOTHING = re.compile(rb"(?:0(?:\.0*+)?+|\s*+)\Z")


def marks_of(container: Container) -> dict[str, Marks]:
    """The marked cells of each sheet."""
    kinds = MarkTable()
    styles = _styles(container, kinds)
    reader = _Reader(container, kinds, styles)
    found = {sheet: reader.marks(part) for sheet, part in container.sheets.items()}
    if container.recalculated and not reader.calculated:
        # Written by a program that left all calculating to others: its zeros are none.
        for marks in found.values():
            marks.become(reader.nothing, reader.unknown)
    return found


class _Reader:
    """Goes through the parts of a workbook's sheets."""

    def __init__(self, container: Container, kinds: MarkTable, styles: Mapping[bytes, int]) -> None:
        self._container = container
        self._kinds = kinds
        self._styles = styles
        self._styled = _styled(styles) if styles else None
        self.nothing = kinds.number(NOTHING_YET, lambda: NOTHING_YET)
        self.unknown = kinds.number(WITHOUT_VALUE, lambda: WITHOUT_VALUE)
        self._failed = kinds.number(ERROR_OF_FORMULA, lambda: ERROR_OF_FORMULA)
        self.calculated = False
        """Whether a formula was met that came to something."""

    def marks(self, part: str) -> Marks:
        marks = Marks(self._kinds)
        for piece, seen in self._container.pieces(part):
            for said, number in self._found(piece, seen):
                if place := _PLACE.search(said):
                    marks.add(int(place[2]) - 1, _column(place[1]), number)
                elif number in (self.unknown, self._failed):
                    # A cell without a name can't be pointed at.
                    raise FileFault("cell_without_value")
        return marks

    def _found(self, piece: bytes, start: int) -> Iterator[tuple[bytes, int]]:
        """What the tags of marked cells say, and their marks."""
        if b"<f" in piece or b":f" in piece:
            yield from _matched(_FORMULA, piece, start, self._of_formula)
        if b't="e"' in piece or b"t='e'" in piece:
            yield from _matched(_ERROR, piece, start, self._of_error)
        if self._styled:
            yield from _matched(self._styled, piece, start, self._of_style)

    def _of_formula(self, found: re.Match[bytes]) -> int | None:
        kind = _TYPE.search(found[1])
        if kind and kind[1] == b"e":
            return self._failed
        if found[2] is None or (not found[2].strip() and not (kind and kind[1] == b"str")):
            return self.unknown
        if _NOTHING.match(found[2]):
            return self.nothing
        self.calculated = True
        return None

    def _of_error(self, found: re.Match[bytes]) -> int:
        text = found[2].decode(errors="replace")
        return self._kinds.number(text, lambda: error(text))

    def _of_style(self, found: re.Match[bytes]) -> int | None:
        kind = _TYPE.search(found[1])
        return None if kind and kind[1] != b"n" else self._styles.get(found[2])


def _matched(
    pattern: re.Pattern[bytes], piece: bytes, start: int, mark: Callable[[re.Match[bytes]], int | None]
) -> Iterator[tuple[bytes, int]]:
    for found in pattern.finditer(piece):
        if found.end() > start and (number := mark(found)) is not None:
            yield found[1], number


def _styled(styles: Mapping[bytes, int]) -> re.Pattern[bytes]:
    """Cells of these styles; of any, where they are too many to be looked for one by one."""
    wanted = b"|".join(styles) if len(styles) <= FEW_STYLES else rb"\d{1,6}"
    return re.compile(rb"<" + PREFIX + rb"c\s(?=([^<>]*+))[^<>]*?\bs=[\"'](" + wanted + rb")[\"']")


def _styles(container: Container, kinds: MarkTable) -> dict[bytes, int]:
    """The styles that show a number as more than its digits, by their number as the sheets write it."""
    if container.styles is None:
        return {}
    part = container.head(container.styles, LARGEST_STYLES)
    formats = {}
    for tag in _FORMAT.findall(part):
        said = attributes(tag)
        formats[said.get("numFmtId", "")] = said.get("formatCode", "")
    return dict(_marked_styles(part, formats, kinds))


def _marked_styles(part: bytes, formats: Mapping[str, str], kinds: MarkTable) -> Iterator[tuple[bytes, int]]:
    start = _CELL_STYLES.search(part)
    if not start:
        return
    end = _END_OF_CELL_STYLES.search(part, start.end())
    for number, style in enumerate(_STYLE.findall(part, start.end(), end.start() if end else len(part))):
        mark = mark_of_format(attributes(style).get("numFmtId", ""), formats)
        if mark:
            yield str(number).encode(), kinds.number(mark, _given(mark))


def _given(mark: Mark) -> Callable[[], Mark]:
    return lambda: mark


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
