"""The cookie of somebody who is signed in: it holds the secret of their session and nothing else."""

import re
from dataclasses import dataclass
from typing import Literal

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
        found = None
        for part in header[:LONGEST_HEADER].split(";"):
            name, separator, value = part.strip().partition("=")
            if separator and name == self.name:
                found = value if SECRET.fullmatch(value) and found in (None, value) else ""
        return found

    def holding(self, secret: str) -> str:
        """The Set-Cookie line that signs in."""
        return self._line(secret, LONGEST_SECONDS)

    def cleared(self) -> str:
        """The Set-Cookie line that takes it away."""
        return self._line("", 0)

    def _line(self, value: str, seconds: int) -> str:
        secure = "; Secure" if self.secure else ""
        return f"{self.name}={value}; Max-Age={seconds}; Path=/; HttpOnly; SameSite=Lax{secure}"
