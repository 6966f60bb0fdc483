"""What stands in the columns of a sheet, looked through once before any of its rows is taken."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from contracts.lines import normalised

from tables.contents import LONGEST, TELLING, Content, adds_up, content_of, is_idle
from tables.conventions import Evidence
from tables.fields import Fields, Kind
from tables.profile import Profile
from tables.records import RowSource
from tables.spelling import western_digits
from tables.values import word

SAMPLES = 3
MOST_VALUES = 30
MOST_REMEMBERED = 20_000
LONGEST_PAIRED = 300
MOST_PAIRS = 10_000
"""Different pairs of texts kept of columns for one field, over all such columns of a sheet."""


@dataclass
class Surveyed:
    """What the filled cells of one column have in common."""

    filled: int = 0
    evidence: Evidence = field(default_factory=Evidence)
    contents: Counter[Content] = field(default_factory=Counter)
    """Cells by what they hold; not of a column that was understood, but of one that should say yes or no."""
    answers: int = 0
    """Cells of such a column that do."""
    ciphers: int = 0
    """Those among them that are a 0 or a 1, which may as well be a number."""
    samples: dict[str, None] = field(default_factory=dict)
    """Its first different telling texts."""
    values: set[str] = field(default_factory=set)
    """All its different texts, as long as they are few."""
    counts_up: bool = True
    """Whether it is 0 or 1, then one more in each row."""
    adds_up: bool = True
    """Whether it only repeats the total, or what the parts of the same row come to."""
    compared: int = 0
    """Cells of a column that is the sum of others, beside them."""
    differing: int = 0
    """Those among them that are another number."""
    _last: int | None = None

    def count(self, text: str, content: Content) -> None:
        """Note what a cell of a column holds that was not understood."""
        self.contents[content] += 1
        if content is not Content.NOTHING and len(self.values) <= MOST_VALUES:
            self.values.add(text[:LONGEST])
        if content in TELLING and len(self.samples) < SAMPLES:
            self.samples[text] = None
        if self.counts_up and content is not Content.NOTHING:
            self._count_up(text)

    def _count_up(self, text: str) -> None:
        number = int(text) if text.isdecimal() and len(text) < 10 else None
        first = self._last is None and number in (0, 1)
        self.counts_up = first or (number is not None and self._last is not None and number == self._last + 1)
        self._last = number

    @property
    def something(self) -> int:
        """Cells that say anything at all."""
        return self.contents.total() - self.contents[Content.NOTHING]

    @property
    def informative(self) -> int:
        """Cells that hold a number, a month, a date or a code."""
        return sum(self.contents[content] for content in TELLING)

    @property
    def is_informative(self) -> bool:
        """Whether half of what it says, or more, is such."""
        return self.something > 0 and 2 * self.informative >= self.something


Pair = tuple[int, int]
"""Places of two columns for one field, in their order."""


@dataclass(frozen=True)
class Survey:
    """A sheet's rows taken together."""

    columns: Mapping[int, Surveyed]
    """By the column's place, from 0; also of columns without a heading."""
    rows: int
    """Rows that hold something."""
    pairs: Mapping[Pair, Mapping[tuple[str, str], int]] = field(default_factory=dict)
    """Of two columns for one field the different texts that stand together, with the first row they do in."""


def survey(source: RowSource, profile: Profile, fields: Fields) -> Survey:
    """All rows that are read."""
    look = _Look(profile, fields)
    for record in source.records():
        if record.number < profile.first_row or record.fault or profile.passes_over(record):
            continue
        look.at(record.number, [cell.strip() if cell.isascii() else normalised(cell).strip() for cell in record.cells])
    return Survey(look.columns, look.rows, look.pairs)


def sums_of(source: RowSource, profile: Profile, fields: Iterable[str]) -> dict[str, int]:
    """What the plain numbers in the columns of some fields come to."""
    sums = dict.fromkeys(fields, 0)
    places = [(column.place, column.field) for column in profile.columns if column.field in sums]
    for record in source.records():
        if record.number < profile.first_row or record.fault or profile.passes_over(record):
            continue
        for place, name in places:
            if name and place < len(record.cells) and record.cells[place].isdecimal():
                sums[name] += int(record.cells[place][:LONGEST])
    return sums


class _Look:
    def __init__(self, profile: Profile, fields: Fields) -> None:
        columns = profile.columns
        self.columns = {column.place: Surveyed() for column in columns}
        self.rows = 0
        self.pairs: dict[Pair, dict[tuple[str, str], int]] = {}
        self._alike = _alike(profile, fields)
        self._yes_or_no = {
            column.place: column.field
            for column in columns
            if column.field and (column.doubtful or fields.kind(column.field) is Kind.YES_OR_NO)
        }
        known = {column.place for column in columns if column.field or column.spare == ""}
        self._known = known - self._yes_or_no.keys()
        self._parts = [column.place for column in columns if column.field in fields.parts]
        own = {place for template in profile.templates for place in template.columns}
        wide = [column for column in columns if column.place in own and column.field]
        self._of_rows = [[each.place for each in wide if each.field == name] for name in {each.field for each in wide}]
        """Columns of one field that are of several rows of a line."""
        self._totals = [column.place for column in columns if column.field and column.field == fields.total]
        self._compared = [(column.place, column.sum_of) for column in columns if column.sum_of]
        self._written = {column.place: set[str]() for column in columns if column.field and fields.sort(column.field)}
        """Texts that were seen in the columns of numbers and dates: they prove no more the second time."""
        self._contents: dict[str, Content] = {}
        self._paired = 0

    def at(self, number: int, cells: Sequence[str]) -> None:
        self.rows += 1
        known, columns, written = self._known, self.columns, self._written
        for place, text in enumerate(cells):
            if not text:
                continue
            column = columns.get(place)
            if column is None:
                column = columns[place] = Surveyed()
            column.filled += 1
            if place in written and text not in written[place]:
                self._observe(column, text, written[place])
            if place not in known:
                self._count(column, place, text, cells)
        for places in self._alike:
            self._compare(number, cells, places)
        for place, parts in self._compared:
            self._add_up(cells, place, parts)

    def _observe(self, column: Surveyed, text: str, seen: set[str]) -> None:
        column.evidence.observe(text)
        if len(seen) < MOST_REMEMBERED and len(text) <= LONGEST:
            seen.add(text)

    def _count(self, column: Surveyed, place: int, text: str, cells: Sequence[str]) -> None:
        if (asked := self._yes_or_no.get(place)) and word(asked, text, {}):
            column.answers += 1
            column.ciphers += western_digits(text) in ("0", "1")
            return
        content = self._content(text)
        column.count(text, content)
        if column.adds_up and content is not Content.NOTHING:
            column.adds_up = text in self._sums(cells)

    def _content(self, text: str) -> Content:
        if len(text) > LONGEST:
            return Content.TEXT
        content = self._contents.get(text)
        if content is None:
            content = content_of(text)
            if len(self._contents) >= MOST_REMEMBERED:
                self._contents.clear()
            self._contents[text] = content
        return content

    def _sums(self, cells: Sequence[str]) -> frozenset[str]:
        """The total a row gives, and what its parts come to, as plain numbers; and what the rows of a line do."""
        said = {cells[place] for place in self._totals if place < len(cells)}
        for places in (self._parts, *self._of_rows):
            parts = [cells[place] for place in places if place < len(cells) and not is_idle(cells[place])]
            if (parts or places is not self._parts) and all(part.isdecimal() and len(part) < 10 for part in parts):
                said.add(str(sum(map(int, parts))))
        return frozenset(said - {""})

    def _add_up(self, cells: Sequence[str], place: int, parts: Sequence[int]) -> None:
        same = adds_up(cells, place, parts)
        if same is None:
            return
        column = self.columns[place]
        column.compared += 1
        column.differing += not same
        if not same and len(column.samples) < SAMPLES:
            column.samples[cells[place]] = None

    def _compare(self, number: int, cells: Sequence[str], places: Sequence[int]) -> None:
        """The first of these cells that says something, with each of the others that say something else."""
        filled = [
            place for place in places if place < len(cells) and self._content(cells[place]) is not Content.NOTHING
        ]
        for place in filled[1:]:
            one, other = cells[filled[0]], cells[place]
            if one == other or self._paired >= MOST_PAIRS:
                continue
            seen = self.pairs.setdefault((filled[0], place), {})
            texts = one[:LONGEST_PAIRED], other[:LONGEST_PAIRED]
            if texts not in seen:
                seen[texts] = number
                self._paired += 1


def _alike(profile: Profile, fields: Fields) -> list[list[int]]:
    """The columns of each field that has several in one row; not those that are parts of it, or their sum."""
    own = {place: number for number, template in enumerate(profile.templates) for place in template.columns}
    places: dict[tuple[str, int], list[int]] = {}
    for column in profile.columns:
        if column.field and column.field not in fields.kept_together and not column.added and not column.sum_of:
            places.setdefault((column.field, own.get(column.place, -1)), []).append(column.place)
    return [alike for alike in places.values() if len(alike) > 1]
