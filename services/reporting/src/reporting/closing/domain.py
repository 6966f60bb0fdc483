"""What of a frozen month of protection may be told to one reader. No I/O."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.small_counts import SMALL_COUNT

FEWEST_ORGANISATIONS = 3
"""Organisations that must contribute people to a figure of protection, beside the reader's own."""

OPEN_DAYS = 20
"""Days a month stays open after its end: partners report by the tenth, working groups review after that."""

TOTAL, REST, DISABILITY = "total", "not_disaggregated", "with_disability"
PARTS = ("men", "women", "boys", "girls", REST)
MEASURES = (TOTAL, *PARTS, DISABILITY)


@dataclass(frozen=True)
class Contribution:
    """What one organisation reported of one that did the work: approved reports of a group, added up."""

    population_group: str
    organisation_id: UUID
    implementer_id: UUID
    resolved: bool
    implementer_resolved: bool
    counts: Mapping[str, int | None]
    frozen_at: datetime

    def is_of(self, own: Collection[UUID]) -> bool:
        return self.organisation_id in own or self.implementer_id in own


def disclosed_measures(
    contributions: Sequence[Contribution], group: str | None, own: Collection[UUID]
) -> dict[str, int]:
    """Measures of a governorate's month that may be told to this reader, of one group or of all together.

    Groups are told all or none, or the one that is left would come out of all together; parts too, and of all groups
    together alone.
    """
    if not _enough(contributions, TOTAL, own):
        return {}
    if group is None:
        return {TOTAL: _sum(contributions, TOTAL), **_parts(contributions, own)}
    groups = _by_group(contributions)
    if group not in groups or not all(_enough(one, TOTAL, own) for one in groups.values()):
        return {}
    return {TOTAL: _sum(groups[group], TOTAL)}


def _parts(contributions: Sequence[Contribution], own: Collection[UUID]) -> dict[str, int]:
    known = [name for name in PARTS if any(one.counts[name] is not None for one in contributions)]
    without_rest = [name for name in known if name != REST or _sum(contributions, REST)]
    told = {name: _sum(contributions, name) for name in known}
    if not all(_enough(contributions, name, own) for name in without_rest):
        told = {}
    if _enough(contributions, DISABILITY, own) and _leaves_enough(contributions, own):
        told[DISABILITY] = _sum(contributions, DISABILITY)
    return told


def _leaves_enough(contributions: Sequence[Contribution], own: Collection[UUID]) -> bool:
    """Whether those without a disability are as many, of as many organisations, as may be told."""
    left = [(one.counts[TOTAL] or 0) - (one.counts[DISABILITY] or 0) for one in contributions]
    return _may_be_disclosed(contributions, left, own)


def _enough(contributions: Sequence[Contribution], measure: str, own: Collection[UUID]) -> bool:
    return _may_be_disclosed(contributions, [one.counts[measure] or 0 for one in contributions], own)


def _may_be_disclosed(contributions: Sequence[Contribution], counts: Sequence[int], own: Collection[UUID]) -> bool:
    """Whether enough people of enough organisations are left once the reader subtracts what it knows itself.

    One that reports for others stands for itself alone: as many must have reported as did the work.
    """
    others = [
        (one, count) for one, count in zip(contributions, counts, strict=True) if count > 0 and not one.is_of(own)
    ]
    reporting = {one.organisation_id for one, _ in others if one.resolved}
    working = {one.implementer_id for one, _ in others if one.implementer_resolved}
    return min(len(reporting), len(working)) >= FEWEST_ORGANISATIONS and sum(n for _, n in others) >= SMALL_COUNT


def _by_group(contributions: Collection[Contribution]) -> dict[str, list[Contribution]]:
    groups: dict[str, list[Contribution]] = {}
    for one in contributions:
        if one.counts[TOTAL]:
            groups.setdefault(one.population_group, []).append(one)
    return groups


def _sum(contributions: Sequence[Contribution], measure: str) -> int:
    return sum(one.counts[measure] or 0 for one in contributions)
