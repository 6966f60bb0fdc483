"""Writes of machine clients."""

from database import Transaction

from registry.clients.domain import Credentials, NewClient
from registry.tokens.domain import hash_secret

UPSERT = """
    insert into client as known (id, name, role, organisation_id, sectors, areas, secret_hash)
    values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (id) do update
       set name = excluded.name, role = excluded.role, organisation_id = excluded.organisation_id,
           sectors = excluded.sectors, areas = excluded.areas, secret_hash = excluded.secret_hash, revoked_at = null
     where (known.name, known.role, known.organisation_id, known.sectors, known.areas, known.secret_hash)
           is distinct from (excluded.name, excluded.role, excluded.organisation_id, excluded.sectors, excluded.areas,
                             excluded.secret_hash)
    returning true
"""


async def put_client(tx: Transaction, credentials: Credentials, client: NewClient) -> bool:
    """Write the client with its secret's hash; false when it stood there like this already."""
    written = await tx.fetchval(
        UPSERT,
        credentials.client_id,
        client.name,
        client.role,
        client.organisation_id,
        client.sectors,
        client.areas,
        hash_secret(credentials.client_secret),
    )
    return bool(written)


async def revoke(tx: Transaction, client_id: str) -> bool:
    """Take the right to new tokens; whether there is such a client."""
    found = await tx.fetchval(
        "update client set revoked_at = coalesce(revoked_at, now()) where id = $1 returning true", client_id
    )
    return bool(found)
