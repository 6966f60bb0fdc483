"""Which failures pass by themselves, which are the event's fault, and what operators are told of one."""

import re
from collections.abc import Iterator

import asyncpg
from database.pool import RETRIED, UNREACHABLE
from pydantic import ValidationError

from messaging.broker import BrokerUnavailable

VALUES = re.compile(r"[:\"']")


class RetryLater(Exception):
    """A handler says: not the event is bad, something it needs is missing for the moment."""


class ConsumerStalled(RuntimeError):
    """The topic grows and the position does not: aiokafka hangs. Run again with a fresh client."""


TRANSIENT: tuple[type[BaseException], ...] = (
    RetryLater,
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


def cause(error: BaseException) -> str:
    """What an operator needs to know of a failure, without the row or event that the database or pydantic quotes."""
    return f"{type(error).__name__}: {_describe(error)}"[:2000].replace("\0", "")


def _describe(error: BaseException) -> str:
    if isinstance(error, asyncpg.PostgresError):
        # Its details are rows, and behind a colon or in quotes its message has values.
        message = VALUES.split(str(next(iter(error.args), "")))[0].strip()
        named = {kind: getattr(error, f"{kind}_name", None) for kind in ("table", "column", "constraint")}
        where = ", ".join(f"{kind} {name}" for kind, name in named.items() if name)
        return f"{message} ({where})" if where else message
    if isinstance(error, ValidationError):
        return "; ".join(complaints(error))
    return str(error)


def complaints(error: ValidationError) -> Iterator[str]:
    """What is wrong where, without what was there."""
    for found in error.errors(include_url=False, include_context=False, include_input=False):
        where = ".".join(map(str, found["loc"])) or "body"
        yield f"{where}: {found['msg']}"
