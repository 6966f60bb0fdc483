"""Network addresses as callers are counted by them: one customer's, and the network around."""

import ipaddress

CUSTOMER_PREFIX = 64
"""What one IPv6 customer has for themselves."""
IPV4_PREFIX, IPV6_PREFIX = 24, 48
"""The network around an address: a provider's, or an office's."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def customer_of(host: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 one; `unknown` where it is none."""
    parsed = _parsed(host)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network(f"{parsed}/{CUSTOMER_PREFIX}", strict=False))
    return str(parsed or "unknown")


def network_of(host: str) -> str | None:
    """The network around an address; none where it is no address, for then everybody would come from it."""
    parsed = _parsed(host)
    if parsed is None:
        return None
    length = IPV6_PREFIX if isinstance(parsed, ipaddress.IPv6Address) else IPV4_PREFIX
    return str(ipaddress.ip_network(f"{parsed}/{length}", strict=False))


def _parsed(host: str) -> Address | None:
    try:
        parsed = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return (isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped) or parsed
