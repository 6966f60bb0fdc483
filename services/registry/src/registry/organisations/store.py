"""Writes and locks of organisations. Contacts are written apart."""

from collections.abc import Collection, Sequence
from uuid import UUID

from contracts.folding import fold
from contracts.organisations import OrganisationStatus
from database import Record, Transaction, insert_row
from runtime.access import Reader
from runtime.arguments import Arguments

from registry.duplicates.domain import known
from registry.organisations.domain import Contact, Organisation, OrganisationProfile
from registry.organisations.visibility import VISIBILITY

COLUMNS = "id, version, status, names, acronyms, aliases, type_code, external_ids, sectors, areas"
PARTNER_CODES = """(
    select coalesce(jsonb_agg(jsonb_build_object('issuer', c.issuer, 'code', c.code) order by c.issuer, c.folded), '[]')
      from partner_code as c where c.organisation_id = o.id)"""
READ = f"{COLUMNS}, merged_into, {PARTNER_CODES} as partner_codes"
"""What is read of an organisation `o`."""
STANDS_FOR = "(select coalesce(asked.merged_into, asked.id) from organisation as asked where asked.id = {})"
"""The organisation an id names: where it was merged, the one it was merged into."""


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
            partner_codes=tuple(row["partner_codes"]),
            sectors=tuple(row["sectors"]),
            areas=tuple(row["areas"]),
        ),
        merged_into=row["merged_into"] and UUID(int=row["merged_into"].int),
    )


async def add(tx: Transaction, organisation: Organisation) -> bool:
    """Write a new organisation; false when the id is taken."""
    names = (*COLUMNS.split(", "), "sort_name")
    row = dict(zip(names, _values(organisation), strict=True))
    added = await insert_row(tx, "organisation", row, "on conflict do nothing returning id")
    if added:
        await _write_names(tx, [organisation])
    return bool(added)


async def lock(tx: Transaction, id: UUID, reader: Reader) -> Organisation | None:
    """The organisation this id stands for, locked until the transaction ends, where the reader sees it."""
    given = Arguments(reader)
    row = await tx.fetchrow(
        f"""select {READ} from organisation as o
        where id = {STANDS_FOR.format(given.put(id))} and {given.visible(VISIBILITY)} for update of o""",  # noqa: S608
        *given.all,
    )
    return organisation_of(row) if row else None


async def lock_all(tx: Transaction, ids: Collection[UUID]) -> dict[UUID, Organisation]:
    """These organisations, so far as there are such, locked until the transaction ends."""
    rows = await tx.fetch(
        f"select {READ} from organisation as o where id = any($1::uuid[]) order by id for update of o",  # noqa: S608
        list(ids),
    )
    return {found.id: found for found in map(organisation_of, rows)}


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
    await _write_names(tx, [organisation])


async def write_identifiers(tx: Transaction, organisations: Sequence[Organisation]) -> None:
    """Write the next versions of locked organisations in which nothing but other names, codes and ids is new."""
    await tx.execute(
        """
        update organisation as o
           set version = s.version, aliases = s.aliases, external_ids = s.external_ids, changed_at = now()
          from jsonb_to_recordset($1::jsonb) as s (id uuid, version bigint, aliases text [], external_ids jsonb)
         where o.id = s.id
        """,
        [
            {
                "id": str(each.id),
                "version": each.version,
                "aliases": each.profile.aliases,
                "external_ids": dict(each.profile.external_ids),
            }
            for each in organisations
        ],
    )
    await _write_names(tx, organisations)


async def lock_identifiers(tx: Transaction) -> None:
    """One at a time gives codes: two could give one code to two organisations."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended('organisation identifiers', 0))")


async def holders_of(tx: Transaction, codes: Collection[tuple[str, str]]) -> dict[tuple[str, str], UUID]:
    """Whose these codes are, folded, by issuer."""
    rows = await tx.fetch(
        """
        select issuer, folded, organisation_id from partner_code
         where (issuer, folded) in (select * from unnest($1::text[], $2::text[]))
        """,
        [issuer for issuer, _ in codes],
        [folded for _, folded in codes],
    )
    return {(row["issuer"], row["folded"]): UUID(int=row["organisation_id"].int) for row in rows}


async def called(tx: Transaction, folded: Collection[str]) -> dict[str, list[UUID]]:
    """Organisations by these folded names."""
    rows = await tx.fetch(
        "select folded, organisation_id from organisation_name where folded = any($1::text[])", list(folded)
    )
    found: dict[str, list[UUID]] = {}
    for row in rows:
        found.setdefault(row["folded"], []).append(UUID(int=row["organisation_id"].int))
    return found


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


async def _write_names(tx: Transaction, organisations: Sequence[Organisation]) -> None:
    """Let organisations be found by their names and codes as they fold, and by no others."""
    ids = [each.id for each in organisations]
    for table in ("organisation_name", "organisation_key", "partner_code"):
        await tx.execute(f"delete from {table} where organisation_id = any($1::uuid[])", ids)  # noqa: S608
    names = [(each.id, name) for each in organisations for name in each.profile.spellings()]
    await tx.execute(
        "insert into organisation_name (organisation_id, folded) select * from unnest($1::uuid[], $2::text[])",
        [id for id, _ in names],
        [name for _, name in names],
    )
    keys = [(each.id, key) for each in organisations for key in known(each.id, each.profile).keys]
    await tx.execute(
        "insert into organisation_key (organisation_id, key) select * from unnest($1::uuid[], $2::text[])",
        [id for id, _ in keys],
        [key for _, key in keys],
    )
    codes = [(each.id, code["issuer"], code["code"]) for each in organisations for code in each.profile.partner_codes]
    await tx.execute(
        """
        insert into partner_code (organisation_id, issuer, folded, code)
        select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[])
        """,
        [id for id, _, _ in codes],
        [issuer for _, issuer, _ in codes],
        [fold(code) for _, _, code in codes],
        [code for _, _, code in codes],
    )


async def fold_names_again(tx: Transaction) -> None:
    """Let all organisations be found, and stand in the list, by their names as they fold now."""
    rows = await tx.fetch(f"select {READ}, sort_name from organisation as o order by id for no key update of o")  # noqa: S608
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
    await _write_names(tx, [each for each, _ in found])


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
