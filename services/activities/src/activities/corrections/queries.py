"""Reading what an error workbook is made of."""

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

from database import Transaction

AT_ONCE = 5000


async def holds_severe(tx: Transaction, upload: UUID) -> bool:
    """Whether nothing is kept of a file because of its severe rows."""
    found: bool = await tx.fetchval("select holds_severe from upload where id = $1", upload)
    return found


async def counts_severe(tx: Transaction, upload: UUID) -> bool:
    """Whether a report that the file says, be it unchanged, is severe."""
    found: bool = await tx.fetchval(
        """
        select exists (select from report where upload_id = $1 and sensitivity = 'severe')
            or exists (select from upload_report join report on report.id = report_id
                        where upload_report.upload_id = $1 and sensitivity = 'severe')
        """,
        upload,
    )
    return found


async def kept_rows(tx: Transaction, upload: UUID) -> AsyncIterator[bytes]:
    """What is kept of the file's rows, a chunk at a time."""
    number = 0
    while content := await tx.fetchval(
        "select content from upload_rows where upload_id = $1 and number = $2", upload, number
    ):
        yield content
        number += 1


async def problems_of(tx: Transaction, country: str, upload: UUID) -> AsyncIterator[Mapping[str, Any]]:
    """What is wrong with its rows, in the order of the file."""
    after = (0, 0, 0)
    while rows := await tx.fetch(
        """
        select sheet, row, number, code, field, facts from upload_problem
        where country = $1 and upload_id = $2 and (sheet, row, number) > ($3, $4, $5)
        order by sheet, row, number limit $6
        """,
        country,
        upload,
        *after,
        AT_ONCE,
    ):
        for row in rows:
            yield dict(row)
        after = rows[-1]["sheet"], rows[-1]["row"], rows[-1]["number"]
