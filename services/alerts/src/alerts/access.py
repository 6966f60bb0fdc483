"""Who may do what in alerts, and how far: what the rules at its routes are made of."""

from collections.abc import Mapping

from runtime.access import Extent, Role

ISSUERS: Mapping[Role, Extent] = {
    Role.MEMBER: Extent.OWN,
    Role.COORDINATOR: Extent.SCOPE,
    Role.SECRETARIAT: Extent.ANY,
}

OWN_SUBSCRIPTIONS: Mapping[Role, Extent] = {
    Role.MEMBER: Extent.OWN,
    Role.COORDINATOR: Extent.OWN,
    Role.HUB: Extent.OWN,
    Role.SECRETARIAT: Extent.ANY,
}
"""The holder's, and their organisation's in the same role."""
