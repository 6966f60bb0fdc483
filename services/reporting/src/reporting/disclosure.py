"""What of a figure may be shown to whom: the suppression rules of *Data responsibility*, in one place.

Complementary suppression works within one cell. Differences between cells (an area and those inside it, one group
and all together) are not guarded here: that is the disclosure control of frozen releases, for the public.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contracts.sensitivity import Sensitivity
from runtime.access import Caller, Relation, Role, clearance

SMALL_COUNT = 10
"""People counts under this are hidden, zero included."""
FEWEST_ORGANISATIONS = 3
"""In protection, people counts of fewer organisations are hidden."""
PROTECTION = "PRO"
NEVER_WHOLE = ("PRO-GBV", "PRO-CPN")
"""Sectors whose figures are whole for the secretariat alone, also within a coordinator's scope."""

REST = "people_not_disaggregated"
PARTS = ("people_men", "people_women", "people_boys", "people_girls", REST)
"""They add up to the total."""
OFFICIAL = ("official_people_total", "official_frequencies")
"""By approved reports alone; the other figures are by submitted ones too."""
PEOPLE = ("people_total", *PARTS, "people_with_disability", "frequencies", *OFFICIAL)


@dataclass(frozen=True)
class Sight:
    """How far somebody sees, as queries take it."""

    sees_all: bool
    """Every figure whole."""
    bounded: bool
    """Only rows inside `areas` are seen at all."""
    sectors: tuple[str, ...]
    areas: tuple[str, ...]
    organisation_id: UUID | None
    in_scope: Sensitivity | None
    """Highest level of reports in scope by which an organisation may be named."""
    other: Sensitivity | None


def sight_of(caller: Caller) -> Sight:
    role = caller.role
    scoped = role in (Role.COORDINATOR, Role.HUB)
    return Sight(
        sees_all=role is Role.SECRETARIAT,
        bounded=role is Role.HUB,
        sectors=caller.principal.sectors if role is Role.COORDINATOR else (),
        areas=caller.principal.areas if scoped else (),
        organisation_id=caller.organisation_id if role in (Role.MEMBER, Role.COORDINATOR) else None,
        in_scope=clearance(role, Relation.IN_SCOPE),
        other=clearance(role, Relation.OTHER),
    )


def disclosed(figure: Mapping[str, Any], *, whole: bool) -> dict[str, Any]:
    """The figure as it may be shown. Null is "not reported" unless `suppressed_fields` names the column."""
    hidden, reason = (frozenset[str](), None) if whole else _hidden(figure)
    shown = {name: None if name in hidden else value for name, value in figure.items()}
    shown["suppressed"] = bool(hidden)
    shown["suppressed_fields"] = [name for name in PEOPLE if name in hidden]
    shown["reason"] = reason or _why_null(figure)
    shown["official_reason"] = reason if OFFICIAL[0] in hidden else _why_not_official(figure)
    return shown


def _why_not_official(figure: Mapping[str, Any]) -> str | None:
    if figure["official_people_total"] is not None:
        return None
    if not figure["official_reports"]:
        return "no_approved_reports"
    return "no_people_counted" if figure["counts_people"] else "services_only"


def _why_null(figure: Mapping[str, Any]) -> str | None:
    if figure["people_total"] is not None:
        return None
    return "no_people_counted" if figure["counts_people"] else "services_only"


def _hidden(figure: Mapping[str, Any]) -> tuple[frozenset[str], str | None]:
    known = frozenset(name for name in PEOPLE if figure[name] is not None)
    if is_protection(figure["sector"]) and figure["organisations"] < FEWEST_ORGANISATIONS:
        return known, "few_organisations" if known else None
    total, frequencies = figure["people_total"], figure["frequencies"]
    leading = total if total is not None else frequencies
    if leading is not None and leading < SMALL_COUNT:
        return known, "small_count"
    small = (_hidden_parts(figure) | _hidden_beside(figure)) & known
    hidden = small | _hidden_official(figure) & known
    return hidden, "small_count" if small else "few_organisations" if hidden else None


def _hidden_official(figure: Mapping[str, Any]) -> frozenset[str]:
    """In protection the approved reports, or those that are not, may be of fewer organisations than all are.

    How many is not counted, so both sides are shown only where they are the same.
    """
    whole = figure["official_reports"] in (0, figure["reports"])
    return frozenset() if whole or not is_protection(figure["sector"]) else frozenset(OFFICIAL)


def is_protection(sector: str) -> bool:
    """Protection itself or one of its areas of responsibility."""
    return sector.partition("-")[0] == PROTECTION


def _hidden_parts(figure: Mapping[str, Any]) -> frozenset[str]:
    """Small parts, and as many more as keep them from being computed back as the rest of the total.

    Besides the small ones the first that is not small is hidden: in a fixed order, so that the choice tells nothing
    of its size. Where together they leave too little room for doubt, all parts are hidden.
    """
    parts = {name: figure[name] for name in PARTS if figure[name] is not None}
    if parts.get(REST) == 0:
        del parts[REST]  # "nobody is left" is no count of people
    small = [name for name, count in parts.items() if count < SMALL_COUNT]
    if not small:
        return frozenset()
    hidden = small + [name for name in parts if name not in small][:1]
    in_doubt = len(hidden) > len(small) and sum(parts[name] for name in hidden) >= 2 * SMALL_COUNT - 1
    return frozenset(hidden if in_doubt else parts)


def _hidden_beside(figure: Mapping[str, Any]) -> frozenset[str]:
    """Counts that stand beside the total: hidden when they, or what they leave of it, are small."""
    total, frequencies = figure["people_total"], figure["frequencies"]
    beside = [
        ("people_with_disability", total),
        ("official_people_total", total),
        ("official_frequencies", frequencies),
        ("frequencies", total),
        ("official_frequencies", figure["official_people_total"]),
    ]
    hidden = {name for name, whole in beside if figure[name] is not None and tells(figure[name], whole)}
    return frozenset(hidden)


def tells(count: int, whole: int | None) -> bool:
    """Whether a count, or what it leaves of the whole it stands beside, is small."""
    return count < SMALL_COUNT or (whole is not None and 0 < abs(whole - count) < SMALL_COUNT)
