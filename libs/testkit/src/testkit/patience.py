"""How long a test waits for what another process, or a job, does by itself."""

import asyncio
import time
from collections.abc import AsyncIterator


async def tries(seconds: float = 120.0, *, apart: float = 0.02) -> AsyncIterator[None]:
    """Once more until the time is up: a guard against hanging only, for a loaded machine takes what it takes."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        yield
        await asyncio.sleep(apart)
