"""Where an area stands: P-codes from the country down, each with its own level.

A level may be skipped (a settlement right under its district): then the levels stand beside the path. Where they do
not, none is skipped, and the place in the path is the level.
"""

from collections.abc import Sequence

FINEST_SHARED = 3
"""Sub-district: the finest level other organisations and other services get to see."""


def at_level(path: Sequence[str], levels: Sequence[int] | None, level: int) -> str | None:
    """The area of this level on a path; none where it is skipped, or lies below."""
    if not levels:
        return path[level] if level < len(path) else None
    return path[levels.index(level)] if level in levels else None


def by_level(path: Sequence[str], levels: Sequence[int] | None) -> tuple[str, ...]:
    """P-codes with each at the place of its level, an empty text where a level has none."""
    deepest = max(levels, default=-1) if levels else len(path) - 1
    return tuple(at_level(path, levels, level) or "" for level in range(deepest + 1))


def shared_steps(path: Sequence[str], levels: Sequence[int] | None) -> int:
    """How much of a path may be told: the areas down to the sub-district, by their own levels."""
    if not levels:
        return min(len(path), FINEST_SHARED + 1)
    return sum(level <= FINEST_SHARED for level in levels)
