"""Sending one webhook: over a connection to an address that was checked, and to no other."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from alerts import egress
from alerts.deliveries.domain import ReceiverAnswer, come_back_after
from alerts.deliveries.names import HostResolver

SECONDS: Final = 10.0
"""For everything: name, connection, handshake, answer."""
LARGEST_ANSWER: Final = 64 * 1024

Lookup = Callable[[str, int], Awaitable[list[str]]]
"""The addresses a name has this moment."""


class WebhookSender:
    """Sends webhooks. To be closed."""

    def __init__(self, *, loopback: bool, lookup: Lookup | None = None, trusted: ssl.SSLContext | None = None) -> None:
        self._loopback = loopback
        self._names = HostResolver()
        self._lookup = lookup or self._names.addresses
        connector = aiohttp.TCPConnector(
            limit=0,
            # Each attempt asks DNS anew and uses what it was told that moment, once: nothing to rebind in between.
            force_close=True,
            use_dns_cache=False,
            resolver=_Checked(self),
            socket_factory=self._socket,
            ssl=trusted or True,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=SECONDS),
            headers={"User-Agent": "Tansiq-Alerts/1", "Accept": "*/*", "Accept-Encoding": "identity"},
            trust_env=False,
            auto_decompress=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()
        self._names.close()

    async def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> ReceiverAnswer:
        """What came of it. Never raises for what the other side does."""
        try:
            egress.endpoint_of(url, loopback=self._loopback)
            async with asyncio.timeout(SECONDS):
                return await self._posted(url, body, headers)
        except Exception as failed:
            return ReceiverAnswer(failure=_word(failed))

    async def _posted(self, url: str, body: bytes, headers: Mapping[str, str]) -> ReceiverAnswer:
        async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as answer:
            # Heard out, so that the other side can finish writing; but not for ever, and nothing is done with it.
            left = LARGEST_ANSWER
            while left > 0 and (chunk := await answer.content.read(left)):
                left -= len(chunk)
            later = come_back_after(answer.headers.get("Retry-After"), datetime.now(UTC))
            return ReceiverAnswer(answer.status, come_back_after=later)

    async def resolved(self, host: str, port: int) -> list[str]:
        """The addresses of a host, each of them checked. Raises `AddressNotPublic`."""
        addresses = await self._lookup(host, port)
        literal = host == "localhost"  # addresses themselves never come here
        egress.check_resolved(egress.Endpoint("https", host, port, literal), addresses, loopback=self._loopback)
        return addresses

    def _socket(self, addr_info: Any) -> socket.socket:
        family, kind, protocol, _, sockaddr = addr_info
        egress.check_connected(str(sockaddr[0]), loopback=self._loopback)
        return socket.socket(family, kind, protocol)


class _Checked(AbstractResolver):
    def __init__(self, sender: WebhookSender) -> None:
        self._sender = sender

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        addresses = await self._sender.resolved(host, port)
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        return


FAILURES: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (egress.AddressNotPublic, "private_address"),
    (egress.UrlMalformed, "url_not_taken"),
    (TimeoutError, "timeout"),
    (aiohttp.ClientConnectorCertificateError, "certificate"),
    (aiohttp.ClientSSLError, "tls"),
    (socket.gaierror, "name_unknown"),
    (aiohttp.ClientConnectorDNSError, "name_unknown"),
    (aiohttp.ClientConnectionError, "connection"),
    (OSError, "connection"),
    (aiohttp.ClientError, "protocol"),
)


def _word(failed: BaseException) -> str:
    return next((word for kind, word in FAILURES if isinstance(failed, kind)), "internal")
