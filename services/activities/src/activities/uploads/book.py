"""A file as its sheets: which are read, which are passed over and why, and their rows one after the other."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from runtime.problems import Refusal
from tables.agreement import Means, disagreement
from tables.doubts import Doubt, not_understood, refusal_of, settled, with_conventions
from tables.errors import EmptyFile, NoSheets, SheetEmpty
from tables.headings import SheetColumn
from tables.profile import Profile
from tables.proposing import proposed
from tables.records import RowSource, SkippedSheet, TableRecord
from tables.sheet import filled_rows, understood
from tables.survey import MOST_VALUES, SAMPLES, Survey, sums_of, survey

from activities.uploads.domain import PassedOver
from activities.uploads.errors import SheetIsSummary, SheetLeftOut, SheetWithoutReports
from activities.uploads.fields import REPORT_FIELDS
from activities.uploads.headings import report_headings
from activities.uploads.row_context import RowContext

LARGEST_BATCH = 4 * 1024 * 1024
"""Bytes of the file after which a batch ends, so that rows of long cells are not a thousand in memory at once."""
MOST_ROWS_PASSED = 200_000
"""Blank rows passed over at once; then the progress is noted."""

PLACES = frozenset({"area", *(f"adm{level}{ending}" for level in range(1, 5) for ending in ("", "_name"))})
BESIDE = frozenset({"country", "community", "neighbourhood", "site_name", "site_type", "latitude", "longitude", "year"})
"""What says more of a place or of a list of places, but nothing of what was done there."""
SECTORS = frozenset({"sector", "sector_name", "area_of_responsibility"})

SectorCalled = Callable[[str], str | None]
"""The code of the sector with this name."""


class OpenedFile(Protocol):
    """A file that was opened: its sheets in their order, and what of it was assumed or is known already."""

    @property
    def sources(self) -> Sequence[RowSource | SkippedSheet]: ...

    @property
    def assumptions(self) -> Sequence[str]: ...

    @property
    def size(self) -> int: ...


@dataclass(frozen=True)
class GivenProfiles:
    """How sheets are read of which somebody said so, by their place in the file."""

    profiles: Mapping[int, Profile] = field(default_factory=dict)
    are_all: bool = False
    """Whether the other sheets are left out."""
    mappings: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    """Id, version, name and fingerprint of the mapping that says so, where one does."""


@dataclass(frozen=True)
class ReportSheet:
    """A sheet whose headings were understood."""

    number: int
    """Its place in the file, from 1."""
    source: RowSource
    profile: Profile
    sector: str | None = None
    """The sector the sheet's own name says."""
    is_given: bool = False
    """Whether somebody said how it is read."""

    @property
    def holds_reports(self) -> bool:
        """Whether its headings name a place and something else: a list of places is no list of reports."""
        if self.is_given:
            return True
        fields = {column.field for column in self.profile.columns if column.field}
        return bool(fields & PLACES) and bool(fields - PLACES - BESIDE)


@dataclass(frozen=True)
class SheetRows:
    """The next filled rows of one sheet."""

    sheet: ReportSheet
    records: Sequence[TableRecord]
    passed: PassedOver
    """Rows between and behind them."""


class Book:
    """The sheets of a file, their headings understood; `failure` says why nothing of it can be read."""

    def __init__(
        self,
        opened: OpenedFile,
        sector: str | None,
        sector_called: SectorCalled,
        context: RowContext,
        given: GivenProfiles = GivenProfiles(),
    ) -> None:
        self._sector = sector
        self.given = given
        self._context = context
        self._sector_called = sector_called
        self._size = opened.size
        self.passed_over: list[SkippedSheet] = []
        self.sheets: list[ReportSheet] = []
        self.tops: dict[int, Sequence[TableRecord]] = {}
        """The first filled rows of each sheet that can be read."""
        for number, source in enumerate(opened.sources, start=1):
            self._look_at(number, source)
        self._choose()
        self.surveys = {sheet.number: survey(sheet.source, sheet.profile, REPORT_FIELDS) for sheet in self.sheets}
        self._pass_over_summaries()
        self._doubts: list[tuple[ReportSheet, Doubt]] = []
        self.sheets = [self._settled(sheet) for sheet in self.sheets]
        self.question: Refusal | None = None
        """What has to be asked of its columns before any row is taken."""
        self.read = 0
        """Rows read so far, over all sheets."""
        self._current = 0
        self._records = self._of_current()

    def _look_at(self, number: int, source: RowSource | SkippedSheet) -> None:
        if isinstance(source, SkippedSheet):
            self.passed_over.append(source)
            return
        said = self._sector_called(source.name) if source.name else None
        top = self.tops[number] = filled_rows(source)
        profile = self.given.profiles.get(number)
        if profile is not None:
            self.sheets.append(ReportSheet(number, source, profile, said, is_given=True))
            return
        try:
            if not top:
                raise SheetEmpty
            if self.given.are_all:
                raise SheetLeftOut
            profile = understood(top, report_headings(self._sector or said), source.name)
        except Refusal as reason:
            self.passed_over.append(SkippedSheet(number, source.name, reason))
        else:
            self.sheets.append(ReportSheet(number, source, profile, said))

    def _choose(self) -> None:
        """Of several sheets those that hold reports; lists of places and codes stand beside them in many workbooks."""
        reports = [sheet for sheet in self.sheets if sheet.holds_reports]
        if not reports or len(reports) == len(self.sheets):
            return
        lists = (sheet for sheet in self.sheets if not sheet.holds_reports)
        self.passed_over += [SkippedSheet(sheet.number, sheet.source.name, SheetWithoutReports()) for sheet in lists]
        self.passed_over.sort(key=lambda sheet: sheet.number)
        self.sheets = reports

    def _pass_over_summaries(self) -> None:
        """Of two sheets with the same figures the shorter one adds up the other."""
        for sheet in [sheet for sheet in self.sheets if not sheet.is_given]:
            if of := next((other for other in self.sheets if self._adds_up(sheet, other)), None):
                reason = SheetIsSummary(sheet=of.source.name or str(of.number))
                self.passed_over.append(SkippedSheet(sheet.number, sheet.source.name, reason))
                self.sheets.remove(sheet)
        self.passed_over.sort(key=lambda sheet: sheet.number)

    def _adds_up(self, sheet: ReportSheet, other: ReportSheet) -> bool:
        if 2 * self.surveys[sheet.number].rows > self.surveys[other.number].rows:
            return False
        fields, others = ({column.field for column in each.profile.columns if column.field} for each in (sheet, other))
        figures = {field for field in fields if field.startswith(REPORT_FIELDS.figures)}
        if not figures or not fields <= others:
            return False
        sums = sums_of(sheet.source, sheet.profile, figures)
        return any(sums.values()) and sums == sums_of(other.source, other.profile, figures)

    def _settled(self, sheet: ReportSheet) -> ReportSheet:
        """The sheet with what all of its rows say of its columns."""
        survey = self.surveys[sheet.number]
        if sheet.is_given:
            profile = with_conventions(sheet.profile, survey, REPORT_FIELDS)
        else:
            profile = settled(sheet.profile, survey, REPORT_FIELDS)
            profile = proposed(profile, survey, report_headings(self._sector or sheet.sector), self._known)
        doubts = not_understood(profile, survey, in_text=self._context.in_text)
        if said := self._sector or sheet.sector:
            doubts += _hidden_sectors(profile.columns, survey, said, self._sector_called)
        self._doubts += [(sheet, doubt) for doubt in doubts]
        lost = frozenset(doubt.column.place for doubt in doubts)
        return replace(sheet, profile=profile.model_copy(update={"lost": lost}))

    def _known(self, field: str, text: str) -> str | None:
        return self._sector_called(text) if field == "sector" else None

    @property
    def failure(self) -> Refusal | None:
        """Why nothing of the file can be read, where that is so."""
        if self.sheets:
            return self.question
        reasons = {sheet.reason.code: sheet.reason for sheet in self.passed_over}
        if reasons.keys() <= {SheetEmpty.code}:
            return EmptyFile()
        return next(iter(reasons.values())) if len(self.passed_over) == 1 else NoSheets()

    def ask(self, means: Means) -> None:
        """Look for what has to be asked of the columns before any row is taken."""
        self.question = self._disagreement(means) or self._loss()

    @property
    def columns_in_question(self) -> frozenset[tuple[int, int]]:
        """Columns that were not understood and hold what would be lost, by sheet and place."""
        return frozenset((sheet.number, doubt.column.place) for sheet, doubt in self._doubts)

    def _disagreement(self, means: Means) -> Refusal | None:
        found = (disagreement(sheet.profile, self.surveys[sheet.number], means) for sheet in self.sheets)
        return next((each for each in found if each), None)

    def _loss(self) -> Refusal | None:
        if self._context.form.accept_ignored or not self._doubts:
            return None
        several = len(self.sheets) > 1
        return refusal_of([(sheet.source.name if several else None, doubt) for sheet, doubt in self._doubts])

    def skip_to(self, records: int) -> None:
        """Pass over rows whose effects are stored already."""
        while self.read < records and self._current < len(self.sheets):
            if next(self._records, None) is None:
                self._next_sheet()
            else:
                self.read += 1

    def batch(self, most: int) -> SheetRows | None:
        """The next rows, blank ones passed over; nothing at the end of the file. Never rows of two sheets."""
        while self._current < len(self.sheets):
            before = self.read
            batch = self._next_of(self.sheets[self._current], most)
            if self.read > before:
                return batch
            self._next_sheet()
        return None

    def _next_of(self, sheet: ReportSheet, most: int) -> SheetRows:
        found: list[TableRecord] = []
        blank = rows = totals = 0
        ends = None
        for record in self._records:
            self.read += 1
            # Not before: another sheet of the same file may have been read last.
            ends = ends or sheet.source.position() + LARGEST_BATCH
            if record.number < sheet.profile.first_row:
                continue
            if sheet.profile.passes_over(record):
                blank += 1
                totals += sheet.profile.is_total(record)
            else:
                found.append(record)
                rows += sheet.profile.rows_of(record)
            if rows >= most or blank >= MOST_ROWS_PASSED or sheet.source.position() > ends:
                break
        return SheetRows(sheet, found, PassedOver(blank, totals))

    def _next_sheet(self) -> None:
        self._current += 1
        self._records = self._of_current()

    def _of_current(self) -> Iterator[TableRecord]:
        return self.sheets[self._current].source.records() if self._current < len(self.sheets) else iter(())

    @property
    def share(self) -> float:
        """How much of the file was read, 0 to 1."""
        if self._current >= len(self.sheets) or not self._size:
            return 1.0
        return min(1.0, self.sheets[self._current].source.position() / self._size)


def _hidden_sectors(
    columns: Sequence[SheetColumn], survey: Survey, said: str, sector_called: Callable[[str], str | None]
) -> list[Doubt]:
    """Columns that name other sectors than the form or the sheet's name, which all rows would get instead."""
    if {column.field for column in columns} & SECTORS:
        return []
    doubts = []
    for column in columns:
        surveyed = survey.columns[column.place]
        if column.field or not surveyed.values or len(surveyed.values) > MOST_VALUES:
            continue
        named = {sector_called(value) for value in surveyed.values}
        if None not in named and named != {said}:
            samples = dict.fromkeys(sorted(surveyed.values)[:SAMPLES])
            doubts.append(Doubt(column, replace(surveyed, samples=samples)))
    return doubts
