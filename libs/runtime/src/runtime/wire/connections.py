"""Open connections by address. Where they are too many, the one that owes us bytes and has been silent longest is let
go, idle or with a request begun and not complete, and never the newcomer: who holds many open keeps nobody out, and
takes nothing from who is sending."""

from typing import Protocol

from runtime.wire.bounds import Bounds, Proxies, one_place

PAUSE_SECONDS = 1.0
"""How much longer who is in the middle of a body may be silent; no more, or held bodies would keep newcomers out."""


class BoundedConnection(Protocol):
    """A connection, which can be let go while it owes us bytes."""

    owing_since: float | None
    """The last moment it sent some; None while we owe it an answer."""

    @property
    def is_in_body(self) -> bool:
        """Whether a head has come whole, and its body not yet."""
        ...

    def let_go(self) -> None: ...


class OpenConnections:
    """The connections of one process, by address."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._proxies = Proxies(bounds.trusted_proxies)
        self._by_place: dict[str, set[BoundedConnection]] = {}
        self._total = 0

    def place_of(self, address: str) -> str:
        """Where somebody stands in the crowd; a proxy's connections are many people's, whom it knows apart itself."""
        return f"proxy {address}" if self._proxies.has(address) else one_place(address)

    def join(self, place: str, newcomer: BoundedConnection) -> bool:
        """Whether there is room for another, made where it must be."""
        here = self._by_place.setdefault(place, set())
        most = self._bounds.connections_per_address
        if most and len(here) >= most and not place.startswith("proxy "):
            _let_one_go(here, unless_below=most)
        if self._total >= self._bounds.connections and not self._make_room():
            return False
        # Looked up again: letting one go may have taken the last of a place with it.
        self._by_place.setdefault(place, set()).add(newcomer)
        self._total += 1
        return True

    def leave(self, place: str, who: BoundedConnection) -> None:
        here = self._by_place.get(place, set())
        if who in here:
            here.remove(who)
            self._total -= 1
        if not here:
            self._by_place.pop(place, None)

    def _make_room(self) -> bool:
        """The address with the most gives first."""
        places = sorted(self._by_place.values(), key=len, reverse=True)
        return any(_let_one_go(place) for place in places)


def _let_one_go(connections: set[BoundedConnection], *, unless_below: int = 1) -> bool:
    owing = [
        (since + PAUSE_SECONDS * each.is_in_body, each)
        for each in connections
        if (since := each.owing_since) is not None
    ]
    if len(owing) < unless_below:
        return False
    min(owing, key=lambda found: found[0])[1].let_go()
    return True
