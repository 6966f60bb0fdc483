"""A chain: an alert with its Updates and its Cancel, each of which supersedes the one before. It has one end.

CAP lets a message refer to several: then their chains go on as one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from contracts.alerts import AlertScope, MessageType
from runtime.access import Principal
from runtime.problems import Refusal

from alerts.alerts.domain import Alert
from alerts.alerts.errors import AddresseeLeftOut, ChainTooLong, ReferenceCancelled, ScopeNarrower

LONGEST: Final = 500
"""Messages of a chain: each names all before it."""

Message = Mapping[str, Any]
"""A row of `alert`, as it is locked."""


@dataclass(frozen=True)
class Chain:
    """What a new message goes on with."""

    referenced: Sequence[Message] = ()

    @property
    def ends(self) -> list[Message]:
        """Messages nothing has superseded yet."""
        return [one for one in self.referenced if one["superseded_by"] is None]

    @property
    def supersedes(self) -> tuple[UUID, ...]:
        """All earlier messages, the referenced ones included."""
        return tuple(sorted({id for one in self.referenced for id in (one["id"], *one["supersedes"])}))

    @property
    def areas(self) -> set[str]:
        return {area for one in self.referenced for area in one["chain_areas"]}

    @property
    def within(self) -> set[str]:
        return {area for one in self.referenced for area in one["chain_within"]}

    @property
    def left_behind(self) -> list[Message]:
        """Referenced messages whose chain has gone on to one that is not referenced."""
        going_on = {id for end in self.ends for id in end["supersedes"]}
        return [one for one in self.referenced if one["superseded_by"] is not None and one["id"] not in going_on]


def faults(chain: Chain, alert: Alert, sender: Principal) -> Iterator[Refusal]:
    """What speaks against going on with this message: the chain has ended, or somebody would not hear of it."""
    if len(chain.supersedes) >= LONGEST:
        yield ChainTooLong("references", limit=LONGEST)
    for end in chain.ends:
        if end["message_type"] == MessageType.CANCEL:
            yield ReferenceCancelled("references", reference=end["identifier"])
        elif alert.scope is AlertScope.PRIVATE:
            yield from _unreached(end, alert, sender)


def _unreached(end: Message, alert: Alert, sender: Principal) -> Iterator[Refusal]:
    """Whom the end of the chain reached and this message would not."""
    if end["scope"] != AlertScope.PRIVATE:
        yield ScopeNarrower("scope", reference=end["identifier"])
        return
    reached = {*end["addresses"], end["organisation_id"]} - {None, *sender.reader.organisations}
    for organisation in sorted(reached - {*alert.addresses}):
        yield AddresseeLeftOut("addresses", organisation=organisation, reference=end["identifier"])
