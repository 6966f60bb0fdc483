"""Settings of the registry; the only reader of its environment."""

from pydantic import Field, SecretStr
from runtime.settings import ServiceSettings


class Settings(ServiceSettings):
    """What the registry reads besides."""

    signing_key_secret: SecretStr = Field(min_length=32)
    """Secret under which the keys that sign tokens are encrypted; shared by the replicas."""
