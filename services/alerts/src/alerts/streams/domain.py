"""A stream as its listener sees it: which alerts, a bounded queue of them, and their form on the wire."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import orjson
from runtime.access import Principal

QUEUED: Final = 200
"""Alerts that wait for a slow reader; one that falls further behind is closed, and resumes where it was."""
RETRY_MILLISECONDS: Final = 3000
LONGEST_ID: Final = 18


@dataclass(frozen=True)
class EncodedAlert:
    """An alert, encoded once for all who hear it."""

    number: int
    issued_at: datetime
    event: bytes


@dataclass(eq=False)
class Listener:
    """Who listens: rights, wishes, and what waits to be sent."""

    reader: Principal
    wishes: dict[str, Any]
    waiting: "asyncio.Queue[EncodedAlert]" = field(default_factory=lambda: asyncio.Queue(QUEUED))
    after: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when more came than the queue holds."""

    def offer(self, alert: EncodedAlert) -> None:
        try:
            self.waiting.put_nowait(alert)
        except asyncio.QueueFull:
            self.after.set()

    def as_row(self, place: int) -> dict[str, Any]:
        """The listener as a reader in SQL."""
        return {"place": place, **vars(self.reader.reader), **self.wishes}


def last_seen(*given_places: str | None) -> int | None:
    """The number behind which a stream resumes, by the first place that is given.

    None for a new one, -1 for what was never an id of ours.
    """
    given = next((place for place in given_places if place), None)
    if not given:
        return None
    return int(given) if given.isascii() and given.isdecimal() and len(given) <= LONGEST_ID else -1


def opening(position: int | None) -> bytes:
    """The first lines: when to come back, and from where."""
    place = f"id: {position}\n" if position is not None else ""
    return f"retry: {RETRY_MILLISECONDS}\n{place}\n".encode()


def heartbeat(position: int) -> bytes:
    """A comment that keeps the line open, and the place up to which there was nothing."""
    return f":\nid: {position}\n\n".encode()


def alert_event(number: int, content: dict[str, Any]) -> bytes:
    return b"event: alert\nid: %d\ndata: %s\n\n" % (number, orjson.dumps(content, default=str))


def reset_event(reason: str) -> bytes:
    """Some alerts were missed that are not told again here: `GET /v1/alerts` has them."""
    return b"event: reset\ndata: %s\n\n" % orjson.dumps({"reason": reason})
