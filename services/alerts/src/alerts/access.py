"""Who may ask what of alerts: routes here, fields in `FIELDS`."""

from collections.abc import Mapping

from contracts.sensitivity import Sensitivity
from runtime.access import KIB, SIGNED_IN, Reach, Role, RouteTable, Rule

ISSUERS: Mapping[Role, Reach] = {
    Role.MEMBER: Reach.OWN,
    Role.COORDINATOR: Reach.SCOPE,
    Role.SECRETARIAT: Reach.ANY,
}

ROUTES: RouteTable = {
    ("POST", "/v1/alerts"): Rule(ISSUERS, largest_body=256 * KIB),
    ("GET", "/v1/alerts"): Rule(SIGNED_IN),
    ("GET", "/v1/alerts/{alert_id}"): Rule(SIGNED_IN),
    ("POST", "/internal/alerts/query"): Rule(SIGNED_IN, read_only=True),
}

FIELDS: Mapping[str, Sensitivity] = {
    "polygons": Sensitivity.HIGH,
    "circles": Sensitivity.HIGH,
    "area_description": Sensitivity.HIGH,
    "override_reason": Sensitivity.HIGH,
}
"""Fields above moderate: only for the sender, a coordinator in whose scope the alert lies, and the secretariat."""
