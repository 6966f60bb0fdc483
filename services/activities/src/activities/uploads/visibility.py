"""Who sees which upload `u`, and what was wrong with its rows: its sender's side and the secretariat."""

from contracts.sensitivity import Sensitivity
from runtime.access import TO_HOLDERS
from runtime.visibility import Visibility

# What a coordinator sent for others is nothing to their own organisation: those are other people's rows.
OWN = "(u.client = {subject} or u.organisation_id = any({organisations}) and u.role = 'member')"
VISIBILITY = Visibility(own=OWN, clearance=TO_HOLDERS, level=Sensitivity.MODERATE)
OF_PROBLEMS = Visibility(
    own=f"exists (select from upload as u where (u.country, u.id) = (p.country, p.upload_id) and {OWN})",
    clearance=TO_HOLDERS,
    level=Sensitivity.HIGH,
    fields={"facts": Sensitivity.HIGH},
)
"""What is wrong with a row quotes it."""
