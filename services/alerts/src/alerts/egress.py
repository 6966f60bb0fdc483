"""Which addresses alerts may be sent to: never into this network, whatever a subscriber's URL or DNS says.

Checked when a URL is given, as far as it can be known then, and again at each attempt for what DNS says that moment.
"""

import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias
from urllib.parse import urlsplit

from runtime.language import LocalizedText

LONGEST = 2000
PORTS = frozenset({443, 8443})
"""Where webhooks listen. Any other port would make us a scanner of other people's machines."""
# The last label begins with a letter: numbers in every spelling are addresses, not names.
NAME = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])", re.ASCII
)
HIDDEN_NAMES = ("localhost", "local", "internal", "lan", "home.arpa", "intranet", "corp", "private", "test", "invalid")
"""Names that mean something only inside a network."""
PLAIN = re.compile(r"[!-~]+", re.ASCII)

Address: TypeAlias = IPv4Address | IPv6Address

NOT_FOR_US_4 = tuple(map(IPv4Network, ("192.0.0.0/24", "192.88.99.0/24", "100.64.0.0/10", "198.18.0.0/15")))
GLOBAL_6 = IPv6Network("2000::/3")
NOT_FOR_US_6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
"""Inside 2000::/3, yet tunnels to IPv4 (Teredo, 6to4) or documentation. Mapped and NAT64 addresses lie outside it."""


class AddressNotPublic(Exception):
    """Nothing may be sent there: the address is not a public one."""


class UrlMalformed(Exception):
    """It is no URL of the kind that is taken."""

    def __init__(self, fault: LocalizedText) -> None:
        super().__init__(fault.en)
        self.fault = fault
        """What is wrong with it."""


TOO_LONG = LocalizedText("أطول من المسموح", "it is too long")
CHARACTERS = LocalizedText("فيه محارف غير مقبولة", "it holds characters that are not taken")
SCHEME = LocalizedText("لا يبدأ بـ https", "it does not begin with https")
CREDENTIALS = LocalizedText("فيه اسم مستخدم", "it holds a user name")
HOST = LocalizedText("اسم المضيف غير صالح", "the host name is not valid")
LITERAL = LocalizedText("فيه عنوان رقمي بدل اسم المضيف", "it holds a numeric address in place of a host name")
PORT = LocalizedText("المنفذ غير مقبول", "the port is not taken")


@dataclass(frozen=True)
class Endpoint:
    """Where a webhook goes, taken apart."""

    scheme: str
    host: str
    port: int
    literal: bool
    """The host is an address or `localhost`: only for the loopback, in development."""


def is_public(address: Address) -> bool:
    """Whether the address is one of the open internet, and no disguise of another one."""
    if isinstance(address, IPv4Address):
        odd = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_loopback
        return address.is_global and not odd and not any(address in net for net in NOT_FOR_US_4)
    plain = address.scope_id is None and address in GLOBAL_6 and address.is_global
    return plain and not any(address in net for net in NOT_FOR_US_6)


def is_loopback(address: Address) -> bool:
    """127.0.0.0/8 and ::1 themselves, in no disguise."""
    return address.is_loopback and getattr(address, "ipv4_mapped", None) is None


def endpoint_of(url: str, *, loopback: bool) -> Endpoint:
    """The URL taken apart. Raises `UrlMalformed`, `AddressNotPublic` as far as that is known without asking DNS."""
    scheme, host, port = _parts(url)
    if literal := _literal(host):
        if loopback and is_loopback(literal):
            return Endpoint(scheme, host, port, literal=True)
        raise UrlMalformed(LITERAL) if is_public(literal) and scheme == "https" else AddressNotPublic(host)
    if host == "localhost" and loopback:
        return Endpoint(scheme, host, port, literal=True)
    if host in HIDDEN_NAMES or host.endswith(tuple(f".{name}" for name in HIDDEN_NAMES)) or "." not in host:
        raise AddressNotPublic(host)
    if scheme != "https":
        raise UrlMalformed(SCHEME)
    if not NAME.fullmatch(host):
        raise UrlMalformed(HOST)
    if port not in PORTS:
        raise UrlMalformed(PORT)
    return Endpoint(scheme, host, port, literal=False)


def check_resolved(endpoint: Endpoint, addresses: Iterable[str], *, loopback: bool) -> None:
    """Raises `AddressNotPublic` unless every address is public (or the loopback, where the URL itself says so in
    development)."""
    found = [_address(text) for text in addresses]
    allowed = is_loopback if endpoint.literal and loopback else is_public
    if not found or not all(address is not None and allowed(address) for address in found):
        raise AddressNotPublic(endpoint.host)


def check_connected(address: str, *, loopback: bool) -> None:
    """The last wall, at the socket itself. Raises `AddressNotPublic`."""
    found = _address(address)
    if found is None or not (is_public(found) or (loopback and is_loopback(found))):
        raise AddressNotPublic(address)


def _parts(url: str) -> tuple[str, str, int]:
    if len(url) > LONGEST:
        raise UrlMalformed(TOO_LONG)
    if not PLAIN.fullmatch(url) or "\\" in url or "#" in url:
        raise UrlMalformed(CHARACTERS)
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError as broken:
        raise UrlMalformed(PORT) from broken
    if split.scheme not in ("https", "http"):
        raise UrlMalformed(SCHEME)
    if "@" in split.netloc:
        raise UrlMalformed(CREDENTIALS)
    if not split.hostname or "%" in split.netloc or port == 0:
        raise UrlMalformed(HOST)
    return split.scheme, split.hostname.lower(), port or (443 if split.scheme == "https" else 80)


def _literal(host: str) -> Address | None:
    """The address the host is, in any spelling the C library would take: `127.1`, `0x7f.1`, `2130706433` too."""
    if found := _address(host.rstrip(".")):
        return found
    try:
        return IPv4Address(socket.inet_aton(host.rstrip(".")))
    except (OSError, ValueError):
        return None


def _address(text: str) -> Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
