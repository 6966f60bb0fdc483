"""Who may see which alert, and whom it concerns: the one rule, in SQL, for lists, streams and subscriptions alike.

It speaks of an alert `a` and of a reader: the caller, or a row `r` (a stream's, a subscription's holder) with `role`,
`organisations`, `subject`, `areas` and `sectors`.
"""

# ruff: noqa: S608  composed of constants of this module only

from contracts.sensitivity import Sensitivity
from runtime.access import CLEARANCE, Relation, Role
from runtime.visibility import Visibility, conditions_for_rows


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


CHAIN_MEETS_HUB = meets("{areas}", lies="a.chain_areas", within="a.chain_within")
"""An Update that moves away from a hub's areas is still about what the hub was told."""

OWN_WITHOUT_ORGANISATION = "a.organisation_id is null and a.issued_by = {subject}"
"""Of who coordinates in one role and is a hub in another: a hub itself issues none."""


def _own(alert: str) -> str:
    return f"""case when {alert}.organisation_id is null then {alert}.issued_by = {{subject}}
                 else {alert}.organisation_id = any({{organisations}}) end"""


def _addressed(alert: str) -> str:
    return f"{alert}.scope = 'Private' and {alert}.addresses && {{organisations}}"


ADDRESSED = f"""({_addressed("a")} or a.supersedes <> '{{}}' and exists (
    select from alert as earlier where earlier.id = any(a.supersedes)
       and ({_own("earlier")} or {_addressed("earlier")})))"""
"""Its sender and those it was addressed to see what goes on with a message of theirs, whoever goes on with it."""

IN_SCOPE = """(a.sectors = '{}' or a.sectors && {sectors})
    and not exists (select from unnest(a.areas) as one (pcode)
                     left join area as place on place.country = a.country and place.pcode = one.pcode
                     where not coalesce(place.path && {areas}, false))"""
"""Each area lies within the coordinator's, and the sectors, if any, meet theirs."""

VISIBILITY = Visibility(
    own=_own("a"),
    in_scope={Role.COORDINATOR: IN_SCOPE, Role.HUB: f"{CHAIN_MEETS_HUB} or {ADDRESSED}"},
    clearance={**CLEARANCE, Role.HUB: {Relation.OWN: Sensitivity.SEVERE, Relation.IN_SCOPE: Sensitivity.MODERATE}},
    level=Sensitivity.MODERATE,
    raised={f"a.scope = 'Private' and not {ADDRESSED}": Sensitivity.SEVERE},
    own_alone="a.status = 'Draft'",
)
"""A private alert is severe to whom it is not addressed."""
VISIBLE = conditions_for_rows(VISIBILITY, "r").visible


def _is_followed(alert: str) -> str:
    return concerns(
        alert,
        country="r.wanted_country",
        areas="r.wanted_areas",
        sectors="r.wanted_sectors",
        severities="r.wanted_severities",
    )


WANTED = f"""(
    a.status = any(r.wanted_statuses)
    and ({_is_followed("a")}
         or a.supersedes <> '{{}}' and exists (
             select from alert as earlier where earlier.id = any(a.supersedes) and {_is_followed("earlier")})))"""
"""Whether a subscriber or a stream asked for the alert, or for an earlier message of its chain: an Update or a Cancel
goes to whom its Alert went, however it is marked itself. A chain has one status.
"""

NOT_SUSPENDED = """not exists (
    select from organisation as o
     where o.id = any(r.organisations) and o.merged_into is null and o.status = 'suspended')"""
"""A suspended organisation is told nothing; one the registry has not told us about yet, is."""
