"""`If-None-Match`: who has the answer already is told so, and not sent it again.

A row's ETag names its version, for changes, and after that what this reader sees of it: names, states and masks change
without its version.
"""

from hashlib import blake2b
from typing import Final

from fastapi import Request, Response

from runtime.answers import ETAG

UNCHANGED: Final = 304
KEPT_HEADERS: Final = ("etag", "cache-control", "vary", "content-language", "content-location", "expires")
REVALIDATED: Final = "private, no-cache"
"""May be kept by who was sent it, and is asked about each time."""


def unless_known(request: Request, response: Response, *, revalidated: bool) -> Response:
    """The answer to a look, or that it is the one that is known; `revalidated`: it is given an ETag of its content."""
    tag = _tag(response, revalidated=revalidated) if response.status_code == 200 else None
    if tag is None:
        return response
    response.headers["etag"] = tag
    if revalidated:
        response.headers.setdefault("cache-control", REVALIDATED)
    known = request.headers.get("if-none-match")
    if known is None or not _names(known, tag):
        return response
    kept = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    return Response(status_code=UNCHANGED, headers=kept)


def _tag(response: Response, *, revalidated: bool) -> str | None:
    version = ETAG.fullmatch(response.headers.get("etag", ""))
    body = getattr(response, "body", None)
    if not isinstance(body, bytes) or not (version or revalidated):
        return response.headers.get("etag")
    digest = blake2b(body, digest_size=9).hexdigest()
    # A weak one may stand for the compressed answer as well.
    return f'"v{version[1]}-{digest}"' if version else f'W/"{digest}"'


def _names(known: str, tag: str) -> bool:
    if known.strip() == "*":
        return True
    return tag.removeprefix("W/") in (each.strip().removeprefix("W/") for each in known.split(","))
