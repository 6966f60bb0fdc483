"""What of a figure may be shown to whom: the rules of *Data responsibility*, in one place.

Who does not work on it is shown of a figure what the rows they may read add up to, and nothing more: then no sum or
difference of figures, over areas, groups, months or time, tells what a row withholds. Of protection they are shown no
people, but of closed months what was frozen of them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from contracts.protection import WITHHELD_PROTECTION, WITHHELD_SMALL, is_protection
from contracts.small_counts import SMALL_COUNT

REST = "people_not_disaggregated"
PARTS = ("people_men", "people_women", "people_boys", "people_girls", REST)
"""They add up to the total."""
OFFICIAL = ("official_people_total", "official_frequencies")
"""By approved reports alone; the other figures are by submitted ones too."""
DISABILITY = "people_with_disability"
FEW_ORGANISATIONS = "few_organisations"
"""Reason: the month is closed, but too few organisations beside the reader's own stand behind the count."""
WITHHELD_ROWS = "withheld_rows"
"""Reason: some reports are above what the reader may see, and are left out."""
OPEN = {
    "people_total": "open_total",
    "frequencies": "open_frequencies",
    "official_people_total": "open_official_total",
    "official_frequencies": "open_official_frequencies",
}
"""Measures that have a side without restricted rows, which are those above moderate."""
PEOPLE = ("people_total", *PARTS, DISABILITY, "frequencies", *OFFICIAL)


@dataclass(frozen=True)
class ClosedMonth:
    """What may be told of a closed month of protection, and when it was frozen."""

    counts: Mapping[str, int] = field(default_factory=dict)
    at: datetime | None = None


NOTHING = ClosedMonth()


def disclosed(figure: Mapping[str, Any], closed: ClosedMonth = NOTHING) -> dict[str, Any]:
    """The figure as it may be shown. Null is "not reported" unless `suppressed_fields` names the column."""
    if is_fully_visible(figure):
        return _with_nulls(figure, figure, (), None)
    if is_protection(figure["sector"]) and not figure["whole"]:
        return _of_protection(figure, closed)
    shown = {**figure, **{name: _open(figure, name, side) for name, side in OPEN.items()}}
    hidden = _withheld_parts(figure)
    shown |= dict.fromkeys(hidden)
    fewer = [name for name, side in OPEN.items() if figure["restricted"] and shown[name] != figure[name]]
    reason = WITHHELD_SMALL if hidden else None
    return _with_nulls(figure, shown, [*hidden, *fewer], WITHHELD_ROWS if figure["restricted"] else reason)


def is_fully_visible(figure: Mapping[str, Any]) -> bool:
    """Severe rows are seen by no working group: where one counts, its figures are those of everybody else."""
    return bool(figure["sees_severe"] or (figure["whole"] and not figure["severe"]))


def _of_protection(figure: Mapping[str, Any], closed: ClosedMonth) -> dict[str, Any]:
    """No people, unless the month is closed: what was not told is not told apart from what nobody reported."""
    shown = {**figure, **dict.fromkeys(PEOPLE)}
    if not closed.counts:
        return _with_nulls(figure, shown, PEOPLE, FEW_ORGANISATIONS if closed.at else WITHHELD_PROTECTION)
    shown |= {f"people_{name}": count for name, count in closed.counts.items()}
    shown |= {OFFICIAL[0]: closed.counts["total"], "basis": "official", "frozen_at": closed.at}
    return _with_nulls(figure, shown, [name for name in PEOPLE if shown[name] is None], FEW_ORGANISATIONS)


def _open(figure: Mapping[str, Any], name: str, side: str) -> int | None:
    """A measure without restricted rows; null where they alone are left."""
    known: int | None = figure[name]
    if known is None or not figure["restricted"]:
        return known
    open: int = figure[side]
    return open or None


def _withheld_parts(figure: Mapping[str, Any]) -> list[str]:
    """Parts of which some row withholds its own: all of them, for one by itself would come out of the total.

    A sum of parts that are shown is small only where nobody of them is new.
    """
    known = {name: count for name in (*PARTS, DISABILITY) if (count := figure[name]) is not None}
    small = {name for name, count in known.items() if count < SMALL_COUNT and (count or name != REST)}
    hidden = {*PARTS} if figure["parts_withheld"] or figure["restricted"] or not small.isdisjoint(PARTS) else set()
    if figure["disability_withheld"] or figure["restricted"] or DISABILITY in small:
        hidden.add(DISABILITY)
    return [name for name in known if name in hidden]


def _with_nulls(
    figure: Mapping[str, Any], shown: Mapping[str, Any], hidden: Collection[str], reason: str | None
) -> dict[str, Any]:
    whole = not hidden
    return {
        **shown,
        "suppressed": not whole,
        "suppressed_fields": [name for name in PEOPLE if name in hidden],
        "reason": _why_null(figure) if whole else reason,
        "official_reason": reason if OFFICIAL[0] in hidden else _why_not_official(figure),
    }


def _why_not_official(figure: Mapping[str, Any]) -> str | None:
    if figure["official_people_total"] is not None:
        return None
    if not figure["official_reports"]:
        return "no_approved_reports"
    return why_nobody(figure)


def _why_null(figure: Mapping[str, Any]) -> str | None:
    return None if figure["people_total"] is not None else why_nobody(figure)


def why_nobody(figure: Mapping[str, Any]) -> str:
    """Why the reports of a figure reach nobody by its counting rule."""
    if not figure["counts_people"]:
        return "services_only"
    if figure["unflagged"]:
        return "new_flag_missing"
    return "other_units" if figure["in_other_units"] else "no_people_counted"
