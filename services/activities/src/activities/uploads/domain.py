"""An upload: the file, who sent it, and how far a worker has come with it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from contracts.values import Country, Month
from pydantic import BaseModel, ConfigDict
from runtime.access import Role
from runtime.language import Language
from runtime.text import Line

from activities.reports.domain import Outcome, Sender
from activities.uploads.cells import Form


class UploadForm(BaseModel):
    """What the sender says of the whole file; each row may say otherwise."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    country: Country = "SY"
    month: Month | None = None
    sector: Line | None = None
    organisation: Line | None = None
    language: Language | None = None


@dataclass(frozen=True)
class Upload:
    """A file a worker has taken on."""

    country: str
    id: UUID
    sender: Sender
    form: Form
    lease: UUID
    next_record: int
    progress: "Progress"
    traceparent: str | None


COUNTED = ("created", "updated", "unchanged", "superseded", "refused")


@dataclass
class Progress:
    """Counts and assumptions so far."""

    counts: Counter[str] = field(default_factory=Counter)
    assumptions: Counter[str] = field(default_factory=Counter)

    def add(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            self.counts["rows"] += 1
            self.counts[outcome.status] += 1
            self.counts["taken"] += outcome.status != "refused"
            self.counts["flagged"] += bool(outcome.flags)
            self.counts["exact_repeats"] += outcome.exact_repeat
            self.assumptions.update(outcome.flags)

    def counts_as_json(self) -> dict[str, int]:
        names = ("rows", "taken", *COUNTED, "flagged", "exact_repeats")
        return {name: self.counts[name] for name in names}


def sender_of(row: Mapping[str, Any]) -> Sender:
    """The sender as they were let in when they sent the file."""
    return Sender(
        row["client"], Role(row["role"]), row["organisation_id"], frozenset(row["sectors"]), frozenset(row["areas"])
    )
