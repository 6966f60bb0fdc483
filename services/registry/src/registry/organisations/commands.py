"""Changes of organisations: lock, raise the version, write, tell the others, note it down."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from contracts.organisations import OrganisationStatus
from database import Transaction
from messaging import events
from runtime import audit
from runtime.access import Caller, Extent, Principal
from runtime.answers import check_version
from runtime.naming import UnknownArea, UnknownOrganisationType, UnknownSector
from runtime.problems import Invalid, NotFound, NotYours

from registry.areas import store as areas
from registry.codes import store as codes
from registry.identity.sessions import store as sessions
from registry.organisations import store
from registry.organisations.domain import Contact, Organisation, OrganisationProfile

AREAS_OF_WORK = (1, 3)
"""Levels an area of work may have."""


async def apply(
    tx: Transaction, principal: Principal, id: UUID, profile: OrganisationProfile, contacts: Sequence[Contact]
) -> Organisation:
    """Take an organisation's application. Raises `Invalid`."""
    await _check_codes(tx, profile)
    applied = Organisation(id, 1, OrganisationStatus.APPLIED, profile)
    await store.add(tx, applied)
    await store.write_contacts(tx, id, contacts)
    await _publish(tx, principal, "organisation.apply", applied)
    return applied


async def change(
    tx: Transaction,
    caller: Caller,
    id: UUID,
    expected: int | None,
    changes: Mapping[str, Any],
    contacts: Sequence[Contact] | None,
) -> Organisation:
    """Change what is named. Raises `NotFound`, `NotYours`, `VersionMismatch`, `Invalid`."""
    current = await _locked(tx, caller, id)
    check_version(expected, current.version)
    profile = current.profile.with_changes(changes)
    if profile == current.profile and contacts is None:
        return current
    await _check_codes(tx, profile)
    changed = current.next(profile=profile)
    await store.write(tx, changed)
    if contacts is not None:
        await store.write_contacts(tx, id, contacts)
    await _publish(tx, caller.principal, "organisation.change", changed)
    return changed


async def set_status(tx: Transaction, caller: Caller, id: UUID, status: OrganisationStatus) -> Organisation:
    """Verify or suspend; asking for the status it has changes nothing. Raises `NotFound`."""
    current = await _locked(tx, caller, id)
    if current.status is status:
        return current
    changed = current.next(status=status)
    await store.write(tx, changed)
    if status is OrganisationStatus.SUSPENDED:
        await sessions.end_of_organisation(tx, id)
    await _publish(tx, caller.principal, f"organisation.{status}", changed)
    return changed


async def add_sample(tx: Transaction, principal: Principal, id: UUID, profile: OrganisationProfile) -> None:
    """A verified organisation to try the platform with, unless it is there."""
    sample = Organisation(id, 1, OrganisationStatus.VERIFIED, profile)
    if await store.add(tx, sample):
        await _publish(tx, principal, "organisation.sample", sample)


async def _locked(tx: Transaction, caller: Caller, id: UUID) -> Organisation:
    current = await store.lock(tx, id, caller.reader)
    if current is None:
        raise NotFound
    if caller.extent is Extent.OWN and current.id not in caller.reader.organisations:
        raise NotYours
    return current


async def _publish(tx: Transaction, principal: Principal, action: str, organisation: Organisation) -> None:
    await events.append(tx, organisation.changed())
    await audit.record(tx, principal, action, f"organisation:{organisation.id}", {"version": organisation.version})


async def _check_codes(tx: Transaction, profile: OrganisationProfile) -> None:
    unknown = [
        *(UnknownSector("sectors", value=code) for code in await codes.unknown_sectors(tx, profile.sectors)),
        *(UnknownArea("areas", value=pcode) for pcode in await areas.unknown(tx, profile.areas, levels=AREAS_OF_WORK)),
    ]
    if not await codes.is_organisation_type(tx, profile.type_code):
        unknown.insert(0, UnknownOrganisationType("type_code", value=profile.type_code))
    if unknown:
        raise Invalid(unknown)
