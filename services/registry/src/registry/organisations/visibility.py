"""Who sees which organisation `o`, and what of it."""

from contracts.sensitivity import Sensitivity
from runtime.access import WHOLE, Clearance, Relation, Role
from runtime.visibility import Visibility

_OTHERS = {Relation.OWN: Sensitivity.SEVERE, Relation.OTHER: Sensitivity.MODERATE}
CLEARANCE: Clearance = {
    **dict.fromkeys((Role.MEMBER, Role.COORDINATOR, Role.HUB), _OTHERS),
    Role.SECRETARIAT: {**WHOLE, Relation.IN_SCOPE: Sensitivity.HIGH, Relation.OTHER: Sensitivity.HIGH},
}
"""Contacts are shown to their own organisation alone, whatever the role."""
CONTACTS = Sensitivity.SEVERE
VISIBILITY = Visibility(
    own="o.id = any({organisations})",
    clearance=CLEARANCE,
    raised={"o.status <> 'verified'": Sensitivity.HIGH},
)
"""An organisation that is not verified is nobody's business but its own and the secretariat's."""
