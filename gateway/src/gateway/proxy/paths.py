"""Which paths are passed on, and how addresses are told anew on the way back."""

import re

from gateway.errors import UnsafePath

# Plain segments only: nothing that one server may read as a step up or a slash and another not.
HIDDEN = re.compile(rb"%2f|%5c|%2e|%25|%00|\\|//|;", re.IGNORECASE)
STEP = re.compile(rb"(^|/)\.\.?(/|$)")
PREFIX = re.compile(rb"^/api/[a-z]+(/v1/.*)$", re.DOTALL)


def service_path(raw_path: bytes) -> bytes:
    """The path at the service, of a path at this door. Raises `UnsafePath`."""
    found = PREFIX.match(raw_path)
    if not found or HIDDEN.search(raw_path) or STEP.search(raw_path):
        raise UnsafePath
    return found[1]


def location_here(location: str, *, service: str, origin: str) -> str:
    """A `Location` of the service's as it is from outside."""
    path = location.removeprefix(origin)
    return f"/api/{service}{path}" if path.startswith("/v1/") else location
