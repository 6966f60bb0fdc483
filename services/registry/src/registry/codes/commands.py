"""Changes of the code lists."""

from collections.abc import Sequence

from database import Transaction
from messaging import events

from registry.codes import store
from registry.codes.domain import Indicator, OrganisationType, Sector


async def load_sectors(tx: Transaction, sectors: Sequence[Sector]) -> None:
    """Load the list. A sector comes after its parent."""
    versions = await store.upsert_sectors(tx, sectors)
    changed = [sector.changed(versions[sector.code]) for sector in sectors if sector.code in versions]
    await events.append_all(tx, changed)


async def load_indicators(tx: Transaction, indicators: Sequence[Indicator]) -> None:
    """Load the list."""
    versions = await store.upsert_indicators(tx, indicators)
    changed = [indicator.changed(versions[indicator.code]) for indicator in indicators if indicator.code in versions]
    await events.append_all(tx, changed)


async def load_organisation_types(tx: Transaction, types: Sequence[OrganisationType]) -> None:
    """Load the list. The others know an organisation's type by its code alone, so nothing is announced."""
    await store.upsert_organisation_types(tx, types)
