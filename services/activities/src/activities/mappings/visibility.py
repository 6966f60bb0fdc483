"""Who sees which mapping `m`: its owner's side and the secretariat, and one that is shared all who send reports."""

from collections.abc import Mapping

from contracts.sensitivity import Sensitivity
from runtime.access import TO_HOLDERS, Relation, Role
from runtime.visibility import Visibility

SENDING = (Role.MEMBER, Role.COORDINATOR)
_SHARED: Mapping[Relation, Sensitivity] = {Relation.IN_SCOPE: Sensitivity.MODERATE}
VISIBILITY = Visibility(
    own="(m.side = {subject} or m.side = any({organisations}::text[]))",
    in_scope=dict.fromkeys(SENDING, "m.sector is not null"),
    clearance={role: {**held, **(_SHARED if role in SENDING else {})} for role, held in TO_HOLDERS.items()},
    level=Sensitivity.MODERATE,
)
