"""What is done with the jobs of a queue, declared."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from database import Transaction

from jobs.attempt import Attempt
from jobs.ladder import PATIENT, Ladder
from jobs.queue import Queue
from jobs.schedule import Schedule
from jobs.store import Job

Context = TypeVar("Context")
Death: TypeAlias = Callable[[Transaction, Job], Awaitable[None]]


def one(_: object) -> int:
    return 1


@dataclass(frozen=True)
class Work(Generic[Context]):
    """A queue, and the function that does its jobs: it may be cancelled at any await, and begun again elsewhere."""

    queue: Queue
    perform: Callable[[Context, Attempt], Awaitable[None]]
    ladder: Ladder = PATIENT
    """Pauses after failures; after the last one the job is dead. What passes by itself does not count."""
    at_once: Callable[[Context], int] = one
    """How many jobs of the queue a worker does at the same time."""
    heavy: bool = False
    """Whether it takes much of the processor: then a process of its own does it, beside no consumer."""
    schedule: Schedule | None = None
    on_death: Death | None = None
    """What is written in the transaction that gives a job up."""
