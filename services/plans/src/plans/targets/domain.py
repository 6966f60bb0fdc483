"""Rules of a target: its period, where it may lie, what identifies it. No I/O."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from contracts.codes import belongs_to
from contracts.places import FINEST_SHARED
from contracts.targets import PEOPLE_UNIT
from runtime.access import Principal, Role
from runtime.counts import Rounded
from runtime.naming import (
    IndicatorOfOtherSector,
    MonthsReversed,
    PeriodTwice,
    UnknownArea,
    UnknownIndicator,
    UnknownSector,
)
from runtime.problems import OutsideYourScope, Refusal
from runtime.rows.outcomes import RowRejected

from plans.reference.domain import Area, Reference
from plans.targets import errors
from plans.targets.schemas import NewTarget

LONGEST_PERIOD = 60
"""Months."""


class Key(NamedTuple):
    """What makes a target the same one when it is sent again; empty texts are "as a whole" and "all groups"."""

    country: str
    sector: str
    area: str
    indicator: str
    population_group: str
    month_from: str
    month_to: str


@dataclass(frozen=True, slots=True)
class Target:
    """A target that can be taken."""

    key: Key
    path: tuple[str, ...]
    unit: str
    value: int | None
    """Null withdraws it."""
    flags: tuple[str, ...] = ()
    levels: tuple[int, ...] | None = None
    """Of each area of the path, where a level is skipped."""


def resolve(sent: NewTarget, sender: Principal, reference: Reference) -> Target:
    """The target a row means. Raises `RowRejected` with all reasons."""
    faults: list[Refusal] = []
    area = _area(sent, reference, faults)
    sector = _sector(sent, reference, faults)
    period = _period(sent, faults)
    unit = _unit(sent, sector, reference, faults)
    value = _value(sent, unit, faults)
    if area and sector:
        faults += _outside(sender, sector, area.path)
    if faults or not area or not sector or not period:
        raise RowRejected(faults)
    group = sent.population_group.value if sent.population_group else ""
    key = Key(sent.country, sector, area.pcode, sent.indicator or "", group, *period)
    return Target(key, area.path, unit, value, _flags(sent, sector, value), area.levels)


def _flags(sent: NewTarget, sector: str, value: int | None) -> tuple[str, ...]:
    by_name = ("sector_by_name",) if sector != sent.sector else ()
    return (*by_name, "rounded") if isinstance(value, Rounded) else by_name


def may_set(sender: Principal, sector: str, path: Iterable[str]) -> bool:
    """The secretariat sets every target, a coordinator those of its sectors in its areas."""
    return not _outside(sender, sector, path)


def _outside(sender: Principal, sector: str, path: Iterable[str]) -> list[Refusal]:
    if sender.role == Role.SECRETARIAT:
        return []
    if sender.role != Role.COORDINATOR or sector not in sender.sectors:
        return [OutsideYourScope("sector")]
    return [OutsideYourScope("area")] if set(sender.areas).isdisjoint(path) else []


def _area(sent: NewTarget, reference: Reference, faults: list[Refusal]) -> Area | None:
    area = reference.area(sent.country, sent.area)
    if area is None:
        faults.append(UnknownArea("area"))
    elif area.level > FINEST_SHARED:
        faults.append(errors.AreaTooFine("area"))
    return area


def _sector(sent: NewTarget, reference: Reference, faults: list[Refusal]) -> str | None:
    sector = reference.sectors.named(sent.sector)
    if sector is None:
        faults.append(UnknownSector("sector"))
    return sector


def _unit(sent: NewTarget, sector: str | None, reference: Reference, faults: list[Refusal]) -> str:
    if not sent.indicator:
        return PEOPLE_UNIT
    indicator = reference.indicators.get(sent.indicator)
    if indicator is None:
        faults.append(UnknownIndicator("indicator"))
        return PEOPLE_UNIT
    if sector and not belongs_to(sector, indicator.sector):
        faults.append(IndicatorOfOtherSector("indicator", expected=indicator.sector))
    return indicator.unit


def _value(sent: NewTarget, unit: str, faults: list[Refusal]) -> int | None:
    said = sent.model_fields_set & {"people", "value"}
    if not said:
        faults.append(errors.TargetMissing("people"))
    elif len(said) > 1:
        faults.append(errors.TargetTwice("value"))
    elif sent.people is not None and unit != PEOPLE_UNIT:
        faults.append(errors.NotInPeople("people", unit=unit))
    return sent.people if sent.people is not None else sent.value


def _period(sent: NewTarget, faults: list[Refusal]) -> tuple[str, str] | None:
    fault, period = _read_period(sent)
    if fault:
        faults.append(fault)
    return period


def _read_period(sent: NewTarget) -> tuple[Refusal | None, tuple[str, str] | None]:
    if sent.month:
        if sent.month_from or sent.month_to:
            return PeriodTwice("month"), None
        return None, (sent.month, sent.month)
    if not sent.month_from or not sent.month_to:
        return errors.PeriodMissing("month_to" if sent.month_from else "month_from" if sent.month_to else "month"), None
    if sent.month_to < sent.month_from:
        return MonthsReversed("month_to").formerly("period_reversed"), None
    if _months(sent.month_from, sent.month_to) > LONGEST_PERIOD:
        return errors.PeriodTooLong("month_to", limit=LONGEST_PERIOD), None
    return None, (sent.month_from, sent.month_to)


def _months(first: str, last: str) -> int:
    return (int(last[:4]) - int(first[:4])) * 12 + int(last[5:]) - int(first[5:]) + 1
