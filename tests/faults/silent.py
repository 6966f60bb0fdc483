"""Callers that open connections and say half of what they came for, and whether all others are served beside them."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx2
from client import Credentials
from testkit.raw import Line, line_to

IDLE_BODIES, HALF_HEADS = 205, 1500
BODY = b"POST /api/registry/v1/organisations HTTP/1.1\r\nHost: tansiq\r\nContent-Length: 1000\r\n\r\n{"
HEAD = b"GET /api/registry/v1/organisations HTTP/1.1\r\nHost: tan"
SOON = 9.0
"""Seconds within which an honest request is answered on a machine that is busy with all the rest."""
AT_ONCE = 100


@asynccontextmanager
async def silent_callers(address: str) -> AsyncIterator[None]:
    """So many of both, and new ones for those that are let go, until the block ends."""
    async with AsyncExitStack() as stack:
        kept = [asyncio.create_task(_keep_open(address, BODY)) for _ in range(IDLE_BODIES)]
        for at in range(0, HALF_HEADS, AT_ONCE):
            await asyncio.gather(*(_half(stack, address) for _ in range(at, at + AT_ONCE)))
        try:
            yield
        finally:
            for each in kept:
                each.cancel()
            await asyncio.gather(*kept, return_exceptions=True)


async def _half(stack: AsyncExitStack, address: str) -> None:
    line: Line = await stack.enter_async_context(line_to(address))
    await line.send(HEAD)


async def _keep_open(address: str, sent: bytes) -> None:
    while True:
        async with line_to(address) as line:
            await line.send(sent)
            await line.closed(within=600)
        await asyncio.sleep(0.5)


async def check_served(address: str, credentials: Credentials) -> None:
    """A token, a sign-in and the word that the door is ready: each soon."""
    own = {"Sec-Fetch-Site": "same-origin", "Accept": "application/json"}
    grant = {"grant_type": "client_credentials"}
    async with httpx2.AsyncClient(base_url=address, timeout=SOON) as client:
        started = time.monotonic()
        token = await client.post("/oauth/token", data=grant, auth=(credentials.client_id, credentials.client_secret))
        assert token.status_code == 200, token.text
        nobody = {"email": "nobody@example.org", "password": "not a password"}
        assert (await client.post("/sign-in", data=nobody, headers=own)).status_code == 401
        assert (await client.get("/readyz")).status_code == 200
        assert time.monotonic() - started < 3 * SOON
