"""Whether facts are counted or only gathered."""

from database import Transaction


async def is_complete(tx: Transaction) -> bool:
    """Whether these cells hold what the facts say; if not, a rebuild is gathering facts."""
    return bool(await tx.fetchval("select exists (select from projection_complete where consumer = 'reporting')"))


async def note_complete(tx: Transaction) -> None:
    await tx.execute("insert into projection_complete (consumer) values ('reporting') on conflict do nothing")
