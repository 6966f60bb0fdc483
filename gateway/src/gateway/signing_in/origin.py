"""Whether a request comes from our own pages. A browser sends its cookies along from any page (CSRF)."""

from collections.abc import Mapping
from urllib.parse import urlsplit

SAFE = frozenset(("GET", "HEAD", "OPTIONS"))
"""Methods that change nothing: another site can send them, but not read the answer."""
OWN_SITE = frozenset(("same-origin", "none"))


def is_own(headers: Mapping[str, str], own: frozenset[str]) -> bool:
    """Whether the browser says so: by Sec-Fetch-Site, which no page can forge, and else by Origin.

    Without either there is no proof, and it is not ours: all browsers of the last years send at least one of the two.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in OWN_SITE
    return headers.get("origin") in own


def is_own_socket(headers: Mapping[str, str], own: frozenset[str]) -> bool:
    """The same of a WebSocket, which always names its Origin."""
    return headers.get("origin") in own


def origins_of(public: str, host: str | None) -> frozenset[str]:
    """Our own origins: that of the public address, and in development the host that was asked."""
    address = urlsplit(public)
    own = {f"{address.scheme}://{address.netloc}"}
    return frozenset(own | {f"http://{host}"} if host else own)
