"""Other names, codes and ids given to organisations, many at once."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from contracts.folding import fold
from contracts.organisations import OrganisationStatus
from database import Transaction
from messaging import events
from runtime import audit
from runtime.access import Principal, Role
from runtime.naming import SeveralOrganisations, UnknownOrganisation, UnknownSector
from runtime.problems import Refusal
from runtime.rows.outcomes import Outcome, rejected_row

from registry.codes import store as codes
from registry.identifiers.domain import SentIdentifiers, profile_with
from registry.organisations import store
from registry.organisations.domain import Organisation

Organisations = dict[UUID, Organisation]


async def identify(tx: Transaction, sender: Principal, rows: Sequence[SentIdentifiers]) -> list[Outcome]:
    """Give the organisations what the rows say; each row is taken or refused by itself."""
    await store.lock_identifiers(tx)
    called = await store.called(tx, {fold(row.organisation) for row in rows if row.organisation})
    unknown = set(await codes.unknown_sectors(tx, sorted({row.issuer for row in rows if row.issuer})))
    held = await store.holders_of(tx, {row.key for row in rows if row.key})
    named = {id for ids in called.values() for id in ids} | {row.organisation_id for row in rows if row.organisation_id}
    before = await store.lock_all(tx, named | set(held.values()))
    now, holders = dict(before), {key: before[id] for key, id in held.items()}
    outcomes: list[Outcome] = []
    for row in rows:
        try:
            row.check(sender)
            if row.issuer in unknown:
                raise UnknownSector("issuer", value=row.issuer)
            organisation = _meant(row, called, now)
            if sender.role is not Role.SECRETARIAT and organisation.status is not OrganisationStatus.VERIFIED:
                raise UnknownOrganisation("organisation")
            profile = profile_with(row, organisation, holders)
        except Refusal as refused:
            outcomes.append(rejected_row(row.row, [refused]))
            continue
        if profile != organisation.profile:
            now[organisation.id] = before[organisation.id].next(profile=profile)
        status = "unchanged" if profile == organisation.profile else "updated"
        outcomes.append(Outcome(row.row, status, organisation.id))
    await _write(tx, sender, [each for id, each in now.items() if each != before[id]])
    for outcome in outcomes:
        if isinstance(outcome.id, UUID):
            outcome.version = now[outcome.id].version
    return outcomes


def _meant(row: SentIdentifiers, called: Mapping[str, Sequence[UUID]], known: Organisations) -> Organisation:
    """The organisation of a row. Raises `UnknownOrganisation`, `SeveralOrganisations`."""
    if row.organisation_id:
        if found := known.get(row.organisation_id):
            return found
        raise UnknownOrganisation("organisation_id")
    ids = called.get(fold(row.organisation or ""), ())
    if not ids:
        raise UnknownOrganisation("organisation")
    if len(ids) > 1:
        raise SeveralOrganisations("organisation")
    return known[ids[0]]


async def _write(tx: Transaction, sender: Principal, changed: Sequence[Organisation]) -> None:
    if not changed:
        return
    await store.write_identifiers(tx, changed)
    await events.append_all(tx, [each.changed() for each in changed])
    entries = [(f"organisation:{each.id}", {"version": each.version}) for each in changed]
    await audit.record_all(tx, sender, "organisation.identify", entries)
