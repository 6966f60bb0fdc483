"""Settings of the gateway: the only reader of its environment."""

from pathlib import Path

from contracts.services import SERVICES
from pydantic import AnyHttpUrl, Field, ValidationInfo, field_validator
from runtime.settings import ProcessSettings

from gateway.cors import check_origins


class Settings(ProcessSettings):
    """Where the services stand, and how long they may take."""

    registry_url: AnyHttpUrl
    activities_url: AnyHttpUrl
    alerts_url: AnyHttpUrl
    reporting_url: AnyHttpUrl
    plans_url: AnyHttpUrl
    question_seconds: float = Field(default=15, gt=0)
    """How long a service may take to answer a question of GraphQL's."""
    passage_seconds: float = Field(default=300, gt=0)
    """How long a service may stay silent while a partner's request is passed on."""
    spool_dir: Path | None = None
    """Where bodies are kept until they are whole; else the machine's folder for temporary files."""
    connections: int = Field(default=10_000, ge=10)
    connections_per_address: int = Field(default=400, ge=0)
    requests_per_service: int = Field(default=200, ge=1)
    """Requests under way to one service at once; as many again to sign in and for tokens, and to issue alerts."""
    busy_seconds: float = Field(default=2, gt=0)
    """How long a request waits where so many are under way."""
    requests_per_client: int = Field(default=64, ge=1)
    requests_per_address: int = Field(default=500, ge=1)
    """Requests under way at once of one client, and of all at one address whom no token names."""
    streams_per_client: int = Field(default=50, ge=1)
    streams_per_address: int = Field(default=500, ge=1)
    """The same of streams and sockets."""
    cors_origins: str = ""
    """Other sites whose pages may ask here with a token, by commas: `https://map.example.org`, or `*` for any."""

    allowances_file: Path | None = None
    """Policies of allowances, in place of the shipped ones."""
    allowance_factor: float = Field(default=1, gt=0)
    """By which every limit is multiplied."""
    allowances_shared_seconds: float = Field(default=1, gt=0)
    """Between two exchanges of what was spent here with what was spent at other replicas."""
    metrics_at: str = Field(default="", pattern=r"^([^\s:]+|\[[0-9a-fA-F:]+\]):\d{1,5}$|^$")
    """Host and port of a listener of its own for `/metrics`, for who scrapes them; empty for none."""

    source_url: AnyHttpUrl | None = Field(default=None, validate_default=True)
    """Where whoever comes here gets the source of what runs here, with what was changed: every page links to it."""

    @field_validator("source_url")
    @classmethod
    def _is_offered(cls, value: AnyHttpUrl | None, others: ValidationInfo) -> AnyHttpUrl | None:
        if value is None and others.data.get("environment") == "production":
            raise ValueError("name where the source of what runs here is to be had: the licence (AGPL, 13) asks for it")
        return value

    @field_validator("cors_origins")
    @classmethod
    def _are_origins(cls, value: str) -> str:
        return check_origins(value)

    @property
    def origins(self) -> dict[str, str]:
        """Address of each service, by its name."""
        return {service: str(getattr(self, f"{service}_url")).rstrip("/") for service in SERVICES}
