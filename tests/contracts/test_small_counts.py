"""Parts that are withheld can't be computed back from what is shown beside them."""

import itertools
from collections import defaultdict
from typing import Any

import pytest
from contracts import small_counts
from contracts.small_counts import BY_AGE, BY_SEX, DISABILITY, withheld_parts
from hypothesis import given
from hypothesis import strategies as st

COUNT = st.one_of(st.none(), st.integers(0, 40), st.integers(0, 5000))


def people(total: int | None = None, **parts: int | None) -> dict[str, int | None]:
    known = [parts[name] or 0 for name in BY_SEX if name in parts]
    return {"total": sum(known) if total is None else total, **parts}


@pytest.mark.parametrize(
    ("given", "hidden"),
    [
        (people(men=100, women=100, boys=100, girls=100), set()),
        (people(men=100, women=4, boys=80, girls=60), {"men", "women"}),
        (people(men=100, women=0, boys=80, girls=60), {"men", "women"}),
        (people(men=12, women=4, boys=80, girls=60), {"men", "women", "boys", "girls"}),
        (people(men=4, women=5), {"men", "women"}),
        (people(total=100, men=4), {"men"}),
        (people(total=96, men=40, women=50), {"men"}),
        (people(total=90, men=40, women=50), set()),
        (people(total=100, age_0_4=3, age_5_11=97), {"age_0_4", "age_5_11"}),
        (people(total=100, with_disability=9), {DISABILITY}),
        (people(total=100, with_disability=95), {DISABILITY}),
        (people(total=100, with_disability=100), set()),
        (people(total=4), set()),
    ],
)
def test_small_parts_take_others_with_them_and_never_the_total(given: Any, hidden: set[str]) -> None:
    assert withheld_parts(given) == hidden


@given(st.tuples(*[COUNT] * 4), st.tuples(*[COUNT] * 5), COUNT, st.integers(0, 50))
def test_no_small_part_is_shown_and_none_is_the_rest_of_the_total(
    sexes: Any, ages: Any, disabled: Any, more: int
) -> None:
    sums = [sum(part for part in parts if part is not None) for parts in (sexes, ages)]
    parts = dict(zip((*BY_SEX, *BY_AGE, DISABILITY), (*sexes, *ages, disabled), strict=True))
    total = max(sums) + more
    given = people(total, **parts)
    hidden = withheld_parts(given)
    for name, count in parts.items():
        assert count is None or name in hidden or count >= small_counts.SMALL_COUNT
    for partition in (BY_SEX, BY_AGE):
        rest = total - sum(given[name] or 0 for name in partition)
        left = [given[name] for name in partition if name in hidden] + ([rest] if rest else [])
        assert hidden.isdisjoint(partition) or len(left) != 1 or not rest


def test_even_who_knows_the_rule_can_not_compute_a_withheld_part_back(monkeypatch: Any) -> None:
    """All counts of a small world: those that look the same differ in each part that is withheld."""
    monkeypatch.setattr(small_counts, "SMALL_COUNT", 3)
    worlds: dict[Any, list[Any]] = defaultdict(list)
    for parts in itertools.product([None, *range(8)], repeat=4):
        for rest in range(6):
            truth = dict(zip(BY_SEX, parts, strict=True))
            truth["total"] = sum(part for part in parts if part is not None) + rest
            hidden = withheld_parts(truth)
            shown = {name: None if name in hidden else count for name, count in truth.items()}
            worlds[(tuple(shown.values()), bool(hidden))].append((truth, hidden))
    for same in worlds.values():
        for name in frozenset.union(*(hidden for _, hidden in same)):
            values = {truth[name] for truth, _ in same}
            # The largest value of this small world may stand alone only because the world ends there.
            at_the_end = all(7 in truth.values() for truth, _ in same)
            assert len(values) > 1 or at_the_end, (name, same[0])
