"""Counts of people: what was sent as a fraction is made whole, parts together with their total.

Parts that added up to their total add up to the rounded total (largest remainder: the parts that lose most by being cut
are rounded up, of equal ones the first).
"""

from collections.abc import Mapping
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Any

from runtime.counts import MOST_PEOPLE, NEAR, ONE, Neared, Rounded, fraction_of, rounded
from runtime.numbers import is_whole

PARTITIONS = (("men", "women", "boys", "girls"), ("age_0_4", "age_5_11", "age_12_17", "age_18_59", "age_60_plus"))
_NO_NUMBER = "?"
"""Stands for what is no count, so that its own field is refused."""
_COUNTS = frozenset({int, type(None)})


def people_as_written(values: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Rounded]]:
    """What was sent of people as counts, and those of them that were fractions."""
    if _COUNTS.issuperset(map(type, values.values())):
        return values, {}
    plain = {name: _as_written(value) for name, value in values.items()}
    fractions = {name: fraction for name, value in plain.items() if (fraction := fraction_of(value)) is not None}
    if not fractions:
        return plain, {}
    whole = _together({**_wholes(plain), **fractions})
    return {**plain, **{name: int(whole[name]) for name in fractions}}, {name: whole[name] for name in fractions}


def _as_written(value: object) -> object:
    if isinstance(value, bool):
        return _NO_NUMBER
    if isinstance(value, str):
        return value if is_whole(value) else _NO_NUMBER
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _wholes(values: Mapping[str, Any]) -> dict[str, Decimal]:
    """The counts among the values that are whole, to see whether parts add up."""
    return {name: Decimal(value) for name, value in values.items() if _is_count(value)}


def _is_count(value: object) -> bool:
    plain = isinstance(value, str) and value != _NO_NUMBER and len(value) <= len(str(MOST_PEOPLE)) + len(".00")
    return (type(value) is int or plain) and 0 <= float(str(value)) <= MOST_PEOPLE


def _together(exact: Mapping[str, Decimal]) -> dict[str, Rounded]:
    """All counts made whole: each partition with its total, what stands outside of both by itself."""
    whole = {name: rounded(value) for name, value in exact.items()}
    for names in PARTITIONS:
        parts = {name: _neared(exact[name]) for name in names if name in exact}
        if any(type(whole[name]) is Rounded for name in parts):
            whole |= _shared_out(parts, _sum_aimed_at(parts, exact.get("total")))
    return whole


def _sum_aimed_at(parts: Mapping[str, Decimal], total: Decimal | None) -> int:
    """The total made whole where the parts add up to it, else their own sum."""
    exact = sum(parts.values(), Decimal(0))
    adds_up = total is not None and abs(exact - total) <= NEAR * (len(parts) + 1)
    return int(rounded(total if total is not None and adds_up else exact))


def _neared(value: Decimal) -> Decimal:
    whole = value.quantize(ONE, ROUND_HALF_EVEN)
    return whole if abs(value - whole) <= NEAR else value


def _shared_out(parts: Mapping[str, Decimal], aim: int) -> dict[str, Rounded]:
    """The parts of one partition by largest remainder."""
    floors = {name: int(value.quantize(ONE, ROUND_FLOOR)) for name, value in parts.items()}
    cut = sorted((name for name in parts if parts[name] != floors[name]), key=lambda name: floors[name] - parts[name])
    up = cut[: max(aim - sum(floors.values()), 0)]
    return {name: Rounded(floor + (name in up)) if name in cut else Neared(floor) for name, floor in floors.items()}
