"""Small counts: which parts of a count of people are withheld from those who do not work on the row.

One rule for rows and for the figures made of them, so that the one never tells what the other withholds.
"""

from collections.abc import Mapping

SMALL_COUNT = 10
"""Parts under this are withheld, zero included."""

BY_SEX = ("men", "women", "boys", "girls")
BY_AGE = ("age_0_4", "age_5_11", "age_12_17", "age_18_59", "age_60_plus")
DISABILITY = "with_disability"
PARTS = (*BY_SEX, *BY_AGE, DISABILITY)
"""What a count of people is told apart by; its total is not withheld by this rule."""

_REST = ""
"""What the parts given leave of the total: nobody sends it, everybody can compute it."""


def withheld_parts(people: Mapping[str, int | None]) -> frozenset[str]:
    """Names of the parts that are withheld, with as many more as keep each from being computed back."""
    total = people.get("total")
    return frozenset([*_of(BY_SEX, people, total), *_of(BY_AGE, people, total), *_complements(people, total)])


def _of(partition: tuple[str, ...], people: Mapping[str, int | None], total: int | None) -> list[str]:
    """Of one partition of the total: the small parts and the first that is not small, or all of them.

    The choice goes by the order, so that it tells nothing of a size. Where together they leave too little room for
    doubt, all parts are withheld.
    """
    known = {name: count for name in partition if (count := people.get(name)) is not None}
    if not known:
        return []
    rest = max((total or 0) - sum(known.values()), 0)
    counts = {**known, _REST: rest} if rest else known
    small = [name for name, count in counts.items() if count < SMALL_COUNT]
    if not small:
        return []
    hidden = small + [name for name in counts if name not in small][:1]
    in_doubt = len(hidden) > len(small) and sum(counts[name] for name in hidden) >= 2 * SMALL_COUNT - 1
    return [name for name in (hidden if in_doubt else known) if name != _REST]


def _complements(people: Mapping[str, int | None], total: int | None) -> list[str]:
    """A subset of the total tells what it leaves of it as well."""
    count = people.get(DISABILITY)
    if count is None:
        return []
    leaves = 0 if total is None else total - count
    return [DISABILITY] if count < SMALL_COUNT or 0 < leaves < SMALL_COUNT else []
