"""Rules of a report: whose it is, where it was, what identifies it, whether its numbers add up. No I/O."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from uuid import UUID, uuid5

import orjson
from contracts.folding import fold
from contracts.places import at_level
from contracts.reports import ActivityStatus
from contracts.sensitivity import Sensitivity
from runtime.access import Principal, Role
from tables.values import is_no_name

from activities.reports.schemas import NewReport, ReportedPeople

PROVIDERS = UUID("6f1d3f0e-6a9c-5d2b-9a53-6b8f5b7d2c11")
"""Namespace of the ids of names nobody has resolved."""

UNIT_EDITION = 2
"""Raised with the rule of `unit_key_of`, and with the folding: what stands is keyed anew."""
SEVERE_SECTORS = frozenset({"PRO-GBV", "PRO-CPN"})
BY_SEX = attrgetter("men", "women", "boys", "girls")
NONE_TOLD = (None,) * 5
BY_AGE = attrgetter("age_0_4", "age_5_11", "age_12_17", "age_18_59", "age_60_plus")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends reports, and for whom and where they may."""

    subject: str
    role: Role
    organisation_id: UUID | None = None
    sectors: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()

    @classmethod
    def of(cls, caller: Principal) -> "Sender":
        return cls(
            caller.subject, caller.role, caller.organisation_id, frozenset(caller.sectors), frozenset(caller.areas)
        )


@dataclass(frozen=True, slots=True)
class OrganisationRef:
    """The organisation a report names: of the registry, or a provider's name nobody has resolved."""

    id: UUID
    acronym: str | None = None
    name: str | None = None
    resolved: bool = True

    @property
    def provider_name(self) -> str | None:
        return None if self.resolved else self.name or self.acronym


@dataclass(frozen=True, slots=True)
class ReportPlace:
    """The deepest area a report names, with what it says below that."""

    area: str
    path: tuple[str, ...]
    as_sent: str | None = None
    community: str | None = None
    levels: tuple[int, ...] | None = None
    """Of each area of the path, where a level is skipped."""

    @property
    def levels_as_text(self) -> list[str] | None:
        return [str(level) for level in self.levels] if self.levels else None

    @property
    def adm1(self) -> str | None:
        return self._at(1)

    @property
    def adm2(self) -> str | None:
        return self._at(2)

    @property
    def adm3(self) -> str | None:
        return self._at(3)

    def _at(self, level: int) -> str | None:
        return at_level(self.path, self.levels, level)


@dataclass(frozen=True, slots=True)
class Report:
    """A report that can be taken: what was sent, and what was understood."""

    sent: NewReport
    owner: OrganisationRef
    implementer: OrganisationRef | None
    sector: str
    place: ReportPlace
    status: ActivityStatus
    people: ReportedPeople
    unit_key: str
    flags: tuple[str, ...]
    content: bytes = b""
    sensitivity: Sensitivity = Sensitivity.MODERATE


@dataclass(frozen=True, slots=True)
class Origin:
    """The file a report came in, and the sheet of it."""

    upload_id: UUID | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Identified:
    """A report with what makes it the same one when it is sent again."""

    row: int
    report: Report
    identity: str
    exact_repeat: bool
    provider_id: UUID | None = None
    """The id its organisation's name had before somebody registered it."""

    @property
    def key(self) -> tuple[str, str, str]:
        return self.report.sent.country, str(self.report.owner.id), self.identity

    @property
    def flags(self) -> list[str]:
        return [*self.report.flags, *(["exact_repeat"] if self.exact_repeat else [])]


@dataclass(slots=True)
class RepeatCounter:
    """How often a row to the letter was met so far in a request or a file, under what makes rows the same kind."""

    counts: Counter[tuple[bytes, bytes]] = field(default_factory=Counter)

    def is_repeat(self, kind: bytes, row_hash: bytes) -> bool:
        """Whether the row repeats another to the letter."""
        self.counts[kind, row_hash] += 1
        return self.counts[kind, row_hash] > 1


NAMED = "e:"


def named_identity(external_id: str) -> str:
    """What a report with an id of the organisation's own is found by."""
    return f"{NAMED}{external_id}"


def unnamed_identity(id: UUID) -> str:
    """What a report without one is kept by."""
    return f"n:{id.hex}"


@lru_cache(maxsize=10_000)
def provider_id(acronym: str | None, name: str | None) -> UUID:
    """The id of a name nobody has resolved: the same for every spelling that folds to the same."""
    return uuid5(PROVIDERS, f"{fold(acronym or '')}|{fold(name or '')}")


def unit_key(secret: bytes, sent: NewReport, place: ReportPlace) -> str:
    """Opaque key of where people are counted once: a site of its community, else the community, else the area."""
    site = sent.site_name or (sent.as_written or {}).get("site_name")
    return unit_key_of(secret, sent.country, place.area, place.community, site)


def unit_key_of(secret: bytes, country: str, area: str, community: str | None, site: str | None) -> str:
    """The same of what is kept; a community or site that is no name is none."""
    community, site = _name_of(community), _name_of(site)
    if site:
        return _opaque(secret, country, "site", area, *([community] if community else []), site)
    return _opaque(secret, country, "community" if community else "area", area, community)


def _name_of(text: str | None) -> str:
    return "" if text is None or is_no_name(text) else fold(text) or text


@lru_cache(maxsize=20_000)
def _opaque(secret: bytes, *unit: str) -> str:
    return hmac.digest(secret, "\n".join(unit).encode(), "sha256").hex()[:32]


def adds_up(people: ReportedPeople) -> bool:
    """Whether both partitions and the subset fit the total. What is missing is "not disaggregated"."""
    total = people.total
    if total is None:
        return True
    if people.with_disability is not None and people.with_disability > total:
        return False
    return _fits(BY_SEX(people), total) and _fits(BY_AGE(people), total)


def _fits(parts: tuple[int | None, ...], total: int) -> bool:
    if parts == NONE_TOLD[: len(parts)]:
        return True
    known = _known(parts)
    return sum(known) == total if len(known) == len(parts) else sum(known) <= total


def _known(parts: Sequence[int | None]) -> list[int]:
    return [part for part in parts if part is not None]


def total_from_parts(people: ReportedPeople) -> int | None:
    """The total where none was sent: the greater sum of the parts given, for no fewer people can have been counted."""
    if people.total is not None:
        return None
    return max((sum(known) for known in (_known(BY_SEX(people)), _known(BY_AGE(people))) if known), default=None)


def digest(values: object) -> bytes:
    """A short hash of plain values."""
    return hashlib.blake2b(orjson.dumps(values, default=str), digest_size=16).digest()
