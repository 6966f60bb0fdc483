"""Policies: what is limited, how far and for whom; read from a file of data."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

SHIPPED: Final = Path(__file__).parent / "policies.toml"
LONGEST_SECONDS: Final = 86_400
REMEMBERED: Final = 4096
"""Methods and paths whose policies are remembered."""


class Per(StrEnum):
    CALLER = "caller"
    ADDRESS = "address"
    BROWSER = "browser"
    CREDENTIALS = "credentials"


@dataclass(frozen=True, eq=False)
class Policy:
    """So many in so many seconds."""

    name: str
    per: Per
    limit: int
    seconds: int
    method: re.Pattern[str] | None = None
    path: re.Pattern[str] | None = None

    @classmethod
    def of(cls, entry: dict[str, Any], factor: float) -> "Policy":
        """Raises `KeyError`, `TypeError` or `ValueError` where it is none."""
        limit, seconds = int(entry["limit"] * factor), int(entry["seconds"])
        if limit < 1 or not 1 <= seconds <= LONGEST_SECONDS:
            raise ValueError(f"{entry['name']}: at least 1 in 1 to {LONGEST_SECONDS} seconds")
        counted = [re.compile(entry[part]) if part in entry else None for part in ("method", "path")]
        return cls(str(entry["name"]), Per(entry["per"]), limit, seconds, *counted)

    @property
    def header_value(self) -> str:
        """As `RateLimit-Policy` says it."""
        return f'"{self.name}";q={self.limit};w={self.seconds}'

    def counts(self, method: str, path: str) -> bool:
        if self.method is None or self.path is None:
            return False
        return bool(self.method.fullmatch(method) and self.path.fullmatch(path))


@dataclass(frozen=True, eq=False)
class PolicyGroup:
    """Policies by which one request is counted."""

    policies: tuple[Policy, ...]
    header: bytes
    """As `RateLimit-Policy` lists them."""

    @classmethod
    def of(cls, *policies: Policy) -> "PolicyGroup":
        return cls(policies, ", ".join(policy.header_value for policy in policies).encode())


class Policies:
    """All of them, found by what is asked and by name."""

    def __init__(self, policies: Iterable[Policy]) -> None:
        self._all = tuple(policies)
        self._named = {policy.name: PolicyGroup.of(policy) for policy in self._all}
        self.of = lru_cache(REMEMBERED)(self._of)
        """Policies of one kind by which a request is counted."""

    @classmethod
    def read(cls, file: Path | None = None, factor: float = 1) -> "Policies":
        """Those of the file, else the shipped ones."""
        said = tomllib.loads((file or SHIPPED).read_text(encoding="utf-8"))
        return cls(Policy.of(each, factor) for each in said["policy"])

    def named(self, name: str) -> PolicyGroup:
        """The policy of this name; none where the file has none, and then nothing is limited."""
        return self._named.get(name, UNLIMITED)

    def _of(self, per: Per, method: str, path: str) -> PolicyGroup:
        return PolicyGroup.of(*(each for each in self._all if each.per is per and each.counts(method, path)))


UNLIMITED: Final = PolicyGroup.of()
