"""The only reader of the environment."""

from pydantic import Field, SecretStr
from runtime.settings import ServiceSettings


class Settings(ServiceSettings):
    unit_key: SecretStr = Field(min_length=32)
    """Secret under which sites and communities become opaque keys in events. Changing it changes every key."""
    upload_readers: int = Field(default=2, ge=1, le=16)
    """Files a worker reads at the same time, each of another sender."""
    keep_problems_days: int = Field(default=90, ge=0)
    """How long what was wrong with the rows of a file can be read, and a file that broke its reader tried again; 0 for
    ever. How many problems there were of each kind stays."""
    keep_proposals_days: int = Field(default=14, ge=1)
    """How long a file waits for somebody to confirm how it is read; then it is given up."""
