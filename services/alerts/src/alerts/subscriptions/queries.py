"""Reading subscriptions: one's own and one's organisation's; the secretariat reads all. Secrets are never read here."""

# ruff: noqa: S608  composed of constants of this module only

from contracts.subscriptions import SUBSCRIPTIONS
from runtime.sources import Source

from alerts.alerts.visibility import NOT_SUSPENDED
from alerts.subscriptions.visibility import VISIBILITY

_GRANTS = """
  from jsonb_to_recordset(i.grants) as g (role text, organisation_id uuid, areas text[], sectors text[])
 where g.role = s.role and g.organisation_id is not distinct from s.organisation_id"""

LIVE = f"""
select s.id, s.role, same_organisations(s.organisation_id) as organisations, s.subject,
       coalesce(held.areas, s.areas) as areas,
       coalesce(held.sectors, s.sectors) as sectors, s.wanted_country, s.wanted_areas, s.wanted_sectors,
       s.wanted_severities, s.wanted_statuses, s.languages, s.state
  from subscription as s
  left join identity as i on i.subject = s.subject
  left join lateral (
       select exists (select {_GRANTS}) as stands, array(select distinct unnest(g.areas) {_GRANTS}) as areas,
              array(select distinct unnest(g.sectors) {_GRANTS}) as sectors
  ) as held on i.subject is not null
 where i.subject is null or held.stands"""
"""Subscriptions whose holder still has the right they were made with, as readers with the rights they have now.

An identity of which the registry has said nothing yet is believed as at creation.
"""


SOURCE = Source(
    SUBSCRIPTIONS,
    "subscription as s",
    "s",
    columns={
        "filter": """jsonb_build_object('country', s.wanted_country, 'areas', s.wanted_areas, 'sectors',
            s.wanted_sectors, 'severities', s.wanted_severities, 'statuses', s.wanted_statuses, 'languages',
            s.languages)""",
        "rights_ended": f"not exists (select from ({LIVE}) as r where r.id = s.id and {NOT_SUSPENDED})",
    },
    visibility=VISIBILITY,
)
"""In the order they were made."""
