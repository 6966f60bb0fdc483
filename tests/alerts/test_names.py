"""Looking names up: those that nobody answers for hold up nobody who is there."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import pytest
import pytest_asyncio
from alerts.deliveries.names import HostResolver

FOUND = ["203.0.113.7"]
MakeNames = Callable[[Callable[[str], bool]], HostResolver]


@pytest_asyncio.fixture(loop_scope="session")
async def make() -> AsyncIterator[MakeNames]:
    """Names of which two are looked up at once; those that `is_silent` says are never answered."""
    over, made = threading.Event(), []

    def names(is_silent: Callable[[str], bool]) -> HostResolver:
        def resolve(host: str, port: int) -> list[str]:
            if host == "unknown.example":
                raise socket.gaierror
            if is_silent(host):
                over.wait(20)
            return FOUND

        made.append(HostResolver(resolve, at_once=2))
        return made[-1]

    yield names
    over.set()
    for each in made:
        each.close()


async def asked(names: HostResolver, host: str, seconds: float = 15) -> list[str]:
    async with asyncio.timeout(seconds):
        return await names.addresses(host, 443)


async def test_names_nobody_answers_for_hold_up_no_name_that_was_answered(make: MakeNames) -> None:
    names = make(lambda host: host.startswith("silent"))
    assert await asked(names, "there.example") == FOUND
    waiting = [asyncio.create_task(names.addresses(f"silent-{number}.example", 443)) for number in range(6)]
    await asyncio.sleep(0.05)
    # Many who send to one name, as to a service that many use.
    answers = await asyncio.gather(*(asked(names, "there.example") for _ in range(9)))
    assert answers == [FOUND] * 9
    for task in waiting:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_name_that_falls_silent_is_one_of_the_others_from_then_on(make: MakeNames) -> None:
    silent: set[str] = set()
    names = make(silent.__contains__)
    for host in ("there.example", "moody.example"):
        assert await asked(names, host) == FOUND
    silent.add("moody.example")
    for _ in range(3):  # together they hold one thread
        late = await asyncio.gather(*(asked(names, "moody.example", 1) for _ in range(3)), return_exceptions=True)
        assert [type(each) for each in late] == [TimeoutError] * 3
    assert await asked(names, "there.example") == FOUND


async def test_a_name_that_is_not_known_is_said_so(make: MakeNames) -> None:
    names = make(lambda host: False)
    with pytest.raises(socket.gaierror):
        await asked(names, "unknown.example")
    assert await asked(names, "there.example") == FOUND
