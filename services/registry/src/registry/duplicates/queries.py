"""Questions about organisations that may be one."""

from contracts.duplicates import ORGANISATION_DUPLICATES
from contracts.sensitivity import Sensitivity
from runtime.access import WHOLE, Role
from runtime.sources import Source
from runtime.visibility import Visibility

NAMES = "coalesce((select o.names from organisation as o where o.id = d.{}), '{{}}')"
VISIBILITY = Visibility(clearance={Role.SECRETARIAT: WHOLE}, level=Sensitivity.HIGH)
SOURCE = Source(
    ORGANISATION_DUPLICATES,
    "organisation_duplicate as d",
    "d",
    columns={"organisation_names": NAMES.format("organisation_id"), "other_names": NAMES.format("other_id")},
    conditions={"organisation_id": "{0} in (d.organisation_id, d.other_id)"},
    visibility=VISIBILITY,
)
"""The likeliest first."""
