"""Ending what stands still: no limit of PostgreSQL's own ends a COPY whose client has stopped in the middle of it.

`statement_timeout` and `transaction_timeout` are looked at between messages of the client; while the server waits for
one, only a signal to end the session is heard (PostgreSQL 18: `ProcessClientReadInterrupt`).
"""

from database.pool import STATEMENT_SECONDS, Database

END = """
select count(*) filter (where pg_terminate_backend(pid)) from pg_stat_activity
 where datname = current_database() and usename = current_user
   and application_name = current_setting('application_name')
   and state = 'active' and wait_event in ('ClientRead', 'ClientWrite')
   and query_start < clock_timestamp() - make_interval(secs => $1)
"""


async def end_stalled(database: Database, *, seconds: float = STATEMENT_SECONDS) -> int:
    """End sessions of this application whose statement has waited for its client that long; how many there were."""
    async with database.connection() as connection:
        return int(await connection.fetchval(END, seconds))
