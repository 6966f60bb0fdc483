"""Settings of a process: read from the environment once, with a clear word about each bad one."""

import sys
from ipaddress import ip_network
from pathlib import Path
from resource import RLIMIT_NOFILE, getrlimit
from typing import Final, Literal, TypeVar

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from runtime.wire.bounds import Bounds

FILES_EACH: Final = 3
"""Open files that a connection may need: its own, one to a service, one for a body that is kept."""


class ProcessSettings(BaseSettings):
    """What every process reads, with the prefix `TANSIQ_`."""

    model_config = SettingsConfigDict(env_prefix="TANSIQ_", extra="ignore", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(ge=0, le=65535)
    environment: Literal["development", "production"] = "production"
    kafka_bootstrap: str
    topic_prefix: str = "tansiq"
    kafka_replication: int = Field(default=1, ge=1)
    issuer: str
    """`iss` of the tokens this installation trusts: the public address of the gateway."""
    audience: str = "tansiq"
    jwks_url: str
    cursor_key: SecretStr = Field(min_length=32)
    """Secret that signs list cursors; shared by the replicas of a service."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    trusted_proxies: str = ""
    """Addresses or networks, by commas, of the proxies in front of this process: whom they say they speak for
    (`X-Forwarded-For`) is believed of them and of nobody else, the loopback included."""

    head_seconds: float = Field(default=10, gt=0)
    """How long the headers of a request may take."""
    body_seconds: float = Field(default=1800, gt=0)
    """How long a body may take in all; it has a least rate besides."""
    unread_seconds: float = Field(default=60, gt=0)
    """How long who waits for an answer may take nothing of it."""
    connections: int = Field(default=2000, ge=10)
    """Open connections of this process. Beyond, of those that are idle or have sent a part of a request the one that
    has been silent longest is let go."""
    connections_per_address: int = Field(default=0, ge=0)
    """Of one address, those that are idle or have sent a part of a request; 0 for no bound."""

    @property
    def bounds(self) -> Bounds:
        """What this process takes of a request, and how long that may take."""
        return Bounds(
            head_seconds=self.head_seconds,
            body_seconds=self.body_seconds,
            unread_seconds=self.unread_seconds,
            connections=min(self.connections, getrlimit(RLIMIT_NOFILE)[0] // FILES_EACH),
            connections_per_address=self.connections_per_address,
            trusted_proxies=self.trusted_proxies,
        )

    @field_validator("trusted_proxies")
    @classmethod
    def _are_addresses(cls, value: str) -> str:
        for proxy in value.split(",") if value else ():
            ip_network(proxy.strip())
        return value


class ServiceSettings(ProcessSettings):
    """What a service with a database reads besides."""

    database_url: SecretStr
    database_connections: int = Field(default=10, ge=2, le=200)
    relay_lease_seconds: float = Field(default=10, gt=0)
    spool_dir: Path | None = None
    archive_url: str | None = None
    """Where old rows go before they are removed: `file:///folder` or `s3://bucket/prefix`. Without it they stay."""
    keep_events_days: int = Field(default=90, ge=0)
    """How long published events stay in the log; 0 for ever."""
    keep_audit_days: int = Field(default=730, ge=0)
    """How long the audit trail stays in the database; 0 for ever."""


Settings = TypeVar("Settings", bound=BaseSettings)


def load(settings: type[Settings]) -> Settings:
    """Read the settings or end the process with status 2, naming each bad variable."""
    try:
        return settings()
    except ValidationError as refused:
        prefix = str(settings.model_config.get("env_prefix", ""))
        for problem in refused.errors(include_input=False, include_url=False):
            variable = prefix + "_".join(str(part) for part in problem["loc"]).upper()
            sys.stderr.write(f"{variable}: {problem['msg']}\n")
        raise SystemExit(2) from None
