"""The registry's table of routes: who may do what, how far, and what body is taken."""

from collections.abc import Mapping

from runtime.access import EVERYONE, KIB, MIB, SECRETARIAT_ONLY, SIGNED_IN, Reach, Role, RouteTable, Rule

from registry.areas import files
from registry.identity.tokens.api import FORM

LARGEST_PROFILE = 128 * KIB
"""Twice what the longest names, contacts and areas come to: anybody may apply, so little may be sent."""

OWN_OR_ANY: Mapping[Role, Reach] = {Role.MEMBER: Reach.OWN, Role.SECRETARIAT: Reach.ANY}

ACCESS: RouteTable = {
    ("POST", "/oauth/token"): Rule(
        EVERYONE, content_types=(FORM,), largest_body=8192, read_only=True, own_credentials=True
    ),
    ("GET", "/.well-known/jwks.json"): Rule(EVERYONE, own_credentials=True),
    ("POST", "/v1/organisations"): Rule(EVERYONE, largest_body=LARGEST_PROFILE),
    ("GET", "/v1/organisations"): Rule(SIGNED_IN),
    ("GET", "/v1/organisations/{organisation_id}"): Rule(SIGNED_IN),
    ("PATCH", "/v1/organisations/{organisation_id}"): Rule(OWN_OR_ANY, largest_body=LARGEST_PROFILE),
    ("POST", "/v1/organisations/{organisation_id}/verify"): Rule(SECRETARIAT_ONLY),
    ("POST", "/v1/organisations/{organisation_id}/suspend"): Rule(SECRETARIAT_ONLY),
    ("GET", "/v1/areas"): Rule(SIGNED_IN, revalidated=True),
    ("POST", "/v1/areas"): Rule(SECRETARIAT_ONLY, content_types=(files.CSV, files.NDJSON), largest_body=32 * MIB),
    ("GET", "/v1/areas/{country}/{pcode}"): Rule(SIGNED_IN, revalidated=True),
    ("GET", "/v1/countries"): Rule(SIGNED_IN, revalidated=True),
    ("GET", "/v1/countries/{country}"): Rule(SIGNED_IN, revalidated=True),
    ("PUT", "/v1/countries/{country}"): Rule(SECRETARIAT_ONLY),
    ("GET", "/v1/sectors"): Rule(SIGNED_IN, revalidated=True),
    ("GET", "/v1/indicators"): Rule(SIGNED_IN, revalidated=True),
    ("GET", "/v1/organisation-types"): Rule(SIGNED_IN, revalidated=True),
    ("GET", "/v1/scopes"): Rule(SIGNED_IN, revalidated=True),
    ("POST", "/v1/clients"): Rule(SECRETARIAT_ONLY),
    ("GET", "/v1/clients"): Rule(SECRETARIAT_ONLY),
    ("DELETE", "/v1/clients/{client_id}"): Rule(SECRETARIAT_ONLY),
    ("POST", "/v1/people/invitations"): Rule(OWN_OR_ANY, largest_body=LARGEST_PROFILE),
    ("DELETE", "/v1/people/invitations/{invitation_id}"): Rule(OWN_OR_ANY),
    ("GET", "/v1/people"): Rule(OWN_OR_ANY),
    ("GET", "/v1/people/{person_id}"): Rule(OWN_OR_ANY),
    ("PATCH", "/v1/people/{person_id}"): Rule(SECRETARIAT_ONLY, largest_body=LARGEST_PROFILE),
    ("POST", "/v1/people/{person_id}/deactivate"): Rule(SECRETARIAT_ONLY),
    ("POST", "/v1/people/{person_id}/reset"): Rule(OWN_OR_ANY),
    ("POST", "/v1/people/{person_id}/erase"): Rule(SECRETARIAT_ONLY),
    ("POST", "/v1/invitations/accept"): Rule(EVERYONE, largest_body=8 * KIB, own_credentials=True),
    ("GET", "/v1/session"): Rule(SIGNED_IN),
    ("POST", "/v1/session/act-as"): Rule(SIGNED_IN),
    ("DELETE", "/v1/session"): Rule(SIGNED_IN),
    ("DELETE", "/v1/sessions"): Rule(SIGNED_IN),
    ("POST", "/internal/organisations/query"): Rule(SIGNED_IN),
    ("POST", "/internal/areas/query"): Rule(SIGNED_IN),
    ("POST", "/internal/sessions"): Rule(EVERYONE, largest_body=8 * KIB, own_credentials=True),
    ("POST", "/internal/sessions/by-invitation"): Rule(EVERYONE, largest_body=8 * KIB, own_credentials=True),
    ("POST", "/internal/sessions/token"): Rule(EVERYONE, largest_body=8 * KIB, read_only=True, own_credentials=True),
    ("POST", "/internal/allowances"): Rule(EVERYONE, own_credentials=True),
}
"""Reach ANY of a list or a look still means: verified organisations and the own one, all for the secretariat.
Contacts are shown to their own organisation alone, whatever the role."""
