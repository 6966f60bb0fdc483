"""The only reader of the environment."""

from pydantic import Field, SecretStr
from runtime.settings import ServiceSettings


class Settings(ServiceSettings):
    """What alerts reads besides."""

    subscription_secret: SecretStr = Field(min_length=32)
    """Secret under which the signing secrets of subscriptions are sealed; shared by API and worker."""
    webhooks_to_loopback: bool = False
    """For development: webhooks may go to this machine's loopback, by http too. Heeded in development only."""

    keep_deliveries_days: int = Field(default=30, ge=0)
    """How long what became of a delivery can be read; 0 for ever."""

    @property
    def loopback(self) -> bool:
        """Whether webhooks may go to the loopback."""
        return self.webhooks_to_loopback and self.environment == "development"
