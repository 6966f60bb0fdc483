"""Changes of scopes."""

from collections.abc import Sequence

from database import Transaction
from messaging import events

from registry.scopes import store
from registry.scopes.domain import Scope


async def load_scopes(tx: Transaction, scopes: Sequence[Scope]) -> None:
    """Load the list."""
    versions = await store.upsert_scopes(tx, scopes)
    changed = [scope.changed(versions[scope.code]) for scope in scopes if scope.code in versions]
    await events.append_all(tx, changed)
