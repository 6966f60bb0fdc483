"""The version a change is made for, as `If-Match` says it."""

import re

from runtime.problems import VersionMissing

ETAG = re.compile(r'"v(\d{1,18})"', re.ASCII)
NO_VERSION = -1


def expected(if_match: str | None) -> int | None:
    """The version; None for any. What is no ETag of ours matches no version. Raises `VersionMissing`."""
    if if_match is None:
        raise VersionMissing("If-Match")
    if if_match.strip() == "*":
        return None
    found = ETAG.fullmatch(if_match.strip())
    return int(found[1]) if found else NO_VERSION
