"""Who may see which alert, and whose wishes it meets: the one rule, in SQL, for lists, streams and subscriptions alike.

It speaks of an alert `a` and of a reader `r`: one row with `role`, `organisation_id`, `subject`, `areas` and
`sectors`, wherever that comes from (the caller's token, a stream's, a subscription's holder).
"""

# ruff: noqa: S608  composed of constants of this module only

from runtime.access import Role

READER = """(select $1::text as role, $2::uuid as organisation_id, $3::text as subject, $4::text[] as areas,
                    $5::text[] as sectors)"""
"""The caller as a reader; PostgreSQL folds the constants into the conditions."""


def meets(areas: str) -> str:
    """Whether the alert lies in one of the areas, below it or above: one for a governorate concerns its districts."""
    return f"""(a.within && {areas} or a.areas && array(
        select up from area as place cross join lateral unnest(place.path) as up
         where place.pcode = any({areas})))"""


OWN = "coalesce(a.organisation_id = r.organisation_id, a.organisation_id is null and a.issued_by = r.subject)"

VISIBLE = f"""case
    when {OWN} then true
    when a.status = 'Draft' then false
    when r.role = '{Role.SECRETARIAT}' then true
    when a.scope = 'Private' then coalesce(r.organisation_id = any(a.addresses), false)
    when r.role = '{Role.HUB}' then {meets("r.areas")}
    else r.role in ('{Role.MEMBER}', '{Role.COORDINATOR}')
end"""

GUARDED = f"""(
    {OWN} or r.role = '{Role.SECRETARIAT}'
    or (r.role = '{Role.COORDINATOR}' and (a.sectors = '{{}}' or a.sectors && r.sectors)
        and not exists (select from unnest(a.areas) as one (pcode)
                         left join area as place on place.country = a.country and place.pcode = one.pcode
                         where not coalesce(place.path && r.areas, false))))"""
"""Fields above moderate. In scope: each area lies within the coordinator's, and the sectors, if any, meet theirs."""

WANTED = f"""(
    a.status = any(r.wanted_statuses)
    and (r.wanted_country is null or a.country = r.wanted_country)
    and (r.wanted_areas = '{{}}' or {meets("r.wanted_areas")})
    and (r.wanted_sectors = '{{}}' or a.sectors = '{{}}' or a.sectors && r.wanted_sectors)
    and (r.wanted_severities = '{{}}' or a.severity = any(r.wanted_severities)))"""
"""Whether a subscriber or a stream asked for the alert. One that names no sector concerns every sector."""

NOT_SUSPENDED = "not exists (select from organisation as o where o.id = r.organisation_id and o.status = 'suspended')"
"""A suspended organisation is told nothing; one the registry has not told us about yet, is."""
