"""The ledger: what the platform acknowledged, what was sent without an answer, and what reached subscribers.

It is written by those who send, from answers alone: the checker holds it against what the platform then says.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from client.bulk import RowResult

Row = Mapping[str, Any]
Stage = Literal["submitted", "approved", "returned"]
TAKEN = frozenset({"created", "updated", "unchanged"})


class AnsweredReport(NamedTuple):
    """What of a report's row is held against what is kept."""

    sector: str
    area: str
    month: str
    status: str
    population_group: str | None
    newly_reached: bool | None
    total: int | None


def said(row: Row) -> AnsweredReport:
    return AnsweredReport._make([*(row.get(name) for name in AnsweredReport._fields[:-1]), row["people"]["total"]])


@dataclass
class Account:
    """What an organisation sent of one of its reports, and what it was told."""

    organisation: str
    external_id: str
    id: str | None = None
    acknowledged: dict[int, Row] = field(default_factory=dict)
    """Rows by the version they were acknowledged as."""
    doubtful: Row | None = None
    """A first version that was sent, and whose answer nobody waited for: it may be there or not."""


class Target(NamedTuple):
    version: int
    people: int | None


@dataclass(frozen=True)
class Poison:
    """A record that is no event, or none anybody can take."""

    kind: str
    topic: str
    key: bytes
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]
    kills: bool = True
    """Whether it must be found among the dead letters; what is only unknown is passed over."""


class Delivered(NamedTuple):
    """A delivery that reached the webhook."""

    delivery: str
    alert: str


@dataclass
class Ledger:
    accounts: dict[tuple[str, str], Account] = field(default_factory=dict)
    """By organisation and `external_id`."""
    decisions: dict[str, dict[int, Stage]] = field(default_factory=dict)
    """Stages by report and the version the decision made."""
    targets: dict[str, Target] = field(default_factory=dict)
    """By id."""
    organisations: set[str] = field(default_factory=set)
    """Those that were verified."""
    alerts: set[str] = field(default_factory=set)
    """Those that stand, and the ends of others."""
    ends: dict[str, str] = field(default_factory=dict)
    """The alert that each of these ended. It may have been passed over while it waited."""
    streamed: set[str] = field(default_factory=set)
    delivered: list[Delivered] = field(default_factory=list)
    poison: dict[tuple[str, bytes, bytes | None], Poison] = field(default_factory=dict)
    """By topic, key and value."""
    surprises: list[str] = field(default_factory=list)
    """Answers an honest client must never get."""

    def account(self, organisation: str, external_id: str) -> Account:
        return self.accounts.setdefault((organisation, external_id), Account(organisation, external_id))

    def acknowledge(self, organisation: str, row: Row, result: RowResult) -> None:
        """A row that was answered."""
        account = self.account(organisation, row["external_id"])
        if result.status not in TAKEN or result.version is None:
            self.surprises.append(f"{row['external_id']} was {result.status}: {result.errors}")
            return
        account.id = result.id
        account.acknowledged[result.version] = row

    def acknowledge_file(self, organisation: str, rows: Iterable[Row]) -> None:
        """Rows of a file that was worked on: reports nobody had sent before."""
        for row in rows:
            self.account(organisation, row["external_id"]).acknowledged[1] = row

    def decide(self, report_id: str, version: int, stage: Stage) -> None:
        """A decision that was answered, and the version it made."""
        self.decisions.setdefault(report_id, {})[version] = stage

    def doubt(self, organisation: str, rows: Sequence[Row]) -> None:
        """First versions whose answer nobody waited for."""
        for row in rows:
            self.account(organisation, row["external_id"]).doubtful = row

    def add_poison(self, poison: Poison) -> None:
        self.poison[poison.topic, poison.key, poison.value] = poison

    def summary(self) -> str:
        decisions, targets, alerts = sum(map(len, self.decisions.values())), len(self.targets), len(self.alerts)
        doubtful = sum(account.doubtful is not None for account in self.accounts.values())
        return (
            f"{self.reports} versions of {len(self.accounts)} reports ({doubtful} in doubt), {decisions} decisions, "
            f"{targets} targets, {alerts} alerts, {len(self.poison)} poison"
        )

    @property
    def reports(self) -> int:
        """Acknowledged versions."""
        return sum(len(account.acknowledged) for account in self.accounts.values())

    def settled(self, organisation: str) -> Iterator[Account]:
        """An organisation's reports that were acknowledged."""
        return (a for a in self.accounts.values() if a.organisation == organisation and a.acknowledged)
