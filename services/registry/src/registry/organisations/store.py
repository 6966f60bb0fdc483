"""Writes and locks of organisations. Contacts are written apart."""

from collections.abc import Sequence
from uuid import UUID

from contracts.organisations import OrganisationStatus
from database import Record, Transaction, insert_row
from runtime.access import Reader
from runtime.arguments import Arguments

from registry.organisations.domain import Contact, Organisation, OrganisationProfile
from registry.organisations.visibility import VISIBILITY

COLUMNS = "id, version, status, names, acronyms, aliases, type_code, external_ids, sectors, areas"


def organisation_of(row: Record) -> Organisation:
    return Organisation(
        id=UUID(int=row["id"].int),
        version=row["version"],
        status=OrganisationStatus(row["status"]),
        profile=OrganisationProfile(
            names=row["names"],
            type_code=row["type_code"],
            acronyms=row["acronyms"],
            aliases=tuple(row["aliases"]),
            external_ids=row["external_ids"],
            sectors=tuple(row["sectors"]),
            areas=tuple(row["areas"]),
        ),
    )


async def add(tx: Transaction, organisation: Organisation) -> bool:
    """Write a new organisation; false when the id is taken."""
    names = (*COLUMNS.split(", "), "sort_name")
    row = dict(zip(names, _values(organisation), strict=True))
    added = await insert_row(tx, "organisation", row, "on conflict do nothing returning id")
    if added:
        await _write_spellings(tx, organisation.id, organisation.profile)
    return bool(added)


async def lock(tx: Transaction, id: UUID, reader: Reader) -> Organisation | None:
    """The organisation, locked until the transaction ends, where the reader sees it."""
    given = Arguments(reader)
    row = await tx.fetchrow(
        f"""select {COLUMNS} from organisation as o
        where id = {given.put(id)} and {given.visible(VISIBILITY)} for update""",  # noqa: S608
        *given.all,
    )
    return organisation_of(row) if row else None


async def write(tx: Transaction, organisation: Organisation) -> None:
    """Write the next version of a locked organisation."""
    await tx.execute(
        """
        update organisation
           set version = $2, status = $3, names = $4, acronyms = $5, aliases = $6, type_code = $7, external_ids = $8,
               sectors = $9, areas = $10, sort_name = $11, changed_at = now(),
               hidden_in = case when $3 = 'verified' then null
                                when status = 'verified' then pg_current_xact_id() else hidden_in end
         where id = $1
        """,
        *_values(organisation),
    )
    await tx.execute("delete from organisation_name where organisation_id = $1", organisation.id)
    await _write_spellings(tx, organisation.id, organisation.profile)


def _values(organisation: Organisation) -> tuple[object, ...]:
    profile = organisation.profile
    return (
        organisation.id,
        organisation.version,
        organisation.status,
        dict(profile.names),
        dict(profile.acronyms),
        profile.aliases,
        profile.type_code,
        dict(profile.external_ids),
        profile.sectors,
        profile.areas,
        profile.sort_name,
    )


async def _write_spellings(tx: Transaction, id: UUID, profile: OrganisationProfile) -> None:
    await tx.execute(
        "insert into organisation_name (organisation_id, folded) select $1, folded from unnest($2::text[]) as folded",
        id,
        profile.spellings(),
    )


async def fold_names_again(tx: Transaction) -> None:
    """Let all organisations be found, and stand in the list, by their names as they fold now."""
    rows = await tx.fetch(f"select {COLUMNS}, sort_name from organisation order by id for no key update")  # noqa: S608
    found = [(organisation_of(row), row["sort_name"]) for row in rows]
    moved = [each for each, sort_name in found if each.profile.sort_name != sort_name]
    await tx.execute(
        """
        update organisation set sort_name = sent.sort_name from unnest($1::uuid[], $2::text[]) as sent (id, sort_name)
         where organisation.id = sent.id
        """,
        [each.id for each in moved],
        [each.profile.sort_name for each in moved],
    )
    named = [(each.id, spelling) for each, _ in found for spelling in each.profile.spellings()]
    await tx.execute("delete from organisation_name")
    await tx.execute(
        "insert into organisation_name (organisation_id, folded) select * from unnest($1::uuid[], $2::text[])",
        [id for id, _ in named],
        [spelling for _, spelling in named],
    )


async def write_contacts(tx: Transaction, id: UUID, contacts: Sequence[Contact]) -> None:
    """Put these contacts in place of the ones there were."""
    await tx.execute("delete from organisation_contact where organisation_id = $1", id)
    await tx.execute(
        """
        insert into organisation_contact (organisation_id, place, name, email, phone)
        select $1, place, name, email, phone
          from unnest($2::text[], $3::text[], $4::text[]) with ordinality as sent (name, email, phone, place)
        """,
        id,
        [contact.name for contact in contacts],
        [contact.email for contact in contacts],
        [contact.phone for contact in contacts],
    )


async def unverified(tx: Transaction, organisations: Sequence[UUID]) -> set[UUID]:
    """Those of the organisations that are not verified."""
    rows = await tx.fetch(
        """
        select id from unnest($1::uuid[]) as sent (id)
         where not exists (select from organisation where organisation.id = sent.id and status = 'verified')
        """,
        organisations,
    )
    return {UUID(int=row["id"].int) for row in rows}
