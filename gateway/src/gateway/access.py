"""Rules of the gateway's routes. What it passes on is checked by the service behind, by that service's own rules."""

from collections.abc import Mapping

from runtime.access import ANY_CONTENT, EVERYONE, JSON, KIB, MIB, Extent, Role, Rule

LARGEST_QUERY = 128 * KIB
LARGEST_PASSED = 128 * MIB
LARGEST_ANONYMOUS = 256 * KIB
"""Of a body from nobody known: such stay in memory."""
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ANONYMOUS_BODIES = frozenset((b"/v1/organisations", b"/v1/invitations/accept", b"/oauth/token"))
"""Where somebody without a token may send a body; elsewhere not a byte is read. A test compares it with the tables
of the services."""

FORM = "application/x-www-form-urlencoded"
READERS: Mapping[Role, Extent] = {role: reach for role, reach in EVERYONE.items() if role is not Role.PUBLIC}
PASSED_ON = Rule(EVERYONE, content_types=ANY_CONTENT, largest_body=LARGEST_PASSED, streams=True)
CREDENTIALS = Rule(EVERYONE, content_types=ANY_CONTENT, largest_body=64 * KIB, streams=True, own_credentials=True)
"""Passed on to where a token is made: what comes instead of one is the registry's to judge."""
TOLD = Rule(EVERYONE, own_credentials=True)
OPEN_PAGE = Rule(EVERYONE, own_credentials=True, revalidated=True)
"""The same for whoever asks, so whoever asks need not be known."""
PAGE = Rule(EVERYONE)
"""For everyone, and each reader sees what their role may."""
FORMS = Rule(EVERYONE, content_types=(FORM, JSON), largest_body=16 * KIB, own_credentials=True)
"""What people send from our own pages."""

FORM_PATHS = ("/sign-in", "/sign-out", "/act-as", "/invitation")

SOCKET = "/graphql"
"""The WebSocket: for `READERS`, by a token in the first message or by the session of our own page. The table of routes,
whose rows are of HTTP methods, does not have it."""
