"""`tansiq subscriptions add|list|remove`."""

from typing import Annotated
from uuid import UUID

import typer
from contracts.subscriptions import Subscription

from client.alerts import AlertQuery
from client.cli.alerts import Area, Country, Sector, Severity, Status
from client.cli.session import Session, with_session

subscriptions = typer.Typer(no_args_is_help=True, help="Alerts sent to your own webhook.")

COLUMNS = ("id", "url", "state", "cause")

Url = Annotated[str, typer.Argument(help="https address of your webhook (Standard Webhooks).")]
Id = Annotated[UUID, typer.Argument(help="Id in the list.")]
Description = Annotated[str | None, typer.Option("--description", help="A word for yourself.")]


@subscriptions.command()
@with_session
def add(
    session: Session,
    url: Url,
    country: Country = None,
    area: Area = None,
    sector: Sector = None,
    severity: Severity = None,
    status: Status = None,
    description: Description = None,
) -> None:
    """Have alerts sent to a webhook; the signing secret is shown this once."""
    wanted = AlertQuery(country, tuple(area or ()), tuple(sector or ()), tuple(severity or ()), tuple(status or ()))
    made = session.run(lambda tansiq: tansiq.subscriptions.add(url, wanted, description=description))
    session.show(made, "subscribed", id=made.id, secret=made.secret)


@subscriptions.command("list")
@with_session
def list_(session: Session) -> None:
    """Your subscriptions, and whether they are sent to."""
    session.show_list(session.rows(Subscription), COLUMNS, lambda one: _cells(one, session))


def _cells(one: Subscription, session: Session) -> list[object]:
    cause = "rights_ended" if one.rights_ended else one.reason
    return [one.id, one.url, session.word("state", one.state), cause and session.word("cause", cause)]


@subscriptions.command()
@with_session
def remove(session: Session, id: Id) -> None:
    """Remove one; what was still to be sent is not sent."""
    session.run(lambda tansiq: tansiq.subscriptions.remove(id))
    session.show({"id": id, "outcome": "removed"}, "unsubscribed", id=id)
