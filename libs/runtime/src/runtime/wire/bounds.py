"""How much of a request is taken and how long it may take: sizes, counts and times, as settings give them."""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

KIB: Final = 1024
LONGEST_ADDRESS: Final = 16 * KIB
LARGEST_HEAD: Final = 32 * KIB
"""Bytes of all headers with their names, and of a few more for each."""
EACH_HEADER: Final = 16
MOST_HEADERS: Final = 100
MOST_PIPELINED: Final = 64
FREE_FRAMING: Final = 16 * KIB
"""Bytes of chunk sizes, extensions and trailers that are taken beside as many as the body itself has."""
LEAST_RATE: Final = 500
"""Bytes of a body a second, on the whole: less than the slowest mobile network carries."""


@dataclass(frozen=True)
class Bounds:
    """What one process allows."""

    head_seconds: float = 10
    """From the first byte of a request, or from the connection, until its headers are complete."""
    patience_seconds: float = 20
    """How long a body may be slower than the least rate."""
    body_seconds: float = 1800
    unread_seconds: float = 60
    """How long a reader may take nothing of an answer that waits for it."""
    connections: int = 2000
    """Beyond, the one that is idle or has an incomplete request longest is let go for a new one."""
    connections_per_address: int = 0
    """Of one address, those that are idle or have an incomplete request; 0 where all come from our own processes."""
    trusted_proxies: str = ""


class Proxies:
    """Whose connections are many people's."""

    def __init__(self, trusted: str) -> None:
        self._networks: list[IPv4Network | IPv6Network] = [
            ip_network(proxy.strip()) for proxy in trusted.split(",") if proxy.strip()
        ]

    def has(self, address: str) -> bool:
        if not self._networks:
            return False
        try:
            spoken = ip_address(address)
        except ValueError:
            return False
        return any(spoken in network for network in self._networks)


def one_place(address: str) -> str:
    """What counts as one address: of IPv6 the network of 64 bits that one customer has, of mapped IPv4 that."""
    if ":" not in address:
        return address
    try:
        long = IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    return str(long.ipv4_mapped or IPv6Address(int(long) >> 64 << 64))
