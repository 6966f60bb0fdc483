"""Who may do what in the registry, how far, and with what body: what the rules at its routes are made of."""

from collections.abc import Mapping

from runtime.access import KIB, SIGNED_IN, Extent, Role, Rule

LARGEST_PROFILE = 128 * KIB
"""Twice what the longest names, contacts and areas come to: anybody may apply, so little may be sent."""

OWN_OR_ANY: Mapping[Role, Extent] = {Role.MEMBER: Extent.OWN, Role.SECRETARIAT: Extent.ANY}

REFERENCE = Rule(SIGNED_IN, revalidated=True)
"""Of code lists and areas, which everybody asks for again."""
