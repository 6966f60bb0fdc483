"""Writes of machine clients."""

from uuid import UUID

from database import Record, Transaction
from runtime.access import Role

from registry.identity.clients.domain import IssuedCredentials, NewClient, RevokedClient
from registry.identity.grants.domain import Powers
from registry.identity.secrets import hash_secret

UPSERT = """
    insert into client as known (id, name, role, organisation_id, sectors, areas, secret_hash, version)
    values ($1, $2, $3, $4, $5, $6, $7, 1)
    on conflict (id) do update
       set name = excluded.name, role = excluded.role, organisation_id = excluded.organisation_id,
           sectors = excluded.sectors, areas = excluded.areas, secret_hash = excluded.secret_hash, revoked_at = null,
           version = known.version + 1
     where (known.name, known.role, known.organisation_id, known.sectors, known.areas, known.secret_hash)
           is distinct from (excluded.name, excluded.role, excluded.organisation_id, excluded.sectors, excluded.areas,
                             excluded.secret_hash)
    returning version
"""


async def put_client(tx: Transaction, credentials: IssuedCredentials, client: NewClient) -> int | None:
    """Write the client with its secret's hash; its new version, or none when it stood there like this already."""
    version: int | None = await tx.fetchval(
        UPSERT,
        credentials.client_id,
        client.name,
        client.powers.role,
        client.powers.organisation_id,
        client.powers.sectors,
        client.powers.areas,
        hash_secret(credentials.client_secret),
    )
    return version


async def revoke(tx: Transaction, client_id: str) -> RevokedClient | None:
    """Take the right to new tokens; none where there is no such client."""
    row = await tx.fetchrow("select revoked_at is not null as before from client where id = $1 for update", client_id)
    if row is None or row["before"]:
        return RevokedClient(None) if row else None
    version = await tx.fetchval(
        "update client set revoked_at = now(), version = version + 1 where id = $1 returning version", client_id
    )
    return RevokedClient(version)


async def publish_unpublished(tx: Transaction) -> list[tuple[str, int, NewClient | None]]:
    """Clients of before their changes were told: id, first version, and what they may do (nothing when revoked)."""
    rows = await tx.fetch(
        """
        update client set version = 1 where version = 0
        returning id, version, name, role, organisation_id, sectors, areas, revoked_at
        """
    )
    return [(row["id"], row["version"], None if row["revoked_at"] else _client_of(row)) for row in rows]


def _client_of(row: Record) -> NewClient:
    organisation = row["organisation_id"]
    powers = Powers(
        Role(row["role"]),
        UUID(int=organisation.int) if organisation else None,
        tuple(row["sectors"]),
        tuple(row["areas"]),
    )
    return NewClient(row["name"], powers)
