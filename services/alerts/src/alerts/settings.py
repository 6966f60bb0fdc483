"""The only reader of the environment."""

from pydantic import Field, SecretStr
from runtime.settings import ServiceSettings


class Settings(ServiceSettings):
    """What alerts reads besides."""

    subscription_secret: SecretStr = Field(min_length=32)
    """Secret under which the signing secrets of subscriptions are sealed; shared by API and worker."""
    webhooks_to_loopback: bool = False
    """For development: webhooks may go to this machine's loopback, by http too. Heeded in development only."""

    @property
    def loopback(self) -> bool:
        """Whether webhooks may go to the loopback."""
        return self.webhooks_to_loopback and self.environment == "development"
