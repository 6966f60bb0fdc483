"""Of many states of an aggregate the newest is written, and aggregates in an order in which no two writers deadlock."""

from contracts.codes import SectorChanged
from contracts.event import newest
from contracts.values import Names
from hypothesis import given
from hypothesis import strategies as st

HEARD = st.lists(st.tuples(st.sampled_from(("WSH", "SHL", "PRO", "EDU")), st.integers(1, 9)))


@given(HEARD)
def test_newest_state_of_each_aggregate_is_left_in_the_order_of_keys(heard: list[tuple[str, int]]) -> None:
    events = [SectorChanged(version=version, code=code, names=Names(en=code)) for code, version in heard]
    kept = newest(events)
    assert [event.key for event in kept] == sorted({event.key for event in events})
    for event in kept:
        assert event.version == max(version for code, version in heard if code == event.code)
