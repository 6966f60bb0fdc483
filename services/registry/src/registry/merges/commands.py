"""Merging an organisation into another, and parting them again."""

from uuid import UUID

from contracts.organisations import OrganisationStatus
from database import Transaction
from messaging import events
from runtime import audit
from runtime.access import Principal
from runtime.problems import NotFound

from registry.merges import store
from registry.merges.errors import AlreadyMerged, IntoMerged, MergedWithItself, NotMerged, TooManyMerged
from registry.organisations import store as organisations
from registry.organisations.domain import Organisation
from registry.organisations.errors import OrganisationNotVerified

MOST = 40
"""Ids of one organisation: a token names all of them."""


async def merge(tx: Transaction, principal: Principal, one: UUID, into: UUID, reason: str) -> Organisation:
    """Let one stand for another from now on. Raises `NotFound`, `MergedWithItself`, `AlreadyMerged`, `IntoMerged`,
    `OrganisationNotVerified`, `TooManyMerged`.
    """
    await store.lock_merging(tx)
    found = await organisations.lock_all(tx, {one, into})
    if one not in found or into not in found:
        raise NotFound
    if one == into:
        raise MergedWithItself("into")
    if found[one].merged_into:
        raise AlreadyMerged
    if found[into].merged_into:
        raise IntoMerged("into")
    if found[into].status is not OrganisationStatus.VERIFIED:
        raise OrganisationNotVerified("into")
    if await store.count_same(tx, one) + await store.count_same(tx, into) > MOST:
        raise TooManyMerged("into", limit=MOST)
    await store.add(tx, one, into, reason)
    return await _moved(tx, principal, ("organisation.merge", reason), one, into)


async def part(tx: Transaction, principal: Principal, one: UUID, reason: str) -> Organisation:
    """Let a merged organisation stand by itself again, with all that was merged into it. Raises `NotFound`,
    `NotMerged`.
    """
    await store.lock_merging(tx)
    if one not in await organisations.lock_all(tx, {one}):
        raise NotFound
    if not await store.end(tx, one, reason):
        raise NotMerged
    return await _moved(tx, principal, ("organisation.part", reason), one, one)


async def _moved(tx: Transaction, principal: Principal, act: tuple[str, str], one: UUID, to: UUID) -> Organisation:
    action, reason = act
    moved = await organisations.lock_all(tx, await store.move(tx, one, to))
    await events.append_all(tx, [each.changed() for each in moved.values()])
    details = {"into": str(to), "reason": reason, "organisations": sorted(map(str, moved))}
    await audit.record(tx, principal, action, f"organisation:{one}", details)
    return moved[one]
