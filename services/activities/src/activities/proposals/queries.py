"""Reading what a proposal needs: names that are known, files that came before, and the proposal itself."""

import re
from collections.abc import Iterable
from uuid import UUID

from database import Record, Transaction

from activities.proposals.suggestions import KnownName
from activities.uploads.domain import Upload


async def known_names(tx: Transaction, lists: Iterable[str], country: str) -> dict[str, list[KnownName]]:
    """The entries of these lists that the registry keeps."""
    found: dict[str, list[KnownName]] = {}
    for name in lists:
        if name == "sector":
            rows = await tx.fetch("select code as value, null as label, spellings from sector")
        elif name == "organisation":
            rows = await tx.fetch(
                """
                select spellings[1] as value, null as label, spellings || acronyms as spellings
                from organisation where status = 'verified' and cardinality(spellings) > 0
                """
            )
        elif level := re.fullmatch(r"adm([1-4])", name):
            rows = await tx.fetch(
                """
                select pcode as value, coalesce(names ->> 'en', names ->> 'ar') as label, spellings from area
                where country = $1 and level = $2
                """,
                country,
                int(level[1]),
            )
        else:
            continue
        found[name] = [KnownName(row["value"], row["label"], row["spellings"]) for row in rows]
    return found


async def earlier_uploads(tx: Transaction, upload: Upload) -> list[Record]:
    """The last files of the same side that were counted, the newest first, with their columns."""
    return await tx.fetch(
        """
        select id, file_name, received_at, columns from upload
        where side = (select side from upload where country = $1 and id = $2)
          and country = $1 and id <> $2 and state = 'done'
        order by received_at desc limit 20
        """,
        upload.country,
        upload.id,
    )


async def held_by(tx: Transaction, id: UUID) -> tuple[set[str], set[str]]:
    """Months and areas of the reports a file said."""
    rows = await tx.fetch(
        """
        select month, area from report where upload_id = $1
        union select row ->> 'month', row ->> 'area' from report_version where row ->> 'upload_id' = $1::text
        union select r.month, r.area from upload_report as u join report as r on r.id = u.report_id
        where u.upload_id = $1
        """,
        id,
    )
    return {row["month"] for row in rows}, {row["area"] for row in rows}


async def proposal_of(tx: Transaction, id: UUID) -> Record | None:
    """How a file would be read, while that waits to be confirmed."""
    return await tx.fetchrow("select made_at, digest, told, profiles from upload_proposal where upload_id = $1", id)


async def lock_proposal(tx: Transaction, id: UUID) -> Record | None:
    """The same, locked with the file until the commit, where it waits still; and whose it is."""
    return await tx.fetchrow(
        """
        select p.digest, p.told, p.profiles, u.country, u.file_name, u.side,
               case when u.role = 'member' then u.organisation_id end as organisation_id
        from upload as u join upload_proposal as p on p.upload_id = u.id
        where u.id = $1 and u.state = 'proposed' for update of u
        """,
        id,
    )
