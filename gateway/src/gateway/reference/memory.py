"""The gateway's memory: fed by the compacted registry topics, asked by every answer."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from contracts.areas import AreaChanged
from contracts.codes import IndicatorChanged, ScopeChanged, SectorChanged
from contracts.event import Event, Topic
from contracts.organisations import OrganisationChanged
from messaging import Kafka, Tombstone, follow

from gateway.reference.collection import Collection, Entry

HEARD = (OrganisationChanged, AreaChanged, SectorChanged, IndicatorChanged, ScopeChanged)
TOPICS: Sequence[Topic] = tuple(dict.fromkeys(event.topic for event in HEARD))


class ReferenceMemory:
    """Organisations, areas, sectors, indicators and scopes, by key."""

    def __init__(self) -> None:
        self.organisations = Collection()
        self.areas = Collection()
        self.sectors = Collection()
        self.indicators = Collection()
        self.scopes = Collection()
        self.complete = asyncio.Event()
        """Set once everything is read that was there at the start."""
        self._children: dict[str, set[str]] = {}
        self._countries: dict[str, str] = {}
        kept = (self.organisations, self.areas, self.sectors, self.indicators, self.scopes)
        self._homes: Mapping[type[Event], Collection] = dict(zip(HEARD, kept, strict=True))

    def take(self, states: Sequence[Event | Tombstone]) -> None:
        """Take what the registry announced, in any order and as often as it comes."""
        for state in states:
            if isinstance(state, Tombstone):
                self._remove(state)
            elif type(state) in self._homes:
                self._put(state)

    def organisation(self, organisation_id: str) -> Entry | None:
        """The organisation an id stands for: where it was merged, the one it was merged into."""
        found = self.organisations.get(organisation_id)
        return self.organisations.get(found["merged_into"]) if found and found["merged_into"] else found

    def area(self, country: str, pcode: str) -> Entry | None:
        return self.areas.get(f"{country}:{pcode}")

    def area_of(self, pcode: str) -> Entry | None:
        """The area of a P-code whose country is not said; the country that came first with it."""
        country = self._countries.get(pcode)
        return None if country is None else self.area(country, pcode)

    def knows_country(self, country: str) -> bool:
        """Whether any of its areas is known."""
        first = next(self.areas.after(f"{country}:"), None)
        return first is not None and bool(first["country"] == country)

    def sector(self, code: str) -> Entry | None:
        return self.sectors.get(f"sector:{code}")

    def indicator(self, code: str) -> Entry | None:
        return self.indicators.get(f"indicator:{code}")

    def children(self, country: str, pcode: str) -> Sequence[str]:
        """Keys of the areas directly below, in order."""
        return sorted(self._children.get(f"{country}:{pcode}", ()))

    def _put(self, state: Event) -> None:
        replaced = self._homes[type(state)].put(state.key, _entry_of(state))
        if isinstance(state, AreaChanged):
            self._place(state.key, replaced)

    def _place(self, key: str, replaced: Entry | None) -> None:
        entry = self.areas.get(key)
        if entry:
            self._countries.setdefault(entry["pcode"], entry["country"])
        for area, change in ((replaced, set.discard), (entry, set.add)):
            if area and area["parent"]:
                change(self._children.setdefault(f"{area['country']}:{area['parent']}", set()), key)

    def _remove(self, state: Tombstone) -> None:
        for event, home in self._homes.items():
            removed = home.remove(state.key) if event.topic.noun == state.topic.noun else None
            if removed and home is self.areas and removed["parent"]:
                self._children[f"{removed['country']}:{removed['parent']}"].discard(state.key)


def _entry_of(state: Event) -> dict[str, Any]:
    return state.model_dump(mode="json", exclude={"type"})


async def remember(
    memory: ReferenceMemory, kafka: Kafka, stop: asyncio.Event, on_end: Callable[[], None] = lambda: None
) -> None:
    """Follow the registry's topics until `stop`."""
    try:
        await follow(kafka, TOPICS, memory.take, stop, memory.complete)
    finally:
        on_end()
