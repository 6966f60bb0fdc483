"""The rows of files with refused ones, as bytes."""

from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from database import Transaction

CHUNK = 1024 * 1024


async def put_rows(tx: Transaction, upload: UUID, kept: BinaryIO) -> None:
    """Keep what was written of an upload's rows."""
    kept.seek(0)
    number = 0
    while content := kept.read(CHUNK):
        await tx.execute(
            "insert into upload_rows (upload_id, number, content) values ($1, $2, $3)", upload, number, content
        )
        number += 1


async def note_severe(tx: Transaction, upload: UUID) -> None:
    await tx.execute("update upload set holds_severe = true where id = $1", upload)


async def forget_rows(tx: Transaction, before: datetime) -> None:
    """Forget the rows of files that ended before."""
    await tx.execute(
        "delete from upload_rows as kept using upload where upload.finished_at < $1 and kept.upload_id = upload.id",
        before,
    )
