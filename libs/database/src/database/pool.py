"""The connection pool of a process, and the transactions its edge opens."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Self, TypeAlias, TypeVar

import asyncpg
import orjson
import stamina
from asyncpg.pool import PoolConnectionProxy

Record: TypeAlias = asyncpg.Record
Transaction: TypeAlias = "PoolConnectionProxy[asyncpg.Record]"
"""A connection with a transaction open on it. Only the edge opens and commits one; everything below receives it."""

Result = TypeVar("Result")

RETRIED = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError, asyncpg.LockNotAvailableError)
UNREACHABLE = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.LockNotAvailableError,
    # What asyncpg says, as often as not, of a session that the server ended between two statements.
    asyncpg.InternalClientError,
)
"""The server is away, shutting down, starting, full or busy: the caller may try again."""

PATIENCE_SECONDS = 30
"""How long to wait for a connection of the pool, then `TimeoutError`: who asked has gone by then."""

STATEMENT_SECONDS = 60
"""How long a statement may take."""

SESSION = {
    "timezone": "UTC",
    "jit": "off",
    # A statement prepared once turns generic after five runs and then sorts all matches of a list (performance.md).
    "plan_cache_mode": "force_custom_plan",
    "lock_timeout": "10s",
    "statement_timeout": f"{STATEMENT_SECONDS}s",
    "idle_in_transaction_session_timeout": "120s",
}


PLANNED_ONCE = {"plan_cache_mode": "force_generic_plan"}
"""To plan the search for one row by its key takes longer than to find it, and every key is found alike."""

ConnectionPool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"


class Database:
    """The connections of a process to its own database."""

    def __init__(
        self, pool: ConnectionPool, lookups: ConnectionPool, *, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self._pool = pool
        self._lookups = lookups
        self._patience = patience_seconds

    @classmethod
    async def connect(
        cls,
        url: str,
        *,
        application: str,
        largest: int = 10,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> Self:
        """Open the pool. Raises `OSError` or `asyncpg.PostgresError` when the server can't be reached.

        For lookups there are half as many connections besides, opened when they are wanted.
        """

        async def opened(least: int, most: int, session: Mapping[str, str]) -> ConnectionPool:
            return await asyncpg.create_pool(
                url,
                min_size=least,
                max_size=most,
                command_timeout=90,
                max_inactive_connection_lifetime=300,
                init=_set_json_codec,
                reset=_as_it_is,
                server_settings={**session, "application_name": application},
            )

        lookups = await opened(0, max(1, largest // 2), {**SESSION, **PLANNED_ONCE})
        return cls(await opened(1, largest, SESSION), lookups, patience_seconds=patience_seconds)

    async def close(self) -> None:
        await asyncio.gather(self._pool.close(), self._lookups.close())

    def connection(self) -> AbstractAsyncContextManager[Transaction]:
        """A connection without a transaction: each statement is one of its own."""
        return self._pool.acquire(timeout=self._patience)

    def lookup(self) -> AbstractAsyncContextManager[Transaction]:
        """The same for finding rows by their keys: a statement is planned once for all keys."""
        return self._lookups.acquire(timeout=self._patience)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Commit when the block ends, roll back when it raises."""
        async with self._pool.acquire(timeout=self._patience) as connection, connection.transaction():
            yield connection

    async def run(self, work: Callable[[Transaction], Awaitable[Result]]) -> Result:
        """Run `work` in a transaction, again when it lost against another one (40001, 40P01, 55P03)."""
        async for attempt in stamina.retry_context(on=RETRIED, attempts=4, timeout=20, wait_initial=0.02, wait_max=0.5):
            with attempt:
                async with self.transaction() as tx:
                    return await work(tx)
        raise AssertionError("retry_context either returns or raises")

    async def answers(self) -> bool:
        """Whether the server answers now; for readiness."""
        try:
            async with self._pool.acquire(timeout=2) as connection:
                await connection.fetchval("select 1", timeout=2)
        except (*UNREACHABLE, TimeoutError, asyncpg.PostgresError):
            return False
        return True


async def _as_it_is(connection: Any) -> None:
    """Nothing to do: asyncpg itself rolls back what is open, and nobody here changes a session (`set local` only,
    advisory locks of transactions only; a test of the house reads all SQL for it). Its own way is a round trip more
    for each time a connection is given back.
    """


def _encode(value: Any) -> str:
    return orjson.dumps(value).decode()


async def _set_json_codec(connection: Any) -> None:
    for kind in ("json", "jsonb"):
        await connection.set_type_codec(kind, schema="pg_catalog", encoder=_encode, decoder=orjson.loads)
