"""Where an area stands: P-codes from the country down, each with its own level.

A level may be skipped (a settlement right under its district): the place in a path is not the level.
"""

from collections.abc import Sequence

FINEST_SHARED = 3
"""Sub-district: the finest level other organisations and other services get to see."""


def levels_of(path: Sequence[str], levels: Sequence[int]) -> Sequence[int]:
    """The levels beside a path. Events from before levels were told have none: nothing was skipped there."""
    return levels or range(len(path))


def by_level(path: Sequence[str], levels: Sequence[int]) -> tuple[str, ...]:
    """P-codes with each at the place of its level, an empty text where a level has none."""
    beside = dict(zip(levels_of(path, levels), path, strict=True))
    return tuple(beside.get(level, "") for level in range(max(beside, default=-1) + 1))


def shared_steps(levels: Sequence[int]) -> int:
    """How much of a path may be told: the areas down to the sub-district, by their own levels."""
    return sum(level <= FINEST_SHARED for level in levels)
