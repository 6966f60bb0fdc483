"""Who the user has signed in as: named profiles in the user's own folder, readable by the user only."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import typer

from client.credentials import Credentials
from client.transport import Language

OWNER_ONLY = 0o600


class NotSignedIn(Exception):
    """There is no such profile, and the environment names no client."""


@dataclass(frozen=True)
class ClientProfile:
    """A client of one platform and the language its user reads."""

    url: str
    client_id: str
    client_secret: str = field(repr=False)
    language: Language = "ar"

    @property
    def credentials(self) -> Credentials:
        return Credentials(self.url, self.client_id, self.client_secret)


def folder() -> Path:
    return Path(os.environ.get("TANSIQ_CONFIG_DIR") or typer.get_app_dir("tansiq"))


def save(name: str, profile: ClientProfile) -> Path:
    """Keep the profile; the file is never, not even for a moment, readable by others."""
    file = folder() / "profiles.json"
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    document = json.dumps({**_kept(), name: asdict(profile)}, indent=2, ensure_ascii=False)
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "w") as opened:
        opened.write(document)
    unfinished.replace(file)
    return file


def find(name: str) -> ClientProfile:
    """The profile of that name; the environment, where it names a whole client, comes first. Raises `NotSignedIn`."""
    environment = [os.environ.get(f"TANSIQ_{part}") for part in ("URL", "CLIENT_ID", "CLIENT_SECRET")]
    url, client_id, secret = environment
    if url and client_id and secret:
        return ClientProfile(url.rstrip("/"), client_id, secret)
    kept = _kept()
    if name not in kept:
        raise NotSignedIn(name)
    return ClientProfile(**kept[name])


def _kept() -> Mapping[str, Any]:
    try:
        profiles: dict[str, Any] = json.loads((folder() / "profiles.json").read_text())
    except FileNotFoundError:
        return {}
    return profiles
