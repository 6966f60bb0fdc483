"""What a subscriber names of the public lists: an area or a sector nobody knows is refused, never waited for."""

from collections.abc import Sequence

from database import Transaction
from runtime.naming import UnknownArea, UnknownCountry, UnknownSector
from runtime.problems import Invalid, Refusal


async def check_known(
    tx: Transaction, country: str | None, areas: Sequence[str], sectors: Sequence[str], *, fields: tuple[str, str, str]
) -> None:
    """Raises the `Unknown…` of what is named in vain by the fields of these names, or `Invalid` with all of them.

    An area lies in the country that is named with it.
    """
    if not (country or areas or sectors):
        return
    row = await tx.fetchrow(UNKNOWN, country, list(areas), list(sectors))
    assert row is not None
    of_country, of_areas, of_sectors = fields
    found: list[Refusal] = [
        *([UnknownCountry(of_country, value=country)] if row["country"] else []),
        *(UnknownArea(of_areas, value=area) for area in row["areas"]),
        *(UnknownSector(of_sectors, value=sector) for sector in row["sectors"]),
    ]
    if len(found) == 1:
        raise found[0]
    if found:
        raise Invalid(found)


UNKNOWN = """
select $1::text is not null and not exists (select from area where country = $1) as country,
       array(select code from unnest($2::text[]) as named (code)
              where not exists (select from area where pcode = code and ($1::text is null or country = $1))) as areas,
       array(select code from unnest($3::text[]) as named (code)
              where not exists (select from sector where sector.code = named.code)) as sectors
"""
