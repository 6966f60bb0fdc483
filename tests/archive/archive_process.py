"""A worker that moves old events into the archive, and is killed once a file is written."""

import asyncio
import os
import signal
import sys

from archive import Objects, move_old
from database import Database
from jobs import Attempt, JobWorker, Queue, Work
from runtime.retention import EVENTS, days_ago


class Dying(Objects):
    async def put(self, name: str, content: bytes) -> None:
        await super().put(name, content)
        os.kill(os.getpid(), signal.SIGKILL)


async def main(url: str, folder: str) -> None:
    database = await Database.connect(url, application="archive")

    async def perform(_: None, attempt: Attempt) -> None:
        await move_old(attempt, Dying.at(folder), EVENTS, service="registry", before=days_ago(90))

    await JobWorker(database, [Work(Queue("archive_event"), perform)], None).run(asyncio.Event())


asyncio.run(main(*sys.argv[1:]))
