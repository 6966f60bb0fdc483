"""Who may see which alert, and whom it concerns: the one rule, in SQL, for lists, streams and subscriptions alike.

It speaks of an alert `a` and of a reader `r`: one row with `role`, `organisation_id`, `subject`, `areas` and
`sectors`, wherever that comes from (the caller's token, a stream's, a subscription's holder).
"""

# ruff: noqa: S608  composed of constants of this module only

from runtime.access import Role

READER = """(select $1::text as role, $2::uuid as organisation_id, $3::text as subject, $4::text[] as areas,
                    $5::text[] as sectors)"""
"""The caller as a reader; PostgreSQL folds the constants into the conditions."""


def meets(areas: str, *, lies: str = "a.areas", within: str = "a.within") -> str:
    """Whether the alert lies in one of the areas, below it or above: one for a governorate concerns its districts."""
    return f"""({within} && {areas} or {lies} && array(
        select up from area as place cross join lateral unnest(place.path) as up
         where place.pcode = any({areas})))"""


def concerns(alert: str, *, country: str, areas: str, sectors: str, severities: str) -> str:
    """Whether an alert concerns who asks for these: SQL expressions, null or empty where it is not asked about.

    Sectors and severities are exact; an alert that names no sector concerns every sector.
    """
    place = meets(areas, lies=f"{alert}.areas", within=f"{alert}.within")
    return f"""(
    ({country} is null or {alert}.country = {country})
    and ({areas} = '{{}}' or {place})
    and ({sectors} = '{{}}' or {alert}.sectors = '{{}}' or {alert}.sectors && {sectors})
    and ({severities} = '{{}}' or {alert}.severity = any({severities})))"""


CHAIN_MEETS_HUB = meets("r.areas", lies="a.chain_areas", within="a.chain_within")
"""An Update that moves away from a hub's areas is still about what the hub was told."""

OWN = "coalesce(a.organisation_id = r.organisation_id, a.organisation_id is null and a.issued_by = r.subject)"

REACHED = f"""(a.supersedes <> '{{}}' and exists (
    select from alert as earlier where earlier.id = any(a.supersedes)
       and ({OWN.replace("a.", "earlier.")}
            or earlier.scope = 'Private' and r.organisation_id = any(earlier.addresses))))"""
"""Its sender and those it was addressed to see what goes on with a message of theirs, whoever goes on with it."""

VISIBLE = f"""case
    when {OWN} then true
    when a.status = 'Draft' then false
    when r.role = '{Role.SECRETARIAT}' then true
    when a.scope = 'Private' then coalesce(r.organisation_id = any(a.addresses), false) or {REACHED}
    when r.role = '{Role.HUB}' then {CHAIN_MEETS_HUB} or {REACHED}
    else r.role in ('{Role.MEMBER}', '{Role.COORDINATOR}')
end"""

GUARDED = f"""(
    {OWN} or r.role = '{Role.SECRETARIAT}'
    or (r.role = '{Role.COORDINATOR}' and (a.sectors = '{{}}' or a.sectors && r.sectors)
        and not exists (select from unnest(a.areas) as one (pcode)
                         left join area as place on place.country = a.country and place.pcode = one.pcode
                         where not coalesce(place.path && r.areas, false))))"""
"""Fields above moderate. In scope: each area lies within the coordinator's, and the sectors, if any, meet theirs."""


def _asked_for(alert: str) -> str:
    return concerns(
        alert,
        country="r.wanted_country",
        areas="r.wanted_areas",
        sectors="r.wanted_sectors",
        severities="r.wanted_severities",
    )


WANTED = f"""(
    a.status = any(r.wanted_statuses)
    and ({_asked_for("a")}
         or a.supersedes <> '{{}}' and exists (
             select from alert as earlier where earlier.id = any(a.supersedes) and {_asked_for("earlier")})))"""
"""Whether a subscriber or a stream asked for the alert, or for an earlier message of its chain: an Update or a Cancel
goes to whom its Alert went, however it is marked itself. A chain has one status.
"""

NOT_SUSPENDED = "not exists (select from organisation as o where o.id = r.organisation_id and o.status = 'suspended')"
"""A suspended organisation is told nothing; one the registry has not told us about yet, is."""
