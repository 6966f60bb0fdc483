"""Settings of the gateway: the only reader of its environment."""

from pathlib import Path

from pydantic import AnyHttpUrl, Field
from runtime.settings import ProcessSettings


class Settings(ProcessSettings):
    """Where the services stand, and how long they may take."""

    registry_url: AnyHttpUrl
    activities_url: AnyHttpUrl
    alerts_url: AnyHttpUrl
    reporting_url: AnyHttpUrl
    question_seconds: float = Field(default=15, gt=0)
    """How long a service may take to answer a question of GraphQL's."""
    passage_seconds: float = Field(default=300, gt=0)
    """How long a service may stay silent while a partner's request is passed on."""

    allowances_file: Path | None = None
    """Policies of allowances, in place of the shipped ones."""
    allowance_factor: float = Field(default=1, gt=0)
    """By which every limit is multiplied."""
    allowances_shared_seconds: float = Field(default=1, gt=0)
    """Between two exchanges of what was spent here with what was spent at other replicas."""
    metrics_at: str = Field(default="", pattern=r"^([^\s:]+|\[[0-9a-fA-F:]+\]):\d{1,5}$|^$")
    """Host and port of a listener of its own for `/metrics`, for who scrapes them; empty for none."""

    @property
    def origins(self) -> dict[str, str]:
        """Address of each service, by its name."""
        addresses = {
            "registry": self.registry_url,
            "activities": self.activities_url,
            "alerts": self.alerts_url,
            "reporting": self.reporting_url,
        }
        return {service: str(address).rstrip("/") for service, address in addresses.items()}
