"""Changes of people: invite, accept, change, deactivate, let in again, erase."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from contracts.people import PersonState
from database import Transaction, new_id
from messaging import events
from runtime import audit
from runtime.access import ANONYMOUS, Caller, Extent, Principal, Reader, Role
from runtime.answers import check_version
from runtime.problems import Invalid, NotFound, NotYours

from registry.identity.grants import queries as grants
from registry.identity.grants.domain import Powers
from registry.identity.people import store
from registry.identity.people.domain import INVITATION_LASTS, Invitation, Person, PersonProfile, of_one_organisation
from registry.identity.people.errors import InvitationEnded, PersonErased, PersonKnown
from registry.identity.people.passwords import HASHING
from registry.identity.places import store as places
from registry.identity.secrets import hash_secret, new_secret
from registry.identity.sessions import store as sessions


async def invite(
    tx: Transaction, caller: Caller, profile: PersonProfile, powers: Sequence[Powers], now: datetime
) -> Invitation:
    """Somebody new, and the link for them. Raises `NotYours`, `Invalid`, `PersonKnown`."""
    _check_reach(caller, powers)
    powers = await _checked(tx, powers)
    nobody = Person(new_id(), 1, PersonState.INVITED, ())
    person = replace(nobody, grants=nobody.with_powers(powers, iter(new_id, None)))
    if not await store.add(tx, person, profile):
        raise PersonKnown("email")
    await _note(tx, caller.principal, "person.invite", person)
    return await _link(tx, caller.principal, person.id, now)


def _check_reach(caller: Caller, powers: Sequence[Powers]) -> None:
    """An organisation lets in members of its own, and nobody else."""
    if caller.extent is not Extent.OWN:
        return
    for place, each in enumerate(powers):
        if not each.is_member_of(caller.organisation_id):
            raise NotYours(f"grants.{place}")


async def _checked(tx: Transaction, powers: Sequence[Powers]) -> list[Powers]:
    settled = _settled(powers)
    if unknown := await grants.unknown(tx, {f"grants.{place}.": each for place, each in enumerate(settled)}):
        raise Invalid(unknown)
    return settled


def _settled(powers: Sequence[Powers]) -> list[Powers]:
    if faults := [fault for place, each in enumerate(powers) for fault in each.faults(f"grants.{place}.")]:
        raise Invalid(faults)
    return of_one_organisation(powers)


async def _link(tx: Transaction, principal: Principal, person_id: UUID, now: datetime) -> Invitation:
    invitation = Invitation(new_id(), person_id, new_secret(), now + INVITATION_LASTS)
    await store.add_invitation(tx, invitation, principal.subject, now)
    return invitation


async def revoke_invitation(tx: Transaction, caller: Caller, id: UUID, now: datetime) -> None:
    """Take a link back. Raises `NotFound`."""
    if not await store.revoke(tx, id, caller.reader, now):
        raise NotFound
    await audit.record(tx, caller.principal, "invitation.revoke", f"invitation:{id}")


async def accept(tx: Transaction, token: str, password_hash: str, name: str | None, now: datetime) -> Person:
    """Set the password a link was made for; whoever was signed in until now is out. Raises `InvitationEnded`."""
    token_hash = hash_secret(token)
    person_id = await store.invited_person(tx, token_hash)
    current = await store.lock(tx, person_id, WHOEVER) if person_id else None
    # The link is used only now that the person is locked, in the order in which everybody else takes the two.
    if current is None or await store.use_invitation(tx, token_hash, now) is None:
        raise InvitationEnded("token")
    await store.write_password(tx, current.id, password_hash)
    await store.write_profile(tx, current.id, name, None)
    await sessions.end_of_person(tx, current.id)
    await places.forget(tx, current.id)
    themselves = Principal(str(current.id), ANONYMOUS.role)
    if current.state is PersonState.ACTIVE:
        await audit.record(tx, themselves, "person.password", f"person:{current.id}")
        return current
    active = current.next(state=PersonState.ACTIVE)
    await _publish(tx, themselves, "person.accept", active)
    return active


async def change(
    tx: Transaction,
    caller: Caller,
    id: UUID,
    expected: int | None,
    *,
    powers: Sequence[Powers] | None,
    name: str | None,
    language: str | None,
    now: datetime,
) -> Person:
    """Change what is given; other grants need a new link, where one is out. Raises `NotFound`, `VersionMismatch`,
    `PersonErased`, `Invalid`, `CoordinatorOfSeveral`.
    """
    current = await _locked(tx, caller, id)
    check_version(expected, current.version)
    grants = current.grants
    if powers is not None:
        grants = current.with_powers(await _checked(tx, powers), iter(new_id, None))
    if name is None and language is None and grants == current.grants:
        return current
    if grants != current.grants:
        # A link that is out was handed over for what they were to do until now, perhaps by their organisation.
        await store.revoke_open(tx, id, now)
    await store.write_profile(tx, id, name, language)
    changed = current.next(grants=grants)
    await _publish(tx, caller.principal, "person.change", changed)
    return changed


async def deactivate(tx: Transaction, caller: Caller, id: UUID, now: datetime) -> Person:
    """Out at once, until let in again; a second time changes nothing. Raises `NotFound`, `PersonErased`."""
    current = await _locked(tx, caller, id)
    await sessions.end_of_person(tx, id)
    await places.forget(tx, id)
    await store.revoke_open(tx, id, now)
    if current.state is PersonState.DEACTIVATED:
        return current
    deactivated = current.next(state=PersonState.DEACTIVATED)
    await _publish(tx, caller.principal, "person.deactivate", deactivated)
    return deactivated


async def reset(tx: Transaction, caller: Caller, id: UUID, now: datetime) -> Invitation:
    """A new link to set a password. Who was deactivated is let in again by it, and needs it.

    An organisation gets one only for those of its members who never came in: with the link of anybody else it could
    take over what they hold. Raises `NotFound`, `PersonErased`.
    """
    current = await _locked(tx, caller, id)
    if caller.extent is Extent.OWN and (current.state is not PersonState.INVITED or await store.came_in(tx, id)):
        raise NotFound
    await places.forget(tx, id)
    if current.state is PersonState.DEACTIVATED:
        await store.drop_password(tx, id)
        await _publish(tx, caller.principal, "person.readmit", current.next(state=PersonState.INVITED))
    else:
        await _note(tx, caller.principal, "person.reset", current)
    return await _link(tx, caller.principal, id, now)


async def erase(tx: Transaction, caller: Caller, id: UUID) -> None:
    """Remove who somebody is, for ever; their id stays, for what was done under it. Raises `NotFound`."""
    current = await _locked(tx, caller, id, erased=True)
    if current.state is PersonState.ERASED:
        return
    await sessions.end_of_person(tx, id)
    await store.erase_profile(tx, id)
    await _publish(tx, caller.principal, "person.erase", current.next(state=PersonState.ERASED, grants=()))


async def put(
    tx: Transaction, principal: Principal, profile: PersonProfile, powers: Sequence[Powers], password: str
) -> None:
    """Let somebody be there who signs in with this password, for samples; nothing happens where they are and do.

    As with a sample client, the areas need not be loaded yet.
    """
    nobody = Person(new_id(), 1, PersonState.ACTIVE, ())
    person = replace(nobody, grants=nobody.with_powers(_settled(powers), iter(new_id, None)))
    account = await store.account(tx, profile.folded_email)
    if account is None:
        await store.add(tx, person, profile)
        await store.write_password(tx, person.id, await HASHING.make(password))
        await events.append(tx, person.changed())
        await _note(tx, principal, "person.put", person)
    elif not await HASHING.proves(account.hash, password):
        await store.write_password(tx, account.person_id, await HASHING.make(password))
        await sessions.end_of_person(tx, account.person_id)
        await places.forget(tx, account.person_id)
        await audit.record(tx, principal, "person.password", f"person:{account.person_id}")


WHOEVER = Reader(Role.SECRETARIAT)
"""May do with a link what its holder may, whoever that is."""


async def _locked(tx: Transaction, caller: Caller, id: UUID, *, erased: bool = False) -> Person:
    current = await store.lock(tx, id, caller.reader)
    if current is None:
        raise NotFound
    if current.state is PersonState.ERASED and not erased:
        raise PersonErased
    return current


async def _publish(tx: Transaction, principal: Principal, action: str, person: Person) -> None:
    await store.write(tx, person)
    await events.append(tx, person.changed())
    await _note(tx, principal, action, person)


async def _note(tx: Transaction, principal: Principal, action: str, person: Person) -> None:
    details = {"version": person.version, "roles": [grant.powers.role for grant in person.grants]}
    await audit.record(tx, principal, action, f"person:{person.id}", details)
