"""Freezing protection's months once they are closed."""

from collections.abc import Mapping

from database import Database
from jobs import Attempt, Every, Queue, Work
from runtime.service import Worker

from reporting.closing import store
from reporting.closing.store import Month
from reporting.counting.store import lock_counting
from reporting.settings import Settings

LOOK_SECONDS = 5.0

Ripe = Mapping[Month, tuple[int, int]]
NOTHING: Ripe = {}


class MonthFreezer:
    """Freezes each closed month as soon as enough organisations stand behind it."""

    def __init__(self) -> None:
        self._tried: Ripe = NOTHING

    async def __call__(self, worker: Worker[Settings], _: Attempt) -> None:
        self._tried = await freeze(worker.database, self._tried)


JOBS: tuple[Work[Worker[Settings]], ...] = (
    Work(Queue("freeze_closed_months"), MonthFreezer(), schedule=Every(LOOK_SECONDS)),
)


async def freeze(database: Database, tried: Ripe = NOTHING) -> Ripe:
    """Freeze what is ripe, but for what is as it was when it was tried; return all that was ripe.

    Before all is counted for the first time there are no cells, so nothing is; nor is anything during a rebuild.
    """
    async with database.connection() as connection:
        found = await store.ripe(connection)
    if wanted := {month for month, approved in found.items() if tried.get(month) != approved}:
        async with database.transaction() as tx:
            await lock_counting(tx)
            if still := wanted & (await store.ripe(tx)).keys():
                await store.freeze(tx, still)
    return found
