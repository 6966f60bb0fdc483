"""Rows of a file find the same place whatever order they come in."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from registry.areas.domain import AreaPlace, AreaRow, Placing
from registry.countries.domain import PcodePattern, PcodePatterns
from registry.countries.errors import MalformedPattern


@st.composite
def trees(draw: Any) -> list[AreaRow]:
    """Areas of one country, three levels deep."""
    rows = [AreaRow(None, 1, f"XX{number}", {"en": "A"}, parent="XX") for number in range(draw(st.integers(1, 4)))]
    for level in (2, 3):
        above = [row for row in rows if row.level == level - 1]
        for number in range(draw(st.integers(0, 6))):
            parent = draw(st.sampled_from(above)) if above else rows[0]
            if parent.level == level - 1:
                rows.append(AreaRow(None, level, f"{parent.pcode}-{number}", {"en": "B"}, parent=parent.pcode))
    return [AreaRow(row, area.level, area.pcode, area.names, parent=area.parent) for row, area in enumerate(rows)]


def placed(rows: list[AreaRow], known: list[AreaPlace] | None = None) -> dict[str, tuple[str, ...]]:
    plan = Placing(known or [], PcodePatterns({}), None).plan(rows)
    assert plan.refused == []
    return {area.area.pcode: area.path for area in plan.placed}


@given(trees(), st.randoms(use_true_random=False))
def test_order_of_the_rows_does_not_matter(rows: list[AreaRow], chance: random.Random) -> None:
    mixed = list(rows)
    chance.shuffle(mixed)
    assert placed(mixed) == placed(rows)


@given(trees())
def test_path_leads_from_the_country_over_the_parents(rows: list[AreaRow]) -> None:
    paths = placed(rows)
    for row in rows:
        assert paths[row.pcode][-1] == row.pcode
        assert paths[row.pcode][0] == "XX"
        assert paths[row.pcode][:-1] == paths.get(row.parent or "", ("XX",))


@given(trees())
def test_what_is_known_is_placed_where_it_stands(rows: list[AreaRow]) -> None:
    paths = placed(rows)
    known = [AreaPlace(0, ("XX",)), *(AreaPlace(row.level, paths[row.pcode]) for row in rows)]
    assert placed(rows, known) == paths


@pytest.mark.parametrize(
    ("pattern", "fits", "fits_not"),
    [(r"SY\d{2}", "SY02", "SY021"), (r"^SY\d{2}$", "SY02", "XSY02"), (r"^C\d{4,}$", "C10031", "C100")],
)
def test_pattern_holds_for_the_whole_pcode(pattern: str, fits: str, fits_not: str) -> None:
    assert PcodePattern(pattern).fits(fits)
    assert not PcodePattern(pattern).fits(fits_not)


@pytest.mark.parametrize("pattern", ["((", "(a{1000}){1000}", r"(?=x)", r"(a)\1"])
def test_pattern_that_cannot_run_in_linear_time_is_refused(pattern: str) -> None:
    with pytest.raises(MalformedPattern):
        PcodePattern(pattern)
