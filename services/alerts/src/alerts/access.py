"""Who may ask what of alerts."""

from collections.abc import Mapping

from runtime.access import KIB, SIGNED_IN, Reach, Role, RouteTable, Rule

ISSUERS: Mapping[Role, Reach] = {
    Role.MEMBER: Reach.OWN,
    Role.COORDINATOR: Reach.SCOPE,
    Role.SECRETARIAT: Reach.ANY,
}

OWN_SUBSCRIPTIONS: Mapping[Role, Reach] = {
    Role.MEMBER: Reach.OWN,
    Role.COORDINATOR: Reach.OWN,
    Role.HUB: Reach.OWN,
    Role.SECRETARIAT: Reach.ANY,
}
"""The holder's, and their organisation's in the same role."""

ACCESS: RouteTable = {
    ("POST", "/v1/alerts"): Rule(ISSUERS, largest_body=256 * KIB),
    ("GET", "/v1/alerts"): Rule(SIGNED_IN),
    ("GET", "/v1/alerts/{alert_id}"): Rule(SIGNED_IN),
    ("GET", "/v1/alerts/stream"): Rule(SIGNED_IN, streams=True),
    ("POST", "/v1/subscriptions"): Rule(OWN_SUBSCRIPTIONS, largest_body=64 * KIB),
    ("GET", "/v1/subscriptions"): Rule(OWN_SUBSCRIPTIONS),
    ("GET", "/v1/subscriptions/{subscription_id}"): Rule(OWN_SUBSCRIPTIONS),
    ("PATCH", "/v1/subscriptions/{subscription_id}"): Rule(OWN_SUBSCRIPTIONS, largest_body=64 * KIB),
    ("DELETE", "/v1/subscriptions/{subscription_id}"): Rule(OWN_SUBSCRIPTIONS),
    ("POST", "/v1/subscriptions/{subscription_id}/rotate"): Rule(OWN_SUBSCRIPTIONS),
    ("POST", "/v1/subscriptions/{subscription_id}/test"): Rule(OWN_SUBSCRIPTIONS),
    ("GET", "/v1/subscriptions/{subscription_id}/deliveries"): Rule(OWN_SUBSCRIPTIONS),
    ("POST", "/internal/alerts/query"): Rule(SIGNED_IN),
}
