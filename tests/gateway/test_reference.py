"""What the gateway remembers of the registry."""

import random
from uuid import UUID

import pytest
from contracts.areas import AreaChanged
from contracts.folding import fold
from contracts.organisations import OrganisationChanged, OrganisationStatus
from contracts.values import Names
from gateway.reference.collection import Collection
from gateway.reference.memory import ReferenceMemory
from hypothesis import given
from hypothesis import strategies as st
from messaging import Tombstone


def area(version: int, parent: str | None = "SY", name: str = "Aleppo") -> AreaChanged:
    path = ("SY", "SY02") if parent else ("SY02",)
    return AreaChanged(
        version=version, country="SY", pcode="SY02", level=1, names=Names(en=name), parent=parent, path=path
    )


@given(st.lists(st.integers(1, 6), min_size=1))
def test_events_out_of_order_and_repeated_leave_the_newest(versions: list[int]) -> None:
    memory = ReferenceMemory()
    memory.take([area(version, name=f"name {version}") for version in versions])
    held = memory.area("SY", "SY02")
    assert held is not None
    assert held["version"] == max(versions)
    assert memory.areas.find(f"name {max(versions)}") == ["SY:SY02"]
    assert len(memory.areas) == 1


@given(st.randoms())
def test_children_follow_an_area_that_is_moved_whatever_the_order(chance: random.Random) -> None:
    events = [area(1, "SY"), area(2, "SYX"), area(3, "SY")]
    chance.shuffle(events)
    memory = ReferenceMemory()
    memory.take([*events, *events])
    assert memory.children("SY", "SY") == ["SY:SY02"]
    assert memory.children("SY", "SYX") == []


def test_a_tombstone_removes_the_area_from_every_index() -> None:
    memory = ReferenceMemory()
    memory.take([area(1), Tombstone(AreaChanged.topic, "SY:SY02"), Tombstone(AreaChanged.topic, "SY:SY02")])
    assert memory.area("SY", "SY02") is None
    assert memory.area_of("SY02") is None
    assert memory.areas.find("aleppo") == []
    assert memory.children("SY", "SY") == []
    assert list(memory.areas) == []


def test_a_tombstone_of_one_topic_leaves_the_others_alone(memory: ReferenceMemory) -> None:
    memory.take([Tombstone(AreaChanged.topic, "sector:WSH")])
    assert memory.sector("WSH") is not None


@pytest.mark.parametrize(
    ("written", "sought"),
    [("إدلب", "ادلب"), ("معرّة النعمان", "معره النعمان"), ("حلـــب", "حلب"), ("Al-Bāb", "al bab"), ("مصطفى", "مصطفي")],
)
def test_a_search_forgives_spelling(written: str, sought: str) -> None:
    collection = Collection()
    collection.put("a", {"version": 1, "names": {"ar": written}})
    assert collection.find(sought) == ["a"]
    assert collection.find(sought[:2]) == ["a"]


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.lists(st.text(alphabet="abcd ", max_size=8), max_size=12), st.text(alphabet="abcd ", max_size=4))
def test_a_search_finds_what_a_walk_through_all_finds(names: list[str], words: str) -> None:
    collection = Collection()
    for number, name in enumerate(names):
        collection.put(f"{number:03}", {"version": 1, "names": {"en": name}})
    needle = fold(words)
    expected = [f"{number:03}" for number, name in enumerate(names) if needle and needle in fold(name)]
    assert collection.find(words) == expected


def test_an_organisation_is_found_by_alias_and_acronym() -> None:
    memory = ReferenceMemory()
    changed = OrganisationChanged(
        version=1, id="0190d5b6-0000-7000-8000-000000000001", names=Names(ar="منظمة"), acronyms=Names(en="IHH"),
        aliases=("Relief House",), type_code="441", status=OrganisationStatus.VERIFIED,
    )  # fmt: skip
    memory.take([changed])
    assert memory.organisations.find("ihh") == memory.organisations.find("relief") == [str(changed.id)]


def test_a_merged_organisation_is_the_one_it_became_until_they_are_parted() -> None:
    old, new = (
        OrganisationChanged(
            version=1, id=UUID(int=number), names=Names(en=name), type_code="441", status=OrganisationStatus.VERIFIED
        )
        for number, name in ((1, "Old"), (2, "New"))
    )
    memory = ReferenceMemory()
    memory.take([new, old, old.model_copy(update={"version": 2, "merged_into": new.id})])
    merged = memory.organisation(str(old.id))
    assert merged is not None
    assert merged["names"]["en"] == "New"
    memory.take([old.model_copy(update={"version": 3})])
    parted = memory.organisation(str(old.id))
    assert parted is not None
    assert parted["names"]["en"] == "Old"
