"""Our cookies: the secret of a session, and by which accounts a browser is known (decision 0024)."""

import base64
import hmac
import re
from dataclasses import dataclass
from typing import Final, Literal

LONGEST_SECONDS = 7 * 24 * 3600
"""As long as a session can last; the registry ends it sooner where it is not used."""
SECRET = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
LONGEST_HEADER = 16_384


@dataclass(frozen=True)
class Cookie:
    """How the cookie is called and set here."""

    name: str
    secure: bool

    @classmethod
    def of(cls, environment: Literal["development", "production"]) -> "Cookie":
        """`__Host-` lets no other host and no plain HTTP set it; in development there is only plain HTTP."""
        return cls("tansiq", secure=False) if environment == "development" else cls("__Host-tansiq", secure=True)

    def secret_in(self, header: str) -> str | None:
        """The secret in a Cookie header; empty where our cookie holds anything else."""
        values = _values(header, self.name)
        if not values:
            return None
        return values[0] if SECRET.fullmatch(values[0]) and len(set(values)) == 1 else ""

    def holding(self, secret: str) -> str:
        """The Set-Cookie line that signs in."""
        return self._line(secret, LONGEST_SECONDS)

    def cleared(self) -> str:
        """The Set-Cookie line that takes it away."""
        return self._line("", 0)

    def _line(self, value: str, seconds: int) -> str:
        return _line(self.name, value, seconds, "Lax", secure=self.secure)


DEVICE_SECONDS: Final = 180 * 24 * 3600
DEVICES: Final = 4
"""Accounts one browser is known for: machines are shared."""


@dataclass(frozen=True)
class DeviceCookie:
    """The cookie by which a browser is known again: tokens of the registry's, signed here.

    It signs nobody in. The registry alone knows which account a token is of; the signature keeps who makes tokens up
    from being counted apart.
    """

    name: str
    secure: bool
    key: bytes

    @classmethod
    def of(cls, environment: Literal["development", "production"], key: str) -> "DeviceCookie":
        in_production = environment == "production"
        name = "__Host-tansiq-device" if in_production else "tansiq-device"
        return cls(name, in_production, b"tansiq device\n" + key.encode())

    def tokens_in(self, header: str) -> tuple[str, ...]:
        """The tokens in a Cookie header; none where they were not signed here."""
        values = _values(header, self.name)
        if len(values) != 1:
            return ()
        *tokens, signature = values[0].split(".")
        whole = all(SECRET.fullmatch(token) for token in tokens) and len(tokens) <= DEVICES
        signed = hmac.compare_digest(signature.encode(), self._signature(tokens).encode())
        return tuple(tokens) if whole and signed else ()

    def holding(self, token: str, others: tuple[str, ...]) -> str:
        """The Set-Cookie line by which the browser is known for this account, and for those of before."""
        tokens = [token, *(each for each in others if each != token)][:DEVICES]
        value = ".".join([*tokens, self._signature(tokens)])
        return _line(self.name, value, DEVICE_SECONDS, "Strict", secure=self.secure)

    def _signature(self, tokens: list[str]) -> str:
        digest = hmac.digest(self.key, ".".join(tokens).encode(), "sha256")
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _values(header: str, key: str) -> list[str]:
    parts = (part.strip().partition("=") for part in header[:LONGEST_HEADER].split(";"))
    return [value for name, separator, value in parts if separator and name == key]


def _line(name: str, value: str, seconds: int, site: Literal["Lax", "Strict"], *, secure: bool) -> str:
    end = "; Secure" if secure else ""
    return f"{name}={value}; Max-Age={seconds}; Path=/; HttpOnly; SameSite={site}{end}"
