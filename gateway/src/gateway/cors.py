"""Pages of other sites that may ask here: those of a list, with tokens, and never with a reader's cookies."""

from urllib.parse import urlsplit

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

ASKED_WITH = (
    "Accept-Language",
    "Authorization",
    "Content-Type",
    "Content-Encoding",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Last-Event-ID",
)
TOLD = ("ETag", "Location", "Retry-After", "Idempotency-Replayed", "RateLimit", "RateLimit-Policy", "Content-Language")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def allowing(origins: str) -> list[Middleware]:
    """The middleware for these origins; none where there are none."""
    listed = [origin.strip().rstrip("/") for origin in origins.split(",") if origin.strip()]
    if not listed:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=listed,
            allow_methods=METHODS,
            allow_headers=ASKED_WITH,
            expose_headers=TOLD,
            allow_credentials=False,
            max_age=600,
        )
    ]


def check_origins(origins: str) -> str:
    """Raises `ValueError` unless each is the origin of a site, or all are `*`."""
    for origin in (each.strip() for each in origins.split(",") if each.strip()):
        address = urlsplit(origin)
        whole = (
            address.scheme in ("http", "https") and address.netloc and not address.path.strip("/") and not address.query
        )
        if origin != "*" and not whole:
            raise ValueError(f"not an origin: {origin}")
    return origins
