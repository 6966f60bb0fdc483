"""What is withdrawn or restored of large files, a batch at a time beside all other work."""

from uuid import UUID

from database import Transaction
from jobs import Attempt, Work
from runtime.service import Worker

from activities.settings import Settings
from activities.withdrawals import commands, store


async def carry_on_withdrawal(_: Worker[Settings], attempt: Attempt) -> None:
    """What a request began is brought to its end, whatever became of the process that began it."""

    async def next_batch(tx: Transaction) -> bool:
        withdrawal = await store.lock_unfinished(tx, UUID(attempt.job.key))
        return withdrawal is not None and await commands.carry_on(tx, withdrawal)

    while await attempt.commit(next_batch):
        pass


JOBS: tuple[Work[Worker[Settings]], ...] = (Work(store.WITHDRAWALS, carry_on_withdrawal),)
