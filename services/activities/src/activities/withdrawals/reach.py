"""Which reports a caller takes back, as conditions on a row `r` of `report`: `domain.may_change` says it of one."""

from contracts.sensitivity import Sensitivity
from runtime.access import TO_HOLDERS, Relation, Role
from runtime.visibility import Visibility

from activities.reports.visibility import IN_SCOPE, OWN

CHANGEABLE = Visibility(
    own=OWN,
    in_scope={Role.COORDINATOR: f"r.submitted_by_role = 'coordinator' and {IN_SCOPE}"},
    clearance={**TO_HOLDERS, Role.COORDINATOR: dict.fromkeys((Relation.OWN, Relation.IN_SCOPE), Sensitivity.SEVERE)},
)

FIRST_MADE = """coalesce((
    select min(made.version) from report_version as made
    where (made.country, made.organisation_id, made.report_id) = (r.country, r.organisation_id, r.id)
      and (made.row ->> 'upload_id')::uuid = r.upload_id
), r.version)"""
"""The version by which the file that a report's content came in first said it: looked for among its own alone, so the
file is not compared as the index of files has it.
"""

IS_WITHDRAWN = """exists (
    select from withdrawal as w
    where w.upload_id = {0} and w.kind = 'withdrawal' and w.state in ('withdrawing', 'withdrawn')
)"""
"""Whether a file is withdrawn."""

SAID_ELSEWHERE = f"""exists (
    select from upload_report as o
    where o.report_id = r.id and o.upload_id not in ($1::uuid, r.upload_id) and o.version >= {FIRST_MADE}
      and not {IS_WITHDRAWN.format("o.upload_id")}
)"""
"""Whether another file that stands says what the report says, though it came later and changed nothing."""

MISSING = """upload_whole as w
    join report as r
      on (r.country, r.organisation_id, r.sector, r.month) = (w.country, w.organisation_id, w.sector, w.month)
   where w.upload_id = $1::uuid and r.stage <> 'withdrawn' and {mine}
     and not exists (select from upload_report as h where (h.upload_id, h.report_id) = ($1::uuid, r.id))"""
"""Reports of what a file is the whole of that stand, and that it does not hold."""
