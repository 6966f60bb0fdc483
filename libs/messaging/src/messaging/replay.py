"""Reading topics again from their beginning."""

from collections.abc import Sequence

from database import Transaction

from messaging import offsets


async def rewind(tx: Transaction, consumer: str, *, projection: Sequence[str] = ()) -> None:
    """Send a consumer back to the beginning, emptying the tables of its projection if they are named.

    A running consumer notices at its next batch, or within a second when it is idle, and seeks anew.
    """
    await offsets.to_beginning(tx, consumer, projection)
