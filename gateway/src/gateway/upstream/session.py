"""The HTTP session that streams and readiness go over: nothing of a browser's."""

import aiohttp

CONNECT_SECONDS = 5


def open_session() -> aiohttp.ClientSession:
    """To be closed by the caller. As many connections as there are streams, each of which holds one."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
        skip_auto_headers=("Accept", "Accept-Encoding", "User-Agent"),
        auto_decompress=False,
        trust_env=False,
    )
