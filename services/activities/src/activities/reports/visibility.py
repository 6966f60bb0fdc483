"""Who sees which report `r`, and what of it."""

from contracts.sensitivity import Sensitivity
from runtime.access import Role
from runtime.visibility import Visibility

OWN = "r.organisation_id = any({organisations})"
IN_AREAS = "r.area_path && {areas}"
IN_SCOPE = f"{IN_AREAS} and r.sector = any({{sectors}})"
VISIBILITY = Visibility(
    own=OWN,
    in_scope={Role.COORDINATOR: IN_SCOPE, Role.HUB: IN_AREAS},
    level="r.sensitivity",
    raised={"r.stage = 'withdrawn'": Sensitivity.HIGH},
)
"""What was withdrawn is there for its owner, its reviewers and the secretariat alone."""
NAMED_BY_ANOTHER = "(r.implementer_id = any($1::uuid[]) and r.organisation_id <> all($1::uuid[]))"
"""Whether the report is another's, and names the reader's organisation as its implementer: the first argument."""
