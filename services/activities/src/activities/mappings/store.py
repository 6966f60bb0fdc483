"""Writing mappings, each version of one kept."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from database import Record, Transaction, insert_row


async def remember(tx: Transaction, row: Mapping[str, Any], *, is_named: bool) -> tuple[UUID, int]:
    """Keep how files of a shape are read: anew, or as another version where it is another. Its id and version."""
    written = await tx.fetchrow(
        """
        insert into mapping (id, country, name, fingerprint, side, organisation_id, profile, made_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (fingerprint, country, side) do update
        set version = mapping.version + 1, name = case when $9 then excluded.name else mapping.name end,
            profile = excluded.profile,
            made_at = now(), made_by = excluded.made_by
        where mapping.profile is distinct from excluded.profile or $9 and mapping.name <> excluded.name
        returning *
        """,
        *(row[name] for name in ("id", "country", "name", "fingerprint", "side", "organisation_id", "profile")),
        row["made_by"],
        is_named,
    )
    if written is None:  # as it stands
        written = await tx.fetchrow(
            "select * from mapping where fingerprint = $1 and country = $2 and side = $3",
            *(row[name] for name in ("fingerprint", "country", "side")),
        )
        assert written is not None, "the insert met it"
        return written["id"], written["version"]
    return await _keep_version(tx, written)


async def change(tx: Transaction, id: UUID, changes: Mapping[str, Any], by: str) -> None:
    """Another name, or another working group it is shared with."""
    named = ", ".join(f"{name} = ${place}" for place, name in enumerate(changes, start=3))
    written = await tx.fetchrow(
        f"update mapping set version = version + 1, made_by = $2, {named} where id = $1 returning *",  # noqa: S608  names of a model
        id,
        by,
        *changes.values(),
    )
    assert written is not None, "it is locked"
    await _keep_version(tx, written)


async def drop(tx: Transaction, id: UUID) -> None:
    await tx.execute("delete from mapping where id = $1", id)


async def _keep_version(tx: Transaction, row: Record) -> tuple[UUID, int]:
    kept = {name: row[name] for name in ("version", "name", "profile", "made_at", "made_by")}
    await insert_row(tx, "mapping_version", {"mapping_id": row["id"], **kept})
    return row["id"], row["version"]
