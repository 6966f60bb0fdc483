"""Places and sectors in the SQL of figures: parameters $1 country, $2 area, $3 level, $4 sector, $5 descendants."""

LEVEL = """coalesce($3::int, (select a.level from area as a where a.pcode = $2 and ($1::text is null or a.country = $1)
                             order by a.country limit 1), 1)"""

SECTORS = """case when $5::bool then array(select s.code from sector as s where s.parent = $4) || $4::text
            else array[$4::text] end"""

LIES_IN = """c.area = any(array(
       select a.pcode from area as a
        where a.path && {pcodes} and a.level = (select level from wanted)
          and ($1::text is null or a.country = $1)))"""
"""Whether a cell `c` lies in or below one of some areas: the areas at the level asked for are looked up once."""
IN_AREA = f"($2::text is null or {LIES_IN.format(pcodes='array[$2]')})"

_WITHIN_READERS = """coalesce((select a.path && {areas} from area as a
                              where a.country = $1 and a.pcode = $2), false)"""
"""Whether the area asked for lies in the reader's, and so all below it. Asked of each of many areas first: looking up
all the reader's areas takes longer than reading one area's cells."""


def in_readers(*, of_areas: bool) -> str:
    """Whether a cell lies in the reader's areas, of figures that are asked for of each of many areas or of all."""
    lies_in = LIES_IN.format(pcodes="{areas}")
    return f"{_WITHIN_READERS} or {lies_in}" if of_areas else lies_in


BY_LEVEL = """case when cardinality(a.path) = a.level + 1 then array_to_string(a.path, '/') else (
       select string_agg(coalesce(x.pcode, ''), '/' order by l)
         from generate_series(0, a.level) as l
         left join area as x on x.country = a.country and x.level = l and x.pcode = any(a.path)) end"""
"""The path of an area `a` as facts keep it: each area at the place of its own level, nothing where one is skipped."""

PLACES = {"country": 1, "area": 2}
"""Where these stand among the arguments of every statement of figures."""
