"""The HTTP session that questions go over: kept connections to the services, and nothing of a browser's."""

import aiohttp

MOST = 100
"""Connections to one service; counted for each, so that a slow one takes none from the others."""
KEPT_SECONDS = 4
"""Shorter than the services keep an idle connection (uvicorn: 5 s), so that one is rarely closed under a question."""
CONNECT_SECONDS = 5


def open_session(*, most: int = MOST) -> aiohttp.ClientSession:
    """To be closed by the caller. At most `most` connections to a service; 0 for streams, of which each holds one."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, limit_per_host=most, keepalive_timeout=KEPT_SECONDS),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),  # in all: `ServiceQueries` counts
        skip_auto_headers=("Accept", "Accept-Encoding", "User-Agent"),
        auto_decompress=False,
        trust_env=False,
    )
