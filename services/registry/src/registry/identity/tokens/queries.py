"""Who may have a token."""

import hmac

from database import Transaction
from runtime.access import Role

from registry.identity.grants.domain import Powers, same_organisations
from registry.identity.tokens.domain import ClientProof, TokenHolder

NO_HASH = bytes(32)


async def holder_of(tx: Transaction, proof: ClientProof) -> TokenHolder | None:
    """Who these credentials belong to; nobody once the client is revoked or its organisation suspended."""
    row = await tx.fetchrow(
        """
        select client.id, client.role, client.organisation_id, client.sectors, client.areas, client.secret_hash,
               client.revoked_at is null and now.status is distinct from 'suspended' as may_sign_in,
               same_organisations(client.organisation_id) as same_organisations
          from client left join organisation on organisation.id = client.organisation_id
          left join organisation as now on now.id = coalesce(organisation.merged_into, organisation.id)
         where client.id = $1
        """,
        proof.client_id,
    )
    # Compared also where there is no such client, so that the time taken tells nothing.
    proven = hmac.compare_digest(row["secret_hash"] if row else NO_HASH, proof.secret_hash)
    if row is None or not proven or not row["may_sign_in"]:
        return None
    powers = Powers(
        Role(row["role"]),
        row["organisation_id"],
        tuple(row["sectors"]),
        tuple(row["areas"]),
        same_organisations(row["same_organisations"]),
    )
    return TokenHolder(row["id"], powers)
