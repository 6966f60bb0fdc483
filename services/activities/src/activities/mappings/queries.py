"""Reading mappings, and finding the one a file is read by."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from contracts.mappings import MAPPINGS
from database import Record, Transaction
from runtime.sources import Source

from activities.mappings.visibility import VISIBILITY
from activities.uploads.domain import Upload

SOURCE = Source(MAPPINGS, "mapping as m", "m", visibility=VISIBILITY)


async def has_mappings(tx: Transaction, upload: Upload) -> bool:
    """Whether there is any mapping that a file of this sender may be read by."""
    return bool(
        await tx.fetchval(
            """
            select exists (
                select from mapping as m join upload as u on u.country = $1 and u.id = $2
                where m.country = u.country and (m.side = u.side or m.sector is not null)
            )
            """,
            upload.country,
            upload.id,
        )
    )


async def mappings_for(
    tx: Transaction, upload: Upload, sector: str | None, fingerprints: Iterable[str]
) -> list[Record]:
    """Of each of these shapes the mapping of the sender's side, else the newest one shared with a working group."""
    return await tx.fetch(
        """
        select distinct on (m.fingerprint) m.fingerprint, m.id, m.version, m.name, m.profile
        from mapping as m join upload as u on u.country = $1 and u.id = $2
        where m.fingerprint = any($3::text[]) and m.country = u.country
          and (m.side = u.side or m.sector = coalesce($4::text, m.sector))
        order by m.fingerprint, m.side = u.side desc, m.made_at desc
        """,
        upload.country,
        upload.id,
        list(fingerprints),
        sector,
    )


async def lock_mapping(tx: Transaction, id: UUID) -> Record | None:
    """The mapping, locked until the commit."""
    return await tx.fetchrow("select * from mapping where id = $1 for update", id)


async def scope_is_known(tx: Transaction, code: str) -> bool:
    return bool(await tx.fetchval("select true from scope where code = $1", code))


async def versions_of(tx: Transaction, used: Iterable[Mapping[str, Any]]) -> list[Record]:
    """Mappings as they were when a file was begun by them."""
    asked = [(UUID(each["id"]), each["version"], each["fingerprint"]) for each in used]
    return await tx.fetch(
        """
        select asked.fingerprint, v.mapping_id as id, v.version, v.name, v.profile
        from unnest($1::uuid[], $2::bigint[], $3::text[]) as asked (id, version, fingerprint)
        join mapping_version as v on v.mapping_id = asked.id and v.version = asked.version
        """,
        *([each[place] for each in asked] for place in range(3)),
    )
