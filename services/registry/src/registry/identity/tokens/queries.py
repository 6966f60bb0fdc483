"""Who may have a token."""

import hmac

from database import Transaction
from runtime.access import Role

from registry.identity.grants.domain import Powers
from registry.identity.tokens.domain import ClientProof, TokenHolder

NO_HASH = bytes(32)


async def holder_of(tx: Transaction, proof: ClientProof) -> TokenHolder | None:
    """Who these credentials belong to; nobody once the client is revoked or its organisation suspended."""
    row = await tx.fetchrow(
        """
        select client.id, client.role, client.organisation_id, client.sectors, client.areas, client.secret_hash,
               client.revoked_at is null and organisation.status is distinct from 'suspended' as may_sign_in
          from client left join organisation on organisation.id = client.organisation_id
         where client.id = $1
        """,
        proof.client_id,
    )
    # Compared also where there is no such client, so that the time taken tells nothing.
    proven = hmac.compare_digest(row["secret_hash"] if row else NO_HASH, proof.secret_hash)
    if row is None or not proven or not row["may_sign_in"]:
        return None
    powers = Powers(Role(row["role"]), row["organisation_id"], tuple(row["sectors"]), tuple(row["areas"]))
    return TokenHolder(row["id"], powers)
