"""Waiting for what must come: by condition, and with a deadline that tells what did not."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

Found = TypeVar("Found")

ENOUGH = 120.0


async def until(
    look: Callable[[], Awaitable[Found]],
    holds: Callable[[Found], Any],
    otherwise: str,
    *,
    seconds: float = ENOUGH,
    pause: float = 0.05,
) -> Found:
    """What `look` finds once `holds` says yes."""
    deadline = time.monotonic() + seconds
    while not holds(found := await look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"after {seconds:.0f} s {otherwise}: {found!r}")
        await asyncio.sleep(pause)
    return found
