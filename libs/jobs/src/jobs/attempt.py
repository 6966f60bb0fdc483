"""An attempt at a job: effects under its lease, and its end together with the last of them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from database import Database, Transaction

from jobs import store
from jobs.schedule import read
from jobs.store import Job

Result = TypeVar("Result")


@dataclass
class Attempt:
    """What work is given. The worker keeps its lease; who lost it, by standing still or otherwise, changes nothing."""

    job: Job
    database: Database
    over: bool = False
    """Whether the work itself has ended the job or given it back."""

    async def commit(self, effects: Callable[[Transaction], Awaitable[Result]]) -> Result:
        """Make effects in a transaction of their own, the job going on. Raises `LeaseLost`, having made none."""

        async def work(tx: Transaction) -> Result:
            await store.lock(tx, self.job)
            return await effects(tx)

        return await self.database.run(work)

    async def complete(self, effects: Callable[[Transaction], Awaitable[Result]]) -> Result:
        """Make the last effects and end the job with them. Raises `LeaseLost`, having made none."""

        async def work(tx: Transaction) -> Result:
            result = await effects(tx)
            await self._end(tx)
            return result

        result = await self.commit(work)
        self.over = True
        return result

    async def give_back_to_others(self) -> bool:
        """Leave the rest to its lane's next turn where another lane waits; whether one did."""

        async def work(tx: Transaction) -> bool:
            if not await store.others_wait(tx, self.job.queue, self.job.lane):
                return False
            await store.release(tx, self.job)
            return True

        self.over = await self.commit(work)
        return self.over

    async def _end(self, tx: Transaction) -> None:
        if self.job.schedule is None:
            await store.remove(tx, self.job)
        else:
            await store.put_off(tx, self.job, read(self.job.schedule).after(datetime.now(UTC)))
