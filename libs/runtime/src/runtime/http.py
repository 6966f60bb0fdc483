"""The HTTP client a process uses towards the other parts of the platform."""

import ssl
from functools import cache

import httpx2
from opentelemetry import propagate

KEPT_SECONDS = 4
"""Shorter than an idle connection is kept on the other side (5 s), so that one is rarely closed under a request."""


async def _pass_trace_on(request: httpx2.Request) -> None:
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    request.headers.update(carrier)


@cache
def _trust() -> ssl.SSLContext:
    """Read once for all clients: it costs a tenth of a second."""
    return httpx2.create_ssl_context(trust_env=False)


def internal_client(*, timeout_seconds: float = 30, connections: int | None = 200) -> httpx2.AsyncClient:
    """A client for the platform's own addresses: passes the trace on, follows no redirects, reads no proxy settings.

    `connections` is the most at once; None for as many as there are requests.
    """
    return httpx2.AsyncClient(
        timeout=timeout_seconds,
        follow_redirects=False,
        trust_env=False,
        verify=_trust(),
        limits=httpx2.Limits(max_connections=connections, max_keepalive_connections=50, keepalive_expiry=KEPT_SECONDS),
        event_hooks={"request": [_pass_trace_on]},
    )
