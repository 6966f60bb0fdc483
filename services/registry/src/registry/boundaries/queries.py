"""Questions about boundaries."""

from collections.abc import Sequence

from database import Record, Transaction


async def boundaries(tx: Transaction, country: str, level: int, detail: str) -> Sequence[Record]:
    """The boundaries of a level, each in the detail that is asked for or the nearest there is."""
    return await tx.fetch(
        """
        select distinct on (pcode)
               country, pcode, level, names, parent, b.version, b.source, geometry, west, south, east, north
          from area_boundary as b join area using (country, pcode)
         where country = $1 and level = $2
         order by pcode, detail = $3 desc, detail = 'full' desc
        """,
        country,
        level,
        detail,
    )
