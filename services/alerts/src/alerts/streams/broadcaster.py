"""The hub of an API process: reads each new alert once, asks once who of all listeners hears it, and hands it out."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import structlog
from database import Database
from messaging.failures import is_transient
from messaging.waiting import Hint, pause
from runtime.problems import Unavailable

from alerts import metrics
from alerts.alerts.queries import published_after, published_alerts
from alerts.alerts.store import CHANNEL
from alerts.deliveries.domain import shown
from alerts.reference.queries import check_known
from alerts.streams import queries
from alerts.streams.domain import EncodedAlert, Listener, alert_event
from alerts.streams.errors import TooManyStreams

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 1.0
TROUBLE_SECONDS: Final = 1.0
FIRST_LOOK_SECONDS: Final = 5.0
AT_ONCE: Final = 100
MOST_OF_ONE: Final = 20
"""Streams of one subject in this process."""
MOST_OF_ORGANISATION: Final = 100
"""Of all who act for one organisation."""


class Broadcaster:
    """Who listens here, and how far they have been told."""

    def __init__(self, database: Database, *, public_address: str) -> None:
        self._database = database
        self._public_address = public_address
        self._listeners: dict[Listener, None] = {}
        self._open: Counter[object] = Counter()
        """Streams by their subject, and by their organisation."""
        self._position: int | None = None
        self._looked = asyncio.Event()

    @property
    def position(self) -> int:
        """Every alert up to this number is in the queues of those who hear it."""
        assert self._position is not None, "nobody listens before the first look"
        return self._position

    @contextmanager
    def listening(self, listener: Listener) -> Iterator[None]:
        """Raises `TooManyStreams`."""
        holders = _holders(listener)
        for holder, most in holders.items():
            if self._open[holder] >= most:
                raise TooManyStreams(most)
        self._open.update(holders.keys())
        self._listeners[listener] = None
        metrics.STREAMS.inc()
        try:
            yield
        finally:
            metrics.STREAMS.dec()
            del self._listeners[listener]
            self._open -= Counter(holders.keys())  # keeps no holder of whom nothing is open

    async def ready(self) -> None:
        """Raises `Unavailable` where the database can't be looked at."""
        try:
            await asyncio.wait_for(self._looked.wait(), FIRST_LOOK_SECONDS)
        except TimeoutError:
            raise Unavailable from None

    async def check_known(self, country: str | None, areas: Sequence[str], sectors: Sequence[str]) -> None:
        """Raises the `Unknown…` of what a stream asks for in vain: it would wait for ever."""
        if country or areas or sectors:
            async with self._database.connection() as connection:
                await check_known(connection, country, areas, sectors, fields=("country", "area", "sector"))

    async def missed(self, listener: Listener, number: int) -> tuple[list[EncodedAlert], bool]:
        """What a listener has missed behind a number, and whether there was more than is told again."""
        async with self._database.connection() as connection:
            rows, more = await queries.missed(connection, listener, number)
            contents = await published_alerts(connection, [row["id"] for row in rows])
        return [self._encoded(row, contents[row["id"]]) for row in rows], more

    async def run(self) -> None:
        """Tell all listeners of new alerts, for ever."""
        while True:
            try:
                await self._listen()
            except Exception as failed:
                told_as = log.warning if is_transient(failed) else log.error
                told_as("streams.interrupted", cause=type(failed).__name__)
            await asyncio.sleep(TROUBLE_SECONDS)

    async def _listen(self) -> None:
        async with Hint.listening(self._database, CHANNEL) as hint:
            if self._position is None:
                async with self._database.connection() as connection:
                    self._position = await queries.position(connection)
                self._looked.set()
            while not hint.lost:
                hint.event.clear()
                if not await self._publish_new():
                    await pause(LOOK_SECONDS, hint.event)

    async def _publish_new(self) -> bool:
        """Hand out what is new; whether there was any."""
        async with self._database.connection() as connection:
            rows = await published_after(connection, self.position, most=AT_ONCE)
            if not rows:
                return False
            # Who joins after this line looks for what it missed by itself, and finds these.
            listeners = list(self._listeners)
            hear = await queries.recipients_of(connection, [row["id"] for row in rows], listeners) if listeners else {}
        for row in rows:
            self._hand_out(row, [listeners[place] for place in hear.get(row["number"], ())])
        self._position = int(rows[-1]["number"])
        return True

    def _hand_out(self, row: dict[str, Any], listeners: Sequence[Listener]) -> None:
        if listeners:
            encoded = self._encoded(row, row)
            for listener in listeners:
                listener.offer(encoded)

    def _encoded(self, row: dict[str, Any], content: dict[str, Any]) -> EncodedAlert:
        event = alert_event(row["number"], shown(content, (), public_address=self._public_address))
        return EncodedAlert(row["number"], row["recorded_at"], event)


def _holders(listener: Listener) -> dict[object, int]:
    """Whose streams are counted together, and how many there may be."""
    reader = listener.reader
    holders: dict[object, int] = {reader.subject: MOST_OF_ONE}
    if reader.organisation_id:
        holders[reader.organisation_id] = MOST_OF_ORGANISATION
    return holders
