"""What a known place is, how it is recognised without being told, and for how long."""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from runtime.addresses import network_of


class PlaceKind(StrEnum):
    DEVICE = "device"
    """A browser, by the token of its cookie."""
    NETWORK = "network"
    """An address prefix: /24 of IPv4, /48 of IPv6."""


MOST = 20
"""Places of one kind that one person is known from; the one seen longest ago goes first."""
KEPT = timedelta(days=180)
"""After which a place that is not used is forgotten."""


@dataclass(frozen=True)
class KnownPlace:
    """A place of one person, under a keyed hash."""

    kind: PlaceKind
    key: bytes


def device(secret: str, person_id: UUID, token: str) -> KnownPlace:
    """The browser with this token, for this person and nobody else."""
    return KnownPlace(PlaceKind.DEVICE, keyed(secret, f"device {person_id} {token}"))


def network(secret: str, person_id: UUID, address: str) -> KnownPlace | None:
    """The network of an address; none where it can't be told, for then everybody would come from it."""
    prefix = network_of(address)
    return KnownPlace(PlaceKind.NETWORK, keyed(secret, f"network {person_id} {prefix}")) if prefix else None


def keyed(secret: str, text: str) -> bytes:
    """A hash that tells nothing without the installation's secret."""
    return hmac.digest(b"tansiq sign-in\n" + secret.encode(), text.encode(), "sha256")
