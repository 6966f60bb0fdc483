"""Who may review a report, as conditions on a row `r` of `report`: the queue and the decision read the same ones."""

BELONGS = """(r.sensitivity <> 'severe'
     and exists (select from sector as s where s.code = r.sector and s.has_working_group)
     and exists (select from scope as p where p.country = r.country and p.areas && r.area_path
                    and p.active_from <= (now() at time zone p.time_zone)::date))"""
"""Whether a working group can review it: the sector has one, and the place lies in a scope that is active today there.

Severe rows are seen by no working group.
"""

OF_THEIR_OWN = "({0}::uuid[] && array[r.organisation_id, r.implementer_id])"
"""Whether it is a report of these organisations: they reported the work, or did it."""

SENT_BY_THEM = "r.submitted_by = {0}::text"
"""Whether this subject sent the version that stands: what one person sent another one approves."""
