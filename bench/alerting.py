"""How soon an alert is with its subscribers: a thousand webhooks, a tenth of them dead, then a thousand streams."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import orjson
from client import Credentials, Tansiq
from client.alerts import AlertQuery
from testkit.platform import Platform

from bench.figures import Measurement
from bench.fixture import bearer_of, server_of
from bench.load import LoadResult, ask_once, request

EACH = 20
"""Webhooks and streams of one client: no more streams are allowed to one."""
DEAD = 10
"""One in so many webhooks never answers."""
ALERTS = 5
PAUSE_SECONDS = 1.0
GIVE_UP = 20.0
AREA = "SY07"
WEBHOOKS, STREAMS = "Severe", "Moderate"
"""Severities: alerts of the one are for webhooks, of the other for streams, so that each is measured by itself."""
STREAM = f"/api/alerts/v1/alerts/stream?area={AREA}&severity={STREAMS}"
TARGETS = {0.5: "≤ 200 ms", 0.99: "≤ 1,000 ms"}


async def fan_out(platform: Platform, subscribers: int) -> list[Measurement]:
    """From the request that issues an alert until each subscriber has it."""
    async with AsyncExitStack() as stack:
        receiver = await stack.enter_async_context(server_of("bench.receiver"))
        clients = await _clients(platform, subscribers // EACH)
        alive = await _subscribe(clients, receiver)
        webhooks = await _webhooks(platform, receiver, alive)
        limit = await _plain_posts(receiver, alive)
        streams = await _streams(platform, clients)
    return [
        *_figures(f"alert to {subscribers} webhooks, a tenth dead", webhooks, limit),
        *_figures(f"alert to {subscribers} streams", streams, None),
    ]


def _figures(name: str, measured: LoadResult, limit: LoadResult | None) -> list[Measurement]:
    figures = []
    for share, target in TARGETS.items():
        raw = limit.milliseconds(share) if limit else None
        figures.append(Measurement(f"{name}, p{share * 100:.0f}", measured.milliseconds(share), "ms", raw, target))
    return figures


async def _clients(platform: Platform, count: int) -> list[Credentials]:
    """Hubs: whether they may see an alert has to be asked of its areas."""
    made = []
    async with platform.client("secretariat") as secretariat:
        for number in range(count):
            new = {"name": f"Hub {number} (bench)", "role": "hub", "areas": [AREA]}
            client = await secretariat.clients.make(new)
            made.append(Credentials(platform.url, client.client_id, client.client_secret))
    return made


async def _subscribe(clients: Sequence[Credentials], receiver: str) -> int:
    """Subscribe webhooks, a tenth of which are dead; how many are not."""
    alive = 0
    for place, credentials in enumerate(clients):
        async with Tansiq(credentials) as hub:
            for number in range(EACH):
                name = f"{'never' if number % DEAD == 0 else 'quick'}/{place}/{number}"
                await hub.subscriptions.add(f"{receiver}/{name}", AlertQuery(areas=(AREA,), severities=(WEBHOOKS,)))
                alive += name.startswith("quick")
    return alive


async def _webhooks(platform: Platform, receiver: str, alive: int) -> LoadResult:
    latencies: list[float] = []
    for _ in range(ALERTS):
        sent = await _issued(platform, WEBHOOKS)
        arrived = await _arrived(receiver, alive)
        latencies += [at - sent for at in arrived]
        await asyncio.sleep(PAUSE_SECONDS)
    return LoadResult(latencies, sum(latencies))


async def _arrived(receiver: str, count: int) -> list[float]:
    """When each of those that answer had it. Raises `RuntimeError` where one does not get it."""
    found: dict[str, float] = {}
    deadline = time.monotonic() + GIVE_UP
    while len(found) < count:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{len(found)} of {count} webhooks arrived within {GIVE_UP:.0f} s")
        await asyncio.sleep(0.5)
        for path, at in orjson.loads(await ask_once(receiver, request("GET", "/"))):
            if path.startswith("/quick"):
                found.setdefault(path, at)
    return list(found.values())


async def _plain_posts(receiver: str, count: int) -> LoadResult:
    """The limit: a body of that size posted to as many by aiohttp, and nothing else done."""
    body = orjson.dumps({"type": "alert.issued", "data": _alert(WEBHOOKS), "padding": "x" * 700})
    latencies: list[float] = []
    for _ in range(ALERTS):
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            sent = time.time()
            await asyncio.gather(*(_post(session, f"{receiver}/quick/{number}", body) for number in range(count)))
            latencies += [at - sent for at in await _arrived(receiver, count)]
    return LoadResult(latencies, sum(latencies))


async def _post(session: aiohttp.ClientSession, url: str, body: bytes) -> None:
    async with session.post(url, data=body) as answer:
        await answer.read()


async def _streams(platform: Platform, clients: Sequence[Credentials]) -> LoadResult:
    latencies: list[float] = []
    async with _open_streams(platform, clients) as streams:
        for _ in range(ALERTS):
            arrived = [stream.next_alert() for stream in streams]
            sent = await _issued(platform, STREAMS)
            async with asyncio.timeout(GIVE_UP):
                latencies += [at - sent for at in await asyncio.gather(*arrived)]
            await asyncio.sleep(PAUSE_SECONDS)
    return LoadResult(latencies, sum(latencies))


@asynccontextmanager
async def _open_streams(platform: Platform, clients: Sequence[Credentials]) -> AsyncIterator[list["Stream"]]:
    streams: list[Stream] = []
    try:
        for credentials in clients:
            token = await bearer_of(credentials)
            opened = [await Stream.open(platform.url, token) for _ in range(EACH)]
            streams += opened
            await asyncio.gather(*(stream.opened for stream in opened))
        yield streams
    finally:
        for stream in streams:
            stream.close()


class Stream(asyncio.Protocol):
    """A reader of server-sent events, through the gateway."""

    def __init__(self, sent: bytes) -> None:
        self._sent = sent
        self._held = b""
        self.opened: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._alert: asyncio.Future[float] | None = None

    @classmethod
    async def open(cls, origin: str, token: str) -> "Stream":
        address = urlsplit(origin)
        sent = request("GET", STREAM, accept="text/event-stream", authorization=token)
        loop = asyncio.get_running_loop()
        _, stream = await loop.create_connection(lambda: cls(sent), str(address.hostname), int(address.port or 80))
        return stream

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]  # uvloop's has no such base
        self._transport.write(self._sent)

    def next_alert(self) -> "asyncio.Future[float]":
        """When it came."""
        self._alert = asyncio.get_running_loop().create_future()
        return self._alert

    def data_received(self, data: bytes) -> None:
        self._held += data
        if not self.opened.done() and b"retry:" in self._held:
            self.opened.set_result(time.time())
        if b"event: alert" in self._held and self._held.endswith(b"\n\n\r\n") and self._alert:
            self._alert.set_result(time.time())
            self._alert, self._held = None, b""

    def connection_lost(self, exc: Exception | None) -> None:
        for waited in (self.opened, self._alert):
            if waited and not waited.done():
                waited.set_exception(RuntimeError(f"a stream ended: {self._held[:300]!r}"))

    def close(self) -> None:
        self._transport.close()


async def _issued(platform: Platform, severity: str) -> float:
    """When the request that issued an alert was sent."""
    async with platform.client("secretariat") as secretariat:
        await secretariat.session.sign_in()
        sent = time.time()
        await secretariat.alerts.issue(_alert(severity))
    return sent


def _alert(severity: str) -> dict[str, Any]:
    return {
        "country": "SY",
        "areas": [AREA],
        "sectors": ["SHL", "WSH"],
        "categories": ["Met"],
        "urgency": "Immediate",
        "severity": severity,
        "certainty": "Observed",
        "info": {
            "ar": {"event": "سيول", "headline": "سيول في مخيمات إدلب (عيّنة)", "instruction": "انتقلوا إلى مكان مرتفع."},
            "en": {"event": "Flash floods", "headline": "Flash floods in camps of Idlib (sample)"},
        },
    }
