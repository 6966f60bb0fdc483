"""A cursor is good for the list, filter and order it was made for, and for nothing else."""

import base64
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from runtime.cursors import Cursors
from runtime.problems import InvalidCursor

KEY = "k" * 32
POSITIONS = st.lists(st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(), max_size=4)


@given(POSITIONS)
def test_position_comes_back(position: list[object]) -> None:
    cursors = Cursors(KEY, bound_to=["reports", {"sector": "WSH"}])
    assert cursors.decode(cursors.encode(position)) == position


@given(POSITIONS, st.integers(0, 200), st.integers(1, 255))
def test_changed_cursor_is_refused(position: list[object], place: int, change: int) -> None:
    cursors = Cursors(KEY, bound_to="reports")
    cursor = cursors.encode(position)
    raw = bytearray(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    raw[place % len(raw)] ^= change
    with pytest.raises(InvalidCursor):
        cursors.decode(base64.urlsafe_b64encode(bytes(raw)).decode())


@given(st.text(max_size=80))
def test_any_text_is_refused_not_failed(text: str) -> None:
    with pytest.raises(InvalidCursor):
        Cursors(KEY, bound_to="reports").decode(text)


def test_cursor_of_another_filter_is_refused() -> None:
    cursor = Cursors(KEY, bound_to=["reports", {"sector": "WSH"}]).encode(["2026-03", str(uuid4())])
    with pytest.raises(InvalidCursor):
        Cursors(KEY, bound_to=["reports", {"sector": "PRO"}]).decode(cursor)
