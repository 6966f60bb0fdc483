"""A worker as a process of its own, that dies at a given point."""

import asyncio
import os
import signal
import sys
from typing import Any

from database import Database, Transaction
from jobs import Attempt, JobWorker, Queue, Work

from tests.jobs.conftest import note

AT_ONCE = 3


async def perform(point: str, attempt: Attempt) -> None:
    async def effects(tx: Transaction) -> None:
        await note(tx, attempt)
        if point == "uncommitted":
            os.kill(os.getpid(), signal.SIGKILL)

    if point == "begun":
        os.kill(os.getpid(), signal.SIGKILL)
    await attempt.complete(effects)
    if point == "committed":
        os.kill(os.getpid(), signal.SIGKILL)


async def freeze(_: Any, attempt: Attempt) -> None:
    os.kill(os.getpid(), signal.SIGSTOP)
    await attempt.complete(lambda tx: note(tx, attempt))


async def main(url: str, point: str) -> None:
    database = await Database.connect(url, application="doomed")
    work = Work(Queue("letters"), freeze if point == "frozen" else perform, at_once=lambda _: AT_ONCE)
    await JobWorker(database, [work], point).run(asyncio.Event())


asyncio.run(main(*sys.argv[1:]))
