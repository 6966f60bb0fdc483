"""What a figure may show to whom, and that what is hidden can't be computed back within it."""

import itertools
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reporting import disclosure
from reporting.disclosure import PARTS, PEOPLE, disclosed

COUNT = st.one_of(st.none(), st.integers(0, 40), st.integers(0, 5000))


def figure(**people: int | None) -> dict[str, Any]:
    return {
        **dict.fromkeys(PEOPLE),
        **people,
        "sector": "FSC",
        "organisations": 5,
        "reports": 7,
        "official_reports": 0,
        "counts_people": True,
    }


def in_parts(*parts: int | None) -> dict[str, Any]:
    known = [part for part in parts if part is not None]
    return figure(people_total=sum(known), frequencies=sum(known), **dict(zip(PARTS, parts, strict=True)))


def hidden(shown: dict[str, Any]) -> set[str]:
    return set(shown["suppressed_fields"])


def test_a_small_total_takes_everything_with_it_but_the_counts_of_organisations_and_reports() -> None:
    shown = disclosed(in_parts(2, 3, 2, 2, 0), whole=False)
    assert hidden(shown) == {"people_total", "frequencies", *PARTS}
    assert (shown["reason"], shown["suppressed"]) == ("small_count", True)
    assert (shown["organisations"], shown["reports"]) == (5, 7)


def test_one_small_part_takes_another_with_it_so_that_the_rest_does_not_tell_it() -> None:
    shown = disclosed(in_parts(100, 4, 80, 60, 0), whole=False)
    assert hidden(shown) == {"people_men", "people_women"}
    assert shown["people_total"] == 244


def test_what_was_not_reported_is_null_and_not_called_suppressed() -> None:
    shown = disclosed(in_parts(None, None, None, None, 90), whole=False)
    assert (shown["people_men"], shown["suppressed"], shown["reason"]) == (None, False, None)


def test_protection_of_two_organisations_hides_people_and_of_three_shows_them() -> None:
    few = disclosed({**in_parts(100, 100, 100, 100, 0), "sector": "PRO-CPN", "organisations": 2}, whole=False)
    enough = disclosed({**in_parts(100, 100, 100, 100, 0), "sector": "PRO", "organisations": 3}, whole=False)
    assert (few["people_total"], few["reason"], few["organisations"]) == (None, "few_organisations", 2)
    assert not enough["suppressed"]


def test_who_may_see_the_whole_figure_sees_it_whole() -> None:
    assert not disclosed({**in_parts(1, 2, 3, 0, 0), "sector": "PRO", "organisations": 1}, whole=True)["suppressed"]


@pytest.mark.parametrize(
    ("column", "count"),
    [("official_people_total", 395), ("people_with_disability", 395), ("frequencies", 407)],
)
def test_a_count_that_leaves_a_small_rest_of_the_total_is_hidden(column: Any, count: Any) -> None:
    shown = disclosed({**in_parts(100, 100, 100, 100, 0), column: count}, whole=False)
    assert hidden(shown) == {column}


def approved(total: int, frequencies: int, **more: Any) -> dict[str, Any]:
    """Four hundred people, by as many services, of whom so many by approved reports."""
    official = {"official_people_total": total, "official_frequencies": frequencies, "official_reports": 4}
    return {**in_parts(100, 100, 100, 100, 0), **official, **more}


@pytest.mark.parametrize(
    ("total", "frequencies", "taken"),
    [
        (300, 300, set()),
        (400, 400, set()),
        (9, 40, {"official_people_total"}),
        (395, 300, {"official_people_total"}),
        (300, 395, {"official_frequencies"}),
        (300, 304, {"official_frequencies"}),
        (391, 391, {"official_people_total", "official_frequencies"}),
    ],
)
def test_official_figures_give_neither_small_counts_nor_small_rests_away(
    total: int, frequencies: int, taken: set[str]
) -> None:
    shown = disclosed(approved(total, frequencies), whole=False)
    assert hidden(shown) == taken
    assert shown["official_reason"] == ("small_count" if "official_people_total" in taken else None)


def test_services_beside_people_do_not_tell_by_their_official_twin_what_is_hidden() -> None:
    shown = disclosed({**approved(400, 403), "frequencies": 403}, whole=False)
    assert hidden(shown) == {"frequencies", "official_frequencies"}


@pytest.mark.parametrize("sector", ["PRO", "PRO-HLP"])
def test_in_protection_official_figures_are_shown_where_all_reports_are_approved(sector: str) -> None:
    some = disclosed(approved(300, 300, sector=sector), whole=False)
    assert hidden(some) == {"official_people_total", "official_frequencies"}
    assert (some["people_total"], some["official_reason"], some["reason"]) == (
        400, "few_organisations", "few_organisations"
    )  # fmt: skip
    every = disclosed(approved(400, 400, sector=sector, official_reports=7), whole=False)
    assert (hidden(every), every["official_people_total"]) == (set(), 400)
    assert disclosed(approved(300, 300, sector=sector), whole=True)["official_people_total"] == 300


@pytest.mark.parametrize(
    ("approved_reports", "counts_people", "reason"),
    [(0, True, "no_approved_reports"), (3, True, "no_people_counted"), (3, False, "services_only")],
)
def test_an_official_figure_that_is_null_says_why(approved_reports: int, counts_people: bool, reason: str) -> None:
    whole = {**in_parts(100, 100, 100, 100, 0), "official_reports": approved_reports, "counts_people": counts_people}
    shown = disclosed(whole, whole=False)
    assert (shown["official_people_total"], shown["official_reason"]) == (None, reason)


@given(st.tuples(COUNT, COUNT, COUNT, COUNT, COUNT), COUNT, st.integers(1, 4))
def test_no_small_count_is_shown_and_never_one_part_alone_is_hidden(
    parts: Any, disabled: Any, organisations: Any
) -> None:
    shown = disclosed({**in_parts(*parts), "people_with_disability": disabled}, whole=False)
    for name in PEOPLE:
        if shown[name] is not None and name != "people_not_disaggregated":
            assert shown[name] >= disclosure.SMALL_COUNT
    if shown["people_total"] is not None:
        hidden_parts = [name for name in PARTS if name in hidden(shown)]
        visible = sum(shown[name] or 0 for name in PARTS)
        assert len(hidden_parts) != 1
        assert not hidden_parts or shown["people_total"] - visible >= disclosure.SMALL_COUNT
        assert hidden_parts or visible == shown["people_total"], "parts add up"


def test_even_who_knows_the_rule_can_not_compute_a_hidden_part_back(monkeypatch: Any) -> None:
    """All figures of a small world: those that look the same differ in each hidden column."""
    monkeypatch.setattr(disclosure, "SMALL_COUNT", 3)
    worlds: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for parts in itertools.product(range(8), repeat=5):
        for known in (5, 4, 2):
            truth = in_parts(*parts[:known], *[None] * (4 - known), *([parts[4]] if known < 5 else []))
            shown = disclosed(truth, whole=False)
            worlds[tuple(str(shown[name]) for name in (*PEOPLE, "suppressed_fields"))].append({**truth, "_": shown})
    for same in worlds.values():
        for name in hidden(same[0]["_"]) & set(PARTS):
            # The largest value of this small world may stand alone only because the world ends there.
            at_the_end = all(one[name] == 7 or any(one[part] == 7 for part in PARTS) for one in same)
            assert len({one[name] for one in same}) > 1 or at_the_end, (name, same[0])
