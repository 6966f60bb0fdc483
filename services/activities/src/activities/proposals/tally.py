"""What the rows of a file come to before any of them counts: sums, problems by cause, values nobody knows."""

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from contracts.lines import normalised
from runtime.rows.outcomes import Outcome
from tables.fields import Kind
from tables.headings import SheetColumn

from activities.reports.as_written import as_text
from activities.reports.domain import Report
from activities.reports.sectors import NAMING_SECTOR
from activities.uploads.causes import Causes, RefusedRows, as_json, of_json, with_rows
from activities.uploads.commands import UploadStep
from activities.uploads.fields import REPORT_FIELDS

SAMPLES = 3
LONGEST_SAMPLE = 60
MOST_NAMED = 300
"""Different texts that are told of one kind."""
MOST_MET = 20_000
"""Different texts that are counted of one kind: a country has that many places."""
LONGEST_NAME = 200

AREAS = frozenset(f"adm{level}{ending}" for level in range(1, 5) for ending in ("", "_name")) | {"area"}
ORGANISATIONS = frozenset({"organisation", "organisation_acronym", "implementing_organisation"})
SETTLED = (
    AREAS
    | ORGANISATIONS
    | frozenset(NAMING_SECTOR)
    | {field for field, kind in REPORT_FIELDS.kinds.items() if kind in (Kind.CHOICE, Kind.YES_OR_NO)}
)
"""Fields whose values are entries of lists: one that nobody knows is settled once for all of its rows."""
UNRESOLVED = {
    "organisation_unresolved": ("organisation", "organisation_acronym"),
    "implementer_unresolved": ("implementing_organisation",),
    "community_unresolved": ("adm4_name", "adm4"),
}
"""Fields of which a row that was taken says a name nobody knows, by its flag."""

Named = dict[str, int]


@dataclasses.dataclass
class Tally:
    """What was met so far."""

    rows: int = 0
    accepted: int = 0
    unchanged: int = 0
    rejected: int = 0
    blank: int = 0
    people: Named = dataclasses.field(default_factory=dict)
    months: Named = dataclasses.field(default_factory=dict)
    sectors: Named = dataclasses.field(default_factory=dict)
    statuses: Named = dataclasses.field(default_factory=dict)
    organisations: Named = dataclasses.field(default_factory=dict)
    areas: Named = dataclasses.field(default_factory=dict)
    assumptions: Named = dataclasses.field(default_factory=dict)
    unknown: dict[str, Named] = dataclasses.field(default_factory=dict)
    """Values nobody knows, by field, with their rows."""
    causes: Causes = dataclasses.field(default_factory=dict)
    samples: dict[int, dict[int, list[str]]] = dataclasses.field(default_factory=dict)
    """First different texts, by sheet and by place of the column."""

    @classmethod
    def of(cls, draft: Mapping[str, Any]) -> "Tally":
        """What was met before the file was given back."""
        samples = {int(n): {int(place): texts for place, texts in of.items()} for n, of in draft["samples"].items()}
        return cls(**{**draft, "causes": of_json(draft["causes"]), "samples": samples})

    def as_json(self) -> dict[str, Any]:
        """The same, to be kept."""
        plain = {**vars(self), "causes": as_json(self.causes)}
        kept: dict[str, Any] = orjson.loads(orjson.dumps(plain, option=orjson.OPT_NON_STR_KEYS))
        return kept

    def add(self, step: UploadStep, reports: Iterable[Report], refused: Iterable[Outcome]) -> None:
        """Take the next rows of a sheet into account."""
        columns = step.sheet.profile.columns
        self.blank += step.passed.blank
        if step.passed.totals:
            _count(self.assumptions, "total_row_passed_over", step.passed.totals)
        self._sample(step.sheet.number, columns, [record.cells for record in step.records if not record.fault])
        for report in reports:
            self._add_report(report)
        rows = step.refused([*refused])
        self.causes = with_rows(self.causes, rows)
        for outcome in rows.outcomes:
            self._add_refused(outcome, rows)

    def _add_report(self, report: Report) -> None:
        sent = report.sent
        self.rows += 1
        self.accepted += 1
        for name, count in report.people:
            if count:
                _count(self.people, f"people.{name}", count)
        if sent.households:
            _count(self.people, "households", sent.households)
        _count(self.months, sent.month)
        _count(self.sectors, report.sector)
        _count(self.statuses, report.status.value)
        _count(self.areas, report.place.area)
        if report.owner.resolved and (called := sent.organisation or sent.organisation_acronym):
            _count(self.organisations, called[:LONGEST_SAMPLE])
        for flag in report.flags:
            _count(self.assumptions, flag)
            if said := next((field for field in UNRESOLVED.get(flag, ()) if getattr(sent, field)), None):
                self._note_unknown(said, getattr(sent, said))
        for kept, text in (sent.as_written or {}).items():
            if kept in SETTLED:
                self._note_unknown(kept, text)

    def _add_refused(self, outcome: Outcome, rows: RefusedRows) -> None:
        self.rows += 1
        self.rejected += 1
        for root in ((fault.field or "").partition(".")[0] for fault in outcome.errors):
            if root in SETTLED and (said := rows.value_of(root, outcome.row)):
                self._note_unknown(*said)

    def _note_unknown(self, field: str, text: str) -> None:
        if len(text) > LONGEST_NAME:
            return  # no entry of a list
        met = self.unknown.setdefault(field, {})
        if text in met or sum(map(len, self.unknown.values())) < MOST_MET:
            _count(met, as_text(text))

    def _sample(self, sheet: int, columns: Sequence[SheetColumn], rows: Sequence[Sequence[str]]) -> None:
        samples = self.samples.setdefault(sheet, {})
        for place in (column.place for column in columns):
            found = samples.setdefault(place, [])
            if len(found) >= SAMPLES:
                continue
            for cells in rows:
                text = normalised(cells[place]).strip()[:LONGEST_SAMPLE] if place < len(cells) else ""
                if text and text not in found:
                    found.append(text)
                    if len(found) >= SAMPLES:
                        break

    def values_to_settle(self) -> list[tuple[str, str, int]]:
        """Field, value and rows of what nobody knows, the most frequent first."""
        each = ((field, text, rows) for field, named in self.unknown.items() for text, rows in named.items())
        return sorted(each, key=lambda found: (-found[2], found[:2]))[:MOST_NAMED]

    def unknown_of(self, fields: Iterable[str]) -> Named:
        """Values nobody knows of all these fields."""
        found: Counter[str] = Counter()
        for field in fields:
            found.update(self.unknown.get(field, {}))
        return most_frequent(found)


def most_frequent(named: Mapping[str, int], most: int = MOST_NAMED) -> Named:
    """The first of them, the most frequent before the others."""
    return dict(sorted(named.items(), key=lambda each: (-each[1], each[0]))[:most])


def _count(counted: Named, name: str, by: int = 1) -> None:
    if name in counted or len(counted) < MOST_MET:
        counted[name] = counted.get(name, 0) + by
