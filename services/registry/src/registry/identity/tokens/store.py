"""The keys that sign tokens: one is active, also where two processes start at once."""

from collections.abc import Sequence
from typing import Any

from database import Transaction
from joserfc.jwk import OKPKey

from registry.identity.tokens.domain import published, seal, unseal


async def active_key(tx: Transaction, secret: str) -> OKPKey | None:
    """The key that signs now, opened with the installation's secret."""
    sealed = await tx.fetchval("select private_key from signing_key where retired_at is null")
    return unseal(sealed, secret) if sealed else None


async def add_key(tx: Transaction, key: OKPKey, secret: str) -> None:
    """Make this the active key, unless another process was quicker."""
    await tx.execute(
        "insert into signing_key (kid, public_key, private_key) values ($1, $2, $3) on conflict do nothing",
        key.kid,
        published(key),
        seal(key, secret),
    )


async def public_keys(tx: Transaction) -> Sequence[dict[str, Any]]:
    """Keys a token may be signed with now: the active one, and those retired while their tokens may live."""
    rows = await tx.fetch(
        "select public_key from signing_key where retired_at is null or retired_at > now() - interval '1 hour'"
    )
    return [row["public_key"] for row in rows]
