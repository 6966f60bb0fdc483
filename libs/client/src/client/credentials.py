"""Where the platform is and who asks: the credentials of a machine client."""

import json
from dataclasses import dataclass, field
from pathlib import Path


class NoSuchClient(LookupError):
    """The credentials file holds no client of that name."""


@dataclass(frozen=True)
class Credentials:
    """The address of the platform's one door, and a machine client."""

    url: str
    client_id: str
    client_secret: str = field(repr=False)

    @classmethod
    def read(cls, file: Path, name: str) -> "Credentials":
        """The client `name` of a `.tansiq/credentials.json`. Raises `NoSuchClient`, `OSError`, `ValueError`."""
        document = json.loads(file.read_text())
        clients = document["clients"]
        if name not in clients:
            raise NoSuchClient(f"{name}: not one of {', '.join(clients)}")
        return cls(document["gateway"].rstrip("/"), clients[name]["client_id"], clients[name]["client_secret"])
