"""`tansiq login`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from client.cli import profiles
from client.cli.session import AsJson, LanguageChoice, ProfileName, Session
from client.credentials import Credentials, NoSuchClient
from client.tansiq import Tansiq

Url = Annotated[str | None, typer.Option("--url", envvar="TANSIQ_URL", help="Address of the platform.")]
ClientId = Annotated[
    str | None, typer.Option("--client-id", envvar="TANSIQ_CLIENT_ID", help="As the secretariat gave it to you.")
]
Secret = Annotated[
    str | None,
    typer.Option("--client-secret", envvar="TANSIQ_CLIENT_SECRET", help="Better asked for than given here."),
]
File = Annotated[
    Path | None, typer.Option("--credentials", exists=True, dir_okay=False, help="A .tansiq/credentials.json.")
]
As = Annotated[str, typer.Option("--as", help="Which client of the --credentials file.")]


def login(
    url: Url = None,
    client_id: ClientId = None,
    client_secret: Secret = None,
    credentials: File = None,
    as_client: As = "member",
    profile: ProfileName = "default",
    as_json: AsJson = False,
    language: LanguageChoice = None,
) -> None:
    """Sign in, and keep the sign-in under --profile in your own settings folder (readable by you only)."""
    asked = _from_file(credentials, as_client) if credentials else _ask_for_credentials(url, client_id, client_secret)
    kept = profiles.ClientProfile(asked.url, asked.client_id, asked.client_secret, language or "ar")
    session = Session(profile, as_json, kept.language)
    session.run_as(kept.credentials, _take_token)
    file = profiles.save(profile, kept)
    if as_json:
        session.show_json({"url": kept.url, "client_id": kept.client_id, "profile": profile, "file": str(file)})
    else:
        session.say("signed_in", url=kept.url, client=kept.client_id, profile=profile)


async def _take_token(tansiq: Tansiq) -> None:
    await tansiq.session.sign_in()


def _from_file(file: Path, name: str) -> Credentials:
    try:
        return Credentials.read(file, name)
    except NoSuchClient as missing:
        raise typer.BadParameter(str(missing), param_hint="--as") from None
    except (ValueError, KeyError):
        raise typer.BadParameter("not a credentials file", param_hint="--credentials") from None


def _ask_for_credentials(url: str | None, client_id: str | None, client_secret: str | None) -> Credentials:
    if not (url and client_id and client_secret) and not sys.stdin.isatty():
        raise typer.BadParameter("--url, --client-id and --client-secret are needed where nobody can be asked")
    url = url or typer.prompt("URL", default="http://127.0.0.1:8000")
    client_id = client_id or typer.prompt("Client id")
    client_secret = client_secret or typer.prompt("Client secret", hide_input=True)
    return Credentials(url.rstrip("/"), client_id, client_secret)
