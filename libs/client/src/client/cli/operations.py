"""`tansiq dead-letters`, `tansiq dead-jobs` and `tansiq replay`: for operators."""

from typing import Annotated
from uuid import UUID

import typer
from contracts.services import ServiceName

from client.cli.messages import sentence
from client.cli.session import Session, with_session

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
@with_session
def list_(session: Session, service: Service, first: First = 100) -> None:
    """Show them, oldest first; their contents stay with the service."""
    found = session.run(lambda tansiq: tansiq.operations.dead_letters(service, first=first))
    session.show_list(found, COLUMNS, lambda letter: [letter.get(name) for name in COLUMNS], numbers=("number",))


@dead_letters.command()
@with_session
def retry(session: Session, service: Service, number: Number) -> None:
    """Hand one to its handler once more."""
    outcome = session.run(lambda tansiq: tansiq.operations.retry(service, number))
    told = session.word("outcome", outcome)
    session.show({"number": number, "outcome": outcome}, "retried", number=number, outcome=told)


@dead_letters.command()
@with_session
def drop(session: Session, service: Service, number: Number, yes: Yes = False) -> None:
    """Give one up for ever."""
    if not yes:
        asked = sentence("confirm_drop", session.language, service=service, number=number)
        typer.confirm(asked, abort=True, err=True)
    session.run(lambda tansiq: tansiq.operations.drop(service, number))
    session.show({"number": number, "outcome": "dropped"}, "dropped", number=number)


@dead_jobs.command("list")
@with_session
def list_jobs(session: Session, service: Service, first: First = 100) -> None:
    """Show them, oldest first; what they hold stays with the service."""
    found = session.run(lambda tansiq: tansiq.operations.dead_jobs(service, first=first))
    session.show_list(found, JOB_COLUMNS, lambda job: [job.get(name) for name in JOB_COLUMNS], numbers=("failures",))


@dead_jobs.command("retry")
@with_session
def retry_job(session: Session, service: Service, id: Id) -> None:
    """Have one done from its first attempt on."""
    session.run(lambda tansiq: tansiq.operations.retry_job(service, str(id)))
    session.show({"id": id, "outcome": "put"}, "job_put", id=id)


@dead_jobs.command("drop")
@with_session
def drop_job(session: Session, service: Service, id: Id, yes: Yes = False) -> None:
    """Give one up for ever; one that has a schedule is done at its next time."""
    if not yes:
        asked = sentence("confirm_drop_job", session.language, service=service, id=id)
        typer.confirm(asked, abort=True, err=True)
    session.run(lambda tansiq: tansiq.operations.drop_job(service, str(id)))
    session.show({"id": id, "outcome": "dropped"}, "job_dropped", id=id)


@with_session
def replay(session: Session, service: Service) -> None:
    """Make anew what the service made from events; its figures are incomplete until that is done."""
    state = session.run(lambda tansiq: tansiq.operations.replay(service))
    told = session.word("state", state)
    session.show({"service": service, "state": state}, "replaying", service=service, state=told)
