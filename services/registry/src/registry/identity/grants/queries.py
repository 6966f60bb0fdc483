"""Questions about powers: whether what they name is there."""

from collections.abc import Iterator, Mapping

from database import Transaction
from runtime.naming import UnknownArea, UnknownSector
from runtime.problems import Refusal

from registry.areas import store as areas
from registry.codes import store as codes
from registry.identity.grants.domain import Powers
from registry.organisations import store as organisations
from registry.organisations.errors import OrganisationNotVerified


async def unknown(tx: Transaction, sent: Mapping[str, Powers]) -> list[Refusal]:
    """What these powers name and is not there, by where in the request they stand."""
    powers = sent.values()
    sectors = set(await codes.unknown_sectors(tx, [code for each in powers for code in each.sectors]))
    pcodes = set(await areas.unknown(tx, [code for each in powers for code in each.areas]))
    unverified = await organisations.unverified(tx, [each.organisation_id for each in powers if each.organisation_id])

    def faults() -> Iterator[Refusal]:
        for within, each in sent.items():
            yield from (UnknownSector(f"{within}sectors", value=code) for code in each.sectors if code in sectors)
            yield from (UnknownArea(f"{within}areas", value=code) for code in each.areas if code in pcodes)
            if each.organisation_id in unverified:
                yield OrganisationNotVerified(f"{within}organisation_id")

    return list(faults())
