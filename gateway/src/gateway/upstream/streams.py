"""Listening to a service's stream on behalf of one subscriber, with their own token."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from http import HTTPStatus
from typing import Final

import aiohttp
import orjson
import structlog
from runtime.problems import Unavailable

from gateway.upstream.questions import failure_of, understood

log = structlog.get_logger("streams")

SILENCE_SECONDS: Final = 60.0
BACK_AFTER_SECONDS: Final = (0.2, 1.0, 3.0)
CONNECT_SECONDS: Final = 5.0
LONGEST_LINE: Final = 1024 * 1024


class ServiceStreams:
    """The services' streams."""

    def __init__(self, session: aiohttp.ClientSession, origins: Mapping[str, str]) -> None:
        self._session = session
        self._origins = origins

    async def ids(
        self, service: str, path: str, query: Sequence[tuple[str, str]], headers: Callable[[], Mapping[str, str]]
    ) -> AsyncGenerator[str, None]:
        """Ids of rows as the service tells of them; where the stream breaks off it is taken up where it was.

        `headers` are those of the moment it is taken up: the token may be another by then. Raises `Refused`
        where the service refuses it, `Unavailable` where it is away from the start.
        """
        place, tries = "", 0
        while True:
            resumed = {**headers(), "accept": "text/event-stream", **({"last-event-id": place} if place else {})}
            try:
                async with aclosing(self._events(service, path, query, resumed)) as events:
                    async for reached, id in events:
                        place = reached
                        tries = 0
                        if id:
                            yield id
            except (aiohttp.ClientError, OSError, Unavailable) as broken:
                if not place:
                    raise broken if isinstance(broken, Unavailable) else failure_of(service, broken) from broken
                log.info("broke_off", service=service, cause=type(broken).__name__)
            await asyncio.sleep(BACK_AFTER_SECONDS[min(tries, len(BACK_AFTER_SECONDS) - 1)])
            tries += 1

    async def _events(
        self, service: str, path: str, query: Sequence[tuple[str, str]], headers: Mapping[str, str]
    ) -> AsyncGenerator[tuple[str, str | None], None]:
        """The place after each block of the stream, with the id of the row it tells of, if any."""
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=SILENCE_SECONDS)
        async with self._session.get(
            self._origins[service] + path,
            params=list(query),
            headers=headers,
            timeout=timeout,
            allow_redirects=False,
            read_bufsize=LONGEST_LINE,
        ) as answer:
            if answer.status != HTTPStatus.OK:
                understood(service, answer.status, await answer.read())
            place, id = "", None
            async for line in answer.content:
                name, _, value = line.rstrip(b"\r\n").partition(b":")
                if name == b"id":
                    place = value.strip().decode()
                elif name == b"data":
                    id = orjson.loads(value).get("id")
                elif not line.strip() and place:
                    yield place, id
                    id = None
