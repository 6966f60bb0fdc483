"""What a known place is, how it is recognised without being told, and for how long."""

import hmac
import ipaddress
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    DEVICE = "device"
    """A browser, by the token of its cookie."""
    NETWORK = "network"
    """An address prefix: /24 of IPv4, /48 of IPv6."""


MOST = 20
"""Places of one kind that one person is known from; the one seen longest ago goes first."""
KEPT = timedelta(days=180)
"""After which a place that is not used is forgotten."""
IPV4_PREFIX, IPV6_PREFIX = 24, 48
CUSTOMER_PREFIX = 64
"""What one IPv6 customer has for themselves."""


@dataclass(frozen=True)
class Place:
    """A place of one person, under a keyed hash."""

    kind: Kind
    key: bytes


def device(secret: str, person_id: UUID, token: str) -> Place:
    """The browser with this token, for this person and nobody else."""
    return Place(Kind.DEVICE, keyed(secret, f"device {person_id} {token}"))


def network(secret: str, person_id: UUID, address: str) -> Place | None:
    """The network of an address; none where it can't be told, for then everybody would come from it."""
    prefix = prefix_of(address)
    return Place(Kind.NETWORK, keyed(secret, f"network {person_id} {prefix}")) if prefix else None


def keyed(secret: str, text: str) -> bytes:
    """A hash that tells nothing without the installation's secret."""
    return hmac.digest(b"tansiq sign-in\n" + secret.encode(), text.encode(), "sha256")


def prefix_of(address: str) -> str | None:
    """The network an address belongs to."""
    parsed = _parsed(address)
    if parsed is None:
        return None
    length = IPV6_PREFIX if isinstance(parsed, ipaddress.IPv6Address) else IPV4_PREFIX
    return str(ipaddress.ip_network(f"{parsed}/{length}", strict=False))


def customer_of(address: str) -> str:
    """Where a try came from: an IPv4 address, or the /64 that one IPv6 customer has for themselves."""
    parsed = _parsed(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network(f"{parsed}/{CUSTOMER_PREFIX}", strict=False))
    return str(parsed or "unknown")


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    return (isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped) or parsed
