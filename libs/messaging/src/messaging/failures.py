"""Which failures pass by themselves, and which are the event's fault."""

import asyncpg
from database.pool import RETRIED, UNREACHABLE

from messaging.broker import BrokerUnavailable


class TryAgain(Exception):
    """A handler says: not the event is bad, something it needs is missing for the moment."""


class Stalled(RuntimeError):
    """The topic grows and the position does not: aiokafka hangs. Run again with a fresh client."""


TRANSIENT: tuple[type[BaseException], ...] = (
    TryAgain,
    BrokerUnavailable,
    *RETRIED,
    *UNREACHABLE,
    asyncpg.TransactionRollbackError,
    asyncpg.IdleInTransactionSessionTimeoutError,
)


def is_transient(error: BaseException) -> bool:
    if isinstance(error, asyncpg.InterfaceError):
        # The same class says that a handler gave three arguments for two, which no waiting mends.
        return "connection" in str(error) or "pool" in str(error)
    return isinstance(error, TRANSIENT)
