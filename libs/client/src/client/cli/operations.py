"""`tansiq dead-letters`, `tansiq dead-jobs` and `tansiq replay`: for operators."""

from typing import Annotated
from uuid import UUID

import typer
from contracts.services import ServiceName

from client.cli.messages import sentence
from client.cli.session import AsJson, LanguageChoice, ProfileName, Session

dead_letters = typer.Typer(no_args_is_help=True, help="Events a service could not take.")
dead_jobs = typer.Typer(no_args_is_help=True, help="Jobs a service gave up.")

Service = Annotated[ServiceName, typer.Argument(help="The service.")]
Number = Annotated[int, typer.Argument(min=1, help="Number in the list.")]
First = Annotated[int, typer.Option("--first", min=1, max=500, help="At most so many, oldest first.")]
Id = Annotated[UUID, typer.Argument(help="Id in the list.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]

COLUMNS = ("number", "type", "key", "cause", "attempts")
JOB_COLUMNS = ("id", "queue", "key", "cause", "failures")


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


@dead_jobs.command("list")
def list_jobs(
    service: Service,
    first: First = 100,
    profile: ProfileName = "default",
    as_json: AsJson = False,
    language: LanguageChoice = None,
) -> None:
    """Show them, oldest first; what they hold stays with the service."""
    session = Session(profile, as_json, language)
    found = session.run(lambda tansiq: tansiq.operations.dead_jobs(service, first=first))
    if as_json:
        session.show_json({"items": found})
    elif found:
        session.table(JOB_COLUMNS, [[job.get(name) for name in JOB_COLUMNS] for job in found], numbers=("failures",))
    else:
        session.say("nothing")


@dead_jobs.command("retry")
def retry_job(
    service: Service,
    id: Id,
    profile: ProfileName = "default",
    as_json: AsJson = False,
    language: LanguageChoice = None,
) -> None:
    """Have one done from its first attempt on."""
    session = Session(profile, as_json, language)
    session.run(lambda tansiq: tansiq.operations.retry_job(service, str(id)))
    if as_json:
        session.show_json({"id": str(id), "outcome": "put"})
    else:
        session.say("job_put", id=id)


@dead_jobs.command("drop")
def drop_job(
    service: Service,
    id: Id,
    yes: Yes = False,
    profile: ProfileName = "default",
    as_json: AsJson = False,
    language: LanguageChoice = None,
) -> None:
    """Give one up for ever; one that has a schedule is done at its next time."""
    session = Session(profile, as_json, language)
    if not yes:
        asked = sentence("confirm_drop_job", session.language, service=service, id=id)
        typer.confirm(asked, abort=True, err=True)
    session.run(lambda tansiq: tansiq.operations.drop_job(service, str(id)))
    if as_json:
        session.show_json({"id": str(id), "outcome": "dropped"})
    else:
        session.say("job_dropped", id=id)


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
