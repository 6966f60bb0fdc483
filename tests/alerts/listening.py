"""A listener of the event stream, on a real socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx2
import orjson
from alerts.main import SERVICE
from runtime.application import build
from testkit.ports import listening
from testkit.service_clients import settings_of

PATH = "/v1/alerts/stream"


@asynccontextmanager
async def live_door(alerts: Any) -> AsyncIterator[httpx2.AsyncClient]:
    """The door on a real port."""
    service = replace(SERVICE, keys=lambda _: alerts.issuer.load_keys())
    app = build(service, settings_of(service, alerts.url))
    async with listening(app) as address, httpx2.AsyncClient(base_url=address, timeout=20) as client:
        client.app = app  # type: ignore[attr-defined]
        yield client


class Heard:
    """Events of one stream, as they come."""

    def __init__(self, response: httpx2.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def event(self) -> dict[str, str]:
        """The next block of lines that is no comment."""
        async with asyncio.timeout(15):
            while True:
                block = await self.block()
                if block.keys() - {"id", "retry", ""}:
                    return block

    async def block(self) -> dict[str, str]:
        found: dict[str, str] = {}
        async for line in self._lines:
            if not line:
                if found:
                    return found
                continue
            name, _, value = line.partition(":")
            found[name] = value.strip()
        raise EOFError

    async def alert(self) -> Any:
        event = await self.event()
        assert event["event"] == "alert"
        content = orjson.loads(event["data"])
        assert event["id"] == str(content["number"])
        return content


@asynccontextmanager
async def heard(live: Any, alerts: Any, who: str = "member", **sent: Any) -> AsyncIterator[Heard]:
    headers = {**alerts.bearer(who), **sent.pop("headers", {})}
    async with live.stream("GET", PATH, headers=headers, **sent) as response:
        assert response.status_code == 200, await response.aread()
        assert response.headers["content-type"].startswith("text/event-stream")
        stream = Heard(response)
        first = await stream.block()
        assert first["retry"] == "3000"
        yield stream
