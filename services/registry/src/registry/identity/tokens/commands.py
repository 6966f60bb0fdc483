"""Making the keys that sign tokens."""

from database import Transaction
from joserfc.jwk import OKPKey

from registry.identity.tokens import store
from registry.identity.tokens.domain import new_key


async def signing_key(tx: Transaction, secret: str) -> OKPKey:
    """The key that signs now, made where there is none yet."""
    if active := await store.active_key(tx, secret):
        return active
    await store.add_key(tx, new_key(), secret)
    made = await store.active_key(tx, secret)
    assert made is not None, "either this process or another has just made it"
    return made
