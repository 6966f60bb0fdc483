"""`tansiq subscriptions add|list|remove`."""

from typing import Annotated, Any

import typer

from client.alerts import AlertQuery
from client.cli.alerts import Area, Country, Sector, Severity, Status
from client.cli.session import AsJson, LanguageChoice, ProfileName, Session
from client.tansiq import Tansiq

subscriptions = typer.Typer(no_args_is_help=True, help="Alerts sent to your own webhook.")

COLUMNS = ("id", "url", "state", "cause")

Url = Annotated[str, typer.Argument(help="https address of your webhook (Standard Webhooks).")]
Id = Annotated[str, typer.Argument(help="Id in the list.")]
Description = Annotated[str | None, typer.Option("--description", help="A word for yourself.")]


@subscriptions.command()
def add(
    url: Url,
    country: Country = None,
    area: Area = None,
    sector: Sector = None,
    severity: Severity = None,
    status: Status = None,
    description: Description = None,
    profile: ProfileName = "default",
    as_json: AsJson = False,
    language: LanguageChoice = None,
) -> None:
    """Have alerts sent to a webhook; the signing secret is shown this once."""
    session = Session(profile, as_json, language)
    wanted = AlertQuery(country, tuple(area or ()), tuple(sector or ()), tuple(severity or ()), tuple(status or ()))
    made = session.run(lambda tansiq: tansiq.subscriptions.add(url, wanted, description=description))
    if as_json:
        session.show_json(made)
    else:
        session.say("subscribed", id=made["id"], secret=made["secret"])


@subscriptions.command("list")
def list_(profile: ProfileName = "default", as_json: AsJson = False, language: LanguageChoice = None) -> None:
    """Your subscriptions, and whether they are sent to."""
    session = Session(profile, as_json, language)
    found = session.run(_all)
    if as_json:
        session.show_json({"items": found})
    elif found:
        session.table(COLUMNS, [_cells(session, one) for one in found])
    else:
        session.say("nothing")


async def _all(tansiq: Tansiq) -> list[dict[str, Any]]:
    return [one async for one in tansiq.subscriptions.all()]


def _cells(session: Session, one: dict[str, Any]) -> list[object]:
    cause = "rights_ended" if one["rights_ended"] else one["reason"]
    return [one["id"], one["url"], session.word("state", one["state"]), cause and session.word("cause", cause)]


@subscriptions.command()
def remove(id: Id, profile: ProfileName = "default", as_json: AsJson = False, language: LanguageChoice = None) -> None:
    """Remove one; what was still to be sent is not sent."""
    session = Session(profile, as_json, language)
    session.run(lambda tansiq: tansiq.subscriptions.remove(id))
    if as_json:
        session.show_json({"id": id, "outcome": "removed"})
    else:
        session.say("unsubscribed", id=id)
