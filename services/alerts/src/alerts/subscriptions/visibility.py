"""Who sees which subscription `s`, and what became of it."""

from contracts.sensitivity import Sensitivity
from runtime.access import TO_HOLDERS
from runtime.visibility import Visibility

OWN = "(s.subject = {subject} or s.organisation_id = any({organisations}) and s.role = {role})"
"""One's own, and those a colleague of the same organisation made in the same role: no one gains rights by them."""
VISIBILITY = Visibility(own=OWN, clearance=TO_HOLDERS, level=Sensitivity.MODERATE)
OF_DELIVERIES = Visibility(
    own=f"exists (select from subscription as s where s.id = d.subscription_id and {OWN})",
    clearance=TO_HOLDERS,
    level=Sensitivity.MODERATE,
)
"""A delivery `d` is whose its subscription is."""
