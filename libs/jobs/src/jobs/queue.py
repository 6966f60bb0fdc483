"""Putting, moving and cancelling jobs, in the transaction of whoever wants them done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from database import Transaction
from messaging.tracing import traceparent

from jobs import store
from jobs.schedule import Repeating


@dataclass(frozen=True)
class Queue:
    """Jobs of one kind. Of one key there is one job; the name is that of its rows and stays."""

    name: str
    fair: bool = False
    """Whether lanes take turns. Jobs of a lane are then done one at a time and in the order they were due."""

    async def put(
        self,
        tx: Transaction,
        key: str,
        payload: Mapping[str, Any] | None = None,
        *,
        lane: str = "",
        due_at: datetime | None = None,
    ) -> None:
        """Have it done once `tx` commits, or when it is due. One of the same key, a dead one too, is renewed by it."""
        await store.put(tx, store.NewJob(self.name, key, lane, dict(payload or {}), due_at, None, traceparent()))

    async def repeat(self, tx: Transaction, key: str, schedule: Repeating) -> None:
        """Have it done by this schedule; one that has it already stays as it is."""
        due_at = schedule.after(datetime.now(UTC))
        await store.repeat(tx, store.NewJob(self.name, key, "", {}, due_at, str(schedule), None))

    async def move(self, tx: Transaction, key: str, due_at: datetime) -> bool:
        """Have it done at another time; whether there was one."""
        return await store.move(tx, self.name, key, due_at)

    async def cancel(self, tx: Transaction, key: str) -> bool:
        """Have it done no more; whether there was one. What is under way then is undone."""
        return await store.cancel(tx, self.name, key)
