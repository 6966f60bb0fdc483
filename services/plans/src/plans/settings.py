"""The only reader of the environment."""

from runtime.settings import ServiceSettings


class Settings(ServiceSettings):
    """Plans reads what every service reads."""
