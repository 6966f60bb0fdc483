"""Who may do what in alerts, and how far: what the rules at its routes are made of."""

from collections.abc import Mapping

from runtime.access import Reach, Role

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
