"""Who may do what in the registry, how far, and with what body: what the rules at its routes are made of."""

from collections.abc import Mapping

from runtime.access import KIB, SIGNED_IN, Reach, Role, Rule

LARGEST_PROFILE = 128 * KIB
"""Twice what the longest names, contacts and areas come to: anybody may apply, so little may be sent."""

OWN_OR_ANY: Mapping[Role, Reach] = {Role.MEMBER: Reach.OWN, Role.SECRETARIAT: Reach.ANY}

REFERENCE = Rule(SIGNED_IN, revalidated=True)
"""Of code lists and areas, which everybody asks for again."""
