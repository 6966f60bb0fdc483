"""A subscriber's server for webhooks, and the worker that sends to it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web
from alerts.deliveries.job import DeliveryWorker
from alerts.deliveries.sending import WebhookSender
from alerts.main import SERVICE
from database import Database
from testkit.service_clients import settings_of


@dataclass
class Receiver:
    """Webhooks as a subscriber's server sees them, by path; what it answers a test decides."""

    port: int = 0
    seen: dict[str, list[tuple[dict[str, str], bytes]]] = field(default_factory=dict)
    answers: dict[str, list[int]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    """Of every answer."""
    never: asyncio.Event = field(default_factory=asyncio.Event)
    """Until it is set, paths that begin with `never` get no answer."""

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/{path}"

    def alerts(self, path: str) -> list[dict[str, Any]]:
        """What arrived there, in its order."""
        return [orjson.loads(body)["data"] for _, body in self.seen.get(path, [])]

    async def take(self, request: web.Request) -> web.Response:
        path = request.path[1:]
        self.seen.setdefault(path, []).append((dict(request.headers), await request.read()))
        if path.startswith("never"):
            await self.never.wait()
        answers = self.answers.get(path, [])
        return web.Response(status=answers.pop(0) if answers else 204, headers=self.headers)


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """The server, on a port of its own."""
    made = Receiver()
    app = web.Application()
    app.router.add_post("/{path:.*}", made.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.port = runner.addresses[0][1]
    yield made
    made.never.set()
    await runner.cleanup()


@asynccontextmanager
async def postman(alerts: Any) -> AsyncIterator[DeliveryWorker]:
    """The worker's job as it runs beside the door, without Kafka."""
    settings = settings_of(SERVICE, alerts.url, webhooks_to_loopback=True)
    database = await Database.connect(alerts.url, application="worker")
    stop = asyncio.Event()
    async with WebhookSender(loopback=True) as sender:
        made = DeliveryWorker(database, settings, sender)
        running = asyncio.create_task(made.run(stop))
        try:
            yield made
        finally:
            stop.set()
            await running
    await database.close()


async def until(check: Any, seconds: float = 120) -> Any:
    """The first true answer of `check`."""
    async with asyncio.timeout(seconds):
        while not (found := await check()):  # noqa: ASYNC110  a database tells nobody
            await asyncio.sleep(0.02)
    return found


async def settled(alerts: Any, state: str = "delivered", count: int = 1) -> Any:
    """Deliveries in that state, once there are so many."""

    async def done() -> Any:
        rows = await alerts.rows("select * from delivery where state = $1 order by number", state)
        return rows if len(rows) >= count else None

    return await until(done)


async def due_now(alerts: Any) -> None:
    """Nothing waits for its next attempt any more."""
    async with alerts.database.transaction() as tx:
        await tx.execute("update delivery set due_at = now() where state = 'due'")
