"""The fake process of the supervisor's tests is found ready as a process of the platform is."""

import asyncio
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from activities.main import SERVICE
from local.programs import answers_ready
from runtime.application import bare, health
from testkit.ports import dead_address, listening
from testkit.service_clients import settings_of

FAKE = Path(__file__).with_name("fake_platform.py")


async def found_ready(address: str) -> bool:
    return await asyncio.to_thread(answers_ready, int(urlsplit(address).port or 0))


async def test_both_are_ready_and_only_the_real_one_can_say_it_is_not() -> None:
    is_ready = True

    async def ready() -> bool:
        return is_ready

    app = bare(settings_of(SERVICE, "postgresql://nowhere"), title="any", description="", lifespan=None)
    app.include_router(health(ready))
    async with listening(app) as real:
        assert await found_ready(real)
        is_ready = False
        assert not await found_ready(real)

    fake = dead_address()
    assert not await found_ready(fake)
    process = subprocess.Popen([sys.executable, FAKE, "serve", str(urlsplit(fake).port)])  # noqa: ASYNC220
    try:
        async with asyncio.timeout(20):
            while not await found_ready(fake):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    finally:
        process.kill()
        process.wait()
