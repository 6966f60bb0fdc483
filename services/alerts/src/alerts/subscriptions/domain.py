"""What a subscription is, and how its signing secret is made and kept."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Final

from contracts.alerts import AlertSeverity, AlertStatus
from joserfc import jwe
from joserfc.jwk import OctKey

MOST: Final = 50
"""Subscriptions of one holder."""
MOST_OF_ORGANISATION: Final = 100
"""Of all who act for one organisation: as many people as it invites, they must not take the attempts of all others."""
SECRET_BYTES: Final = 32
PREFIX: Final = "whsec_"
BOTH_SIGN: Final = timedelta(hours=24)
"""How long an earlier secret signs beside the new one."""
TESTS_A_MINUTE: Final = 5
SEALING = {"alg": "dir", "enc": "A256GCM"}


@dataclass(frozen=True)
class Wish:
    """Which alerts are wanted; what is empty is not asked about."""

    country: str | None = None
    areas: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    severities: tuple[AlertSeverity, ...] = ()
    statuses: tuple[AlertStatus, ...] = (AlertStatus.ACTUAL,)
    languages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Subscription:
    """What a holder gives: where to, and which alerts."""

    url: str
    wish: Wish
    description: str | None


def new_secret(random: Callable[[int], bytes]) -> str:
    """A signing secret as Standard Webhooks writes it."""
    return PREFIX + base64.b64encode(random(SECRET_BYTES)).decode()


def seal(secret: str, key: str) -> str:
    """The secret, encrypted under the installation's."""
    return jwe.encrypt_compact(SEALING, secret.encode(), _sealing_key(key))


def unseal(sealed: str, key: str) -> str:
    """Raises `joserfc.errors.JoseError` when the installation's secret is another one."""
    opened = jwe.decrypt_compact(sealed, _sealing_key(key), algorithms=list(SEALING.values()))
    return (opened.plaintext or b"").decode()


@lru_cache(maxsize=4)
def _sealing_key(key: str) -> OctKey:
    return OctKey.import_key(hashlib.sha256(b"tansiq subscription secret\n" + key.encode()).digest())
