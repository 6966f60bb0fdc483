"""An upload: the file, who sent it, and how far a worker has come with it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from contracts.countries import CountryCode
from contracts.instants import ReportingMonth
from contracts.lines import as_code, line
from contracts.reports import ActivityStatus
from contracts.text import FORBIDDEN, Line
from pydantic import BaseModel, BeforeValidator, ConfigDict
from runtime.access import Role
from runtime.language import Language
from runtime.rows.outcomes import REJECTED, Outcome
from tables.profile import Profile
from tables.values import word

from activities.reports.domain import Sender
from activities.uploads.causes import Causes, RefusedRows, with_rows

LONGEST_NAME = 200
MOST_VALUES = 200
"""Different values that are listed of what was not understood."""
LONGEST_VALUE = 200
MOST_REFUSED = 10_000
"""Rows refused from the first on, after which a file is given up."""


def _status(status: object) -> object:
    return (word("status", status, {}) or status) if isinstance(status, str) else status


class UploadForm(BaseModel):
    """What the sender says of the whole file; each row may say otherwise."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    country: CountryCode = "SY"
    month: Annotated[ReportingMonth, BeforeValidator(as_code)] | None = None
    sector: Line | None = None
    organisation: Line | None = None
    status: Annotated[ActivityStatus, BeforeValidator(_status)] | None = None
    """Of rows that say none, in any word for it; people are not counted without one."""
    language: Language | None = None
    replaces: bool = False
    """The file is the whole of every organisation, sector and month that occurs in it."""
    accept_ignored: bool = False
    """Take the file though columns with figures or dates in it are not understood, and leave these out."""
    dry_run: bool = False
    """Read the file and tell how, but count nothing before that is confirmed."""
    confirm: bool = False
    """Nobody looks at a proposal: what is uncertain refuses the file."""


@dataclass(frozen=True)
class Upload:
    """A file a worker has taken on."""

    country: str
    id: UUID
    sender: Sender
    form: UploadForm
    size: int
    next_record: int
    progress: "UploadProgress"
    confirmed: Mapping[int, Profile] | None = None
    """How a person said its sheets are to be read, by their place in the file."""
    mappings: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    """The mappings its sheets were begun to be read by."""
    draft: Mapping[str, Any] | None = None
    """What was met of it so far for a proposal."""

    def waits_for_confirmation(self, *, in_question: bool) -> bool:
        """Whether a person is to see how it would be read before it counts."""
        return self.form.dry_run or (in_question and not self.form.confirm)


def file_name(name: str | None) -> str | None:
    """The file's name as it can be shown: without folders, bounded, and without what reorders or breaks a line."""
    if not name:
        return None
    bare = FORBIDDEN.sub("", re.split(r"[/\\]", name)[-1])
    return line(bare)[-LONGEST_NAME:].strip() or None


class PassedOver(NamedTuple):
    """Rows that are not read."""

    blank: int = 0
    """That hold nothing, or the total of others."""
    totals: int = 0
    """Those among them that hold the total of others."""


COUNTED = ("created", "updated", "unchanged", "superseded", REJECTED)


@dataclass
class UploadProgress:
    """Counts and assumptions so far."""

    counts: Counter[str] = field(default_factory=Counter)
    assumptions: Counter[str] = field(default_factory=Counter)
    by_sheet: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """Counts by the sheet's place in the file."""
    problems: Counter[str] = field(default_factory=Counter)
    """Problems by their code, whether they were kept or only counted."""
    not_understood: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Rows by field and the value that was kept as text alone, the first such values of the file."""
    causes: Causes = field(default_factory=dict)

    @property
    def is_hopeless(self) -> bool:
        """Whether so many rows were refused, and none taken, that the rest would be refused, too."""
        return self.counts["rows"] >= MOST_REFUSED and not self.counts["accepted"]

    def with_outcomes(
        self, outcomes: Sequence[Outcome], refused: RefusedRows, passed: "PassedOver"
    ) -> "UploadProgress":
        """The progress once these rows of one sheet, some of them refused, are stored."""
        counts, assumptions, problems = self.counts.copy(), self.assumptions.copy(), self.problems.copy()
        by_sheet = defaultdict(Counter, {place: counted.copy() for place, counted in self.by_sheet.items()})
        for counter in (counts, by_sheet[refused.sheet]):
            _count(counter, outcomes)
            counter["blank"] += passed.blank
        if passed.totals:
            assumptions["total_row_passed_over"] += passed.totals
        for outcome in outcomes:
            assumptions.update(outcome.flags)
            problems.update(error.code for error in outcome.errors)
        causes = with_rows(self.causes, refused)
        return UploadProgress(counts, assumptions, by_sheet, problems, self._with_values(outcomes), causes)

    def _with_values(self, outcomes: Iterable[Outcome]) -> Counter[tuple[str, str]]:
        found = self.not_understood.copy()
        for outcome in outcomes:
            for name, value in outcome.not_understood.items():
                entry = name, value[:LONGEST_VALUE]
                if entry in found or len(found) < MOST_VALUES:
                    found[entry] += 1
        return found

    def values_as_json(self) -> list[dict[str, object]]:
        """Each value with its field and in how many rows it stands, the most frequent first."""
        ordered = sorted(self.not_understood.items(), key=lambda entry: (-entry[1], entry[0]))
        return [{"field": name, "value": value, "rows": rows} for (name, value), rows in ordered]

    def sheets_as_json(self) -> dict[str, dict[str, int]]:
        return {str(place): counts_as_json(counts) for place, counts in self.by_sheet.items()}


def _count(counter: Counter[str], outcomes: Iterable[Outcome]) -> None:
    for outcome in outcomes:
        counter["rows"] += 1
        counter[outcome.status] += 1
        counter["accepted"] += outcome.status != REJECTED
        counter["flagged"] += bool(outcome.flags)
        counter["exact_repeats"] += outcome.exact_repeat


def counts_as_json(counts: Mapping[str, int]) -> dict[str, int]:
    """Rows that hold something, what became of them, and beside them how many rows hold nothing."""
    return {name: counts.get(name, 0) for name in ("rows", "accepted", *COUNTED, "flagged", "exact_repeats", "blank")}


def sender_of(row: Mapping[str, Any]) -> Sender:
    """The sender as they were let in when they sent the file."""
    return Sender(
        row["client"], Role(row["role"]), row["organisation_id"], frozenset(row["sectors"]), frozenset(row["areas"])
    )
