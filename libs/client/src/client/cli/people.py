"""`tansiq people`: who may sign in."""

from typing import Annotated, Literal
from uuid import UUID

import typer
from contracts.identities import Grant
from contracts.people import InvitationLink, Person, PersonName

from client.cli.clock import clock_of
from client.cli.messages import sentence
from client.cli.session import Session, with_session

people = typer.Typer(no_args_is_help=True, help="People who sign in.")

Email = Annotated[str, typer.Argument(help="E-mail address they sign in with.")]
Name = Annotated[str, typer.Option("--name", help="Their name; the address's first part otherwise.")]
Role = Annotated[
    Literal["member", "coordinator", "hub", "secretariat"], typer.Option("--role", help="What they may do.")
]
Organisation = Annotated[UUID | None, typer.Option("--organisation", help="Id of the organisation they act for.")]
Sectors = Annotated[list[str], typer.Option("--sector", help="Of a coordinator's working group; may be repeated.")]
Areas = Annotated[list[str], typer.Option("--area", help="P-code a coordinator or hub covers; may be repeated.")]
Reads = Annotated[Literal["ar", "en"], typer.Option("--reads", help="Language their pages are in.")]
States = Annotated[
    Literal["invited", "active", "deactivated", "erased"] | None, typer.Option("--state", help="Only those.")
]
PersonId = Annotated[UUID, typer.Argument(help="Id of the person, as `tansiq people list` shows it.")]


@people.command()
@with_session
def invite(
    session: Session,
    email: Email,
    role: Role,
    name: Name = "",
    organisation: Organisation = None,
    sector: Sectors = [],  # noqa: B006  typer copies it,
    area: Areas = [],  # noqa: B006,
    reads: Reads = "ar",
) -> None:
    """Invite somebody and print the link to hand over: it works once, for seven days.

    The secretariat invites anybody to anything, an organisation members of its own.
    """
    grant = Grant(role=role, organisation_id=organisation, sectors=tuple(sector), areas=tuple(area))
    called = name or email.partition("@")[0]
    _show(session, session.run(lambda tansiq: tansiq.people.invite(email, called, [grant], language=reads)))


@people.command(name="list")
@with_session
def list_people(session: Session, state: States = None) -> None:
    """Who may sign in: everybody for the secretariat, an organisation's own people by name."""
    found = session.rows(PersonName, state=state)
    session.show_list(found, ("id", "state", "name", "email", "roles"), lambda person: _cells(person, session))


@people.command()
@with_session
def deactivate(session: Session, person: PersonId) -> None:
    """Shut somebody out: their sessions end at once."""
    session.show(session.run(lambda tansiq: tansiq.people.deactivate(person)), "deactivated", person=person)


@people.command()
@with_session
def reset(session: Session, person: PersonId) -> None:
    """Print a new link to set a password, also for somebody who was shut out."""
    _show(session, session.run(lambda tansiq: tansiq.people.reset(person)))


def _show(session: Session, invitation: InvitationLink) -> None:
    if session.as_json:
        session.show_json(invitation.model_dump(exclude={"token"}))
    else:
        clock = session.run(clock_of)
        session.say("invited", link=invitation.link, until=clock.minute(invitation.expires_at), zone=clock.name)


def _cells(person: PersonName, session: Session) -> list[object]:
    """For the secretariat all of them; colleagues are told who it is alone."""
    cells = [person.id, session.word("state", person.state), person.name]
    if not isinstance(person, Person):
        return [*cells, None, None]
    roles = (session.word("role", grant.role) for grant in person.grants)
    return [*cells, person.email, sentence("list_comma", session.language).join(roles)]
