"""`tansiq people`: who may sign in."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

import typer

from client.cli.clock import clock_of
from client.cli.messages import sentence
from client.cli.session import AsJson, LanguageChoice, ProfileName, Session
from client.people import Grant, Invitation
from client.tansiq import Tansiq

people = typer.Typer(no_args_is_help=True, help="People who sign in.")

Email = Annotated[str, typer.Argument(help="E-mail address they sign in with.")]
Name = Annotated[str, typer.Option("--name", help="Their name; the address's first part otherwise.")]
Role = Annotated[
    Literal["member", "coordinator", "hub", "secretariat"], typer.Option("--role", help="What they may do.")
]
Organisation = Annotated[str | None, typer.Option("--organisation", help="Id of the organisation they act for.")]
Sectors = Annotated[list[str], typer.Option("--sector", help="Of a coordinator's working group; may be repeated.")]
Areas = Annotated[list[str], typer.Option("--area", help="P-code a coordinator or hub covers; may be repeated.")]
Reads = Annotated[Literal["ar", "en"], typer.Option("--reads", help="Language their pages are in.")]
States = Annotated[
    Literal["invited", "active", "deactivated", "erased"] | None, typer.Option("--state", help="Only those.")
]
PersonId = Annotated[str, typer.Argument(help="Id of the person, as `tansiq people list` shows it.")]


@people.command()
def invite(
    email: Email,
    role: Role,
    name: Name = "",
    organisation: Organisation = None,
    sector: Sectors = [],  # noqa: B006  typer copies it
    area: Areas = [],  # noqa: B006
    reads: Reads = "ar",
    profile: ProfileName = "default",
    as_json: AsJson = False,
    language: LanguageChoice = None,
) -> None:
    """Invite somebody and print the link to hand over: it works once, for seven days.

    The secretariat invites anybody to anything, an organisation members of its own.
    """
    session = Session(profile, as_json, language)
    grant = Grant(role, organisation, tuple(sector), tuple(area))
    called = name or email.partition("@")[0]
    _show(session, session.run(lambda tansiq: tansiq.people.invite(email, called, [grant], language=reads)))


@people.command(name="list")
def list_people(
    state: States = None,
    profile: ProfileName = "default",
    as_json: AsJson = False,
    language: LanguageChoice = None,
) -> None:
    """Who may sign in: everybody for the secretariat, an organisation's own people by name."""
    session = Session(profile, as_json, language)
    found = session.run(lambda tansiq: _all(tansiq, state))
    if as_json:
        session.show_json(found)
    elif not found:
        session.say("nothing")
    else:
        session.table(("id", "state", "name", "email", "roles"), (_row(session, person) for person in found))


@people.command()
def deactivate(
    person: PersonId, profile: ProfileName = "default", as_json: AsJson = False, language: LanguageChoice = None
) -> None:
    """Shut somebody out: their sessions end at once."""
    session = Session(profile, as_json, language)
    found = session.run(lambda tansiq: tansiq.people.deactivate(person))
    if as_json:
        session.show_json(found)
    else:
        session.say("deactivated", person=person)


@people.command()
def reset(
    person: PersonId, profile: ProfileName = "default", as_json: AsJson = False, language: LanguageChoice = None
) -> None:
    """Print a new link to set a password, also for somebody who was shut out."""
    session = Session(profile, as_json, language)
    _show(session, session.run(lambda tansiq: tansiq.people.reset(person)))


def _show(session: Session, invitation: Invitation) -> None:
    if session.as_json:
        session.show_json(asdict(invitation))
    else:
        clock = session.run(clock_of)
        session.say("invited", link=invitation.link, until=clock.minute(invitation.expires_at), zone=clock.name)


async def _all(tansiq: Tansiq, state: str | None) -> list[dict[str, Any]]:
    filters = {"state": state} if state else {}
    return [person async for person in tansiq.people.all(**filters)]


def _row(session: Session, person: dict[str, Any]) -> tuple[object, ...]:
    roles = sentence("list_comma", session.language).join(
        session.word("role", grant["role"]) for grant in person.get("grants", [])
    )
    return person["id"], session.word("state", person["state"]), person["name"], person.get("email"), roles
