"""The load: everybody who sends while bad luck strikes."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from client import Refused, Tansiq, Unreachable
from local.demo.sample import Size
from local.demo.scene import coordinators_of, partners_of, reference_of, sample_by_organisation

from tests.faults.actors import Coordinator, Secretariat
from tests.faults.ledger import Ledger
from tests.faults.partners import SendingPartner
from tests.faults.poison import Poisoner
from tests.faults.site import Site
from tests.faults.subscriber import subscribed

PATIENCE = 180.0
"""Seconds an honest client asks again with the same key; nothing that passes lasts so long."""
PARTNERS, REPORTS, MONTHS = 5, 100_000, 2
BREATH = 0.25
"""Seconds between two turns of one sender, on average."""


class Actor(Protocol):
    name: str

    async def turn(self) -> None: ...

    async def close(self) -> None: ...


@dataclass(frozen=True)
class Load:
    """Those who send, and the ledger they keep together."""

    ledger: Ledger
    actors: Sequence[Actor]
    partner: SendingPartner
    secretariat: Secretariat
    chance: random.Random

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """They send until the block ends; what they are about then is finished."""
        stop = asyncio.Event()
        acting = [asyncio.create_task(self._act(actor, stop)) for actor in self.actors]
        try:
            yield
        finally:
            stop.set()
            await asyncio.gather(*acting)

    async def _act(self, actor: Actor, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await actor.turn()
            except (Refused, Unreachable) as failed:
                self.ledger.surprises.append(f"{actor.name}: {failed!r}")
            await asyncio.sleep(self.chance.uniform(0, 2 * BREATH))


@asynccontextmanager
async def load_on(site: Site, seed: int) -> AsyncIterator[Load]:
    """Everybody registered, with a ledger of their own; nobody sends yet."""
    ledger, chance = Ledger(), random.Random(seed)
    size = Size(PARTNERS, MONTHS, REPORTS, seed)
    async with AsyncExitStack() as stack:
        office = await stack.enter_async_context(_client(site, "secretariat"))
        ground = await reference_of(office)
        sample = sample_by_organisation(size, ground)
        url = site.platform.url
        partners = await stack.enter_async_context(partners_of(office, url, size))
        coordinators = await stack.enter_async_context(coordinators_of(office, url))
        await stack.enter_async_context(subscribed(partners[0].credentials, ledger, PATIENCE))
        areas = [area.pcode for area in ground.areas]
        secretariat = Secretariat(_client(site, "secretariat"), areas, size.month_list, ledger, chance)
        sending = [SendingPartner(p, sample[p.organisation.number], ledger, chance, PATIENCE) for p in partners]
        actors: list[Actor] = [
            *sending,
            *(Coordinator(sector, given, ledger, chance, PATIENCE) for sector, given in coordinators.items()),
            secretariat,
            Poisoner(site.kafka, ledger, chance),
        ]
        for actor in actors:
            stack.push_async_callback(actor.close)
        yield Load(ledger, actors, sending[0], secretariat, chance)


def _client(site: Site, name: str) -> Tansiq:
    return site.platform.client(name, patience_seconds=PATIENCE)
