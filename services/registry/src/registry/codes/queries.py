"""Questions about the code lists. They are short and are read whole."""

from collections.abc import Sequence

from database import Record, Transaction


async def sectors(tx: Transaction) -> Sequence[Record]:
    return await tx.fetch("select code, names, aliases, parent, has_working_group, version from sector order by code")


async def indicators(tx: Transaction, sector: str | None) -> Sequence[Record]:
    """Indicators of a sector (exactly this code), or all."""
    if sector is None:
        return await tx.fetch("select code, sector, names, unit, version from indicator order by code")
    return await tx.fetch(
        "select code, sector, names, unit, version from indicator where sector = $1 order by code", sector
    )


async def organisation_types(tx: Transaction) -> Sequence[Record]:
    return await tx.fetch("select code, names, version from organisation_type order by code")
