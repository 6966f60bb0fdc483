"""`tansiq dead-letters` and `tansiq replay`: for operators."""

from typing import Annotated

import typer

from client.cli.messages import sentence
from client.cli.session import AsJson, LanguageChoice, ProfileName, Session
from client.operations import ServiceName

dead_letters = typer.Typer(no_args_is_help=True, help="Events a service could not take.")

Service = Annotated[ServiceName, typer.Argument(help="The service.")]
Number = Annotated[int, typer.Argument(min=1, help="Number in the list.")]
First = Annotated[int, typer.Option("--first", min=1, max=500, help="At most so many, oldest first.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]

COLUMNS = ("number", "type", "key", "cause", "attempts")


@dead_letters.command("list")
def list_(
    service: Service,
    first: First = 100,
    profile: ProfileName = "default",
    as_json: AsJson = False,
    language: LanguageChoice = None,
) -> None:
    """Show them, oldest first; their contents stay with the service."""
    session = Session(profile, as_json, language)
    found = session.run(lambda tansiq: tansiq.operations.dead_letters(service, first=first))
    if as_json:
        session.show_json({"items": found})
    elif found:
        session.table(COLUMNS, [[letter.get(name) for name in COLUMNS] for letter in found], numbers=("number",))
    else:
        session.say("nothing")


@dead_letters.command()
def retry(
    service: Service,
    number: Number,
    profile: ProfileName = "default",
    as_json: AsJson = False,
    language: LanguageChoice = None,
) -> None:
    """Hand one to its handler once more."""
    session = Session(profile, as_json, language)
    outcome = session.run(lambda tansiq: tansiq.operations.retry(service, number))
    if as_json:
        session.show_json({"number": number, "outcome": outcome})
    else:
        session.say("retried", number=number, outcome=session.word("outcome", outcome))


@dead_letters.command()
def drop(
    service: Service,
    number: Number,
    yes: Yes = False,
    profile: ProfileName = "default",
    as_json: AsJson = False,
    language: LanguageChoice = None,
) -> None:
    """Give one up for ever."""
    session = Session(profile, as_json, language)
    if not yes:
        asked = sentence("confirm_drop", session.language, service=service, number=number)
        typer.confirm(asked, abort=True, err=True)
    session.run(lambda tansiq: tansiq.operations.drop(service, number))
    if as_json:
        session.show_json({"number": number, "outcome": "dropped"})
    else:
        session.say("dropped", number=number)


def replay(
    service: Service,
    profile: ProfileName = "default",
    as_json: AsJson = False,
    language: LanguageChoice = None,
) -> None:
    """Make anew what the service made from events; its figures are incomplete until that is done."""
    session = Session(profile, as_json, language)
    state = session.run(lambda tansiq: tansiq.operations.replay(service))
    if as_json:
        session.show_json({"service": service, "state": state})
    else:
        session.say("replaying", service=service, state=session.word("state", state))
