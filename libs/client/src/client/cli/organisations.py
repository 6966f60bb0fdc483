"""`tansiq organisations`: what they are called besides, who may be one, merging."""

from pathlib import Path
from typing import Annotated

import typer

from client.cli.outcome import FileOutcome
from client.cli.session import Session, with_session

organisations = typer.Typer(no_args_is_help=True, help="Names, codes and duplicates of organisations.")

File = Annotated[
    Path,
    typer.Argument(
        exists=True,
        dir_okay=False,
        help="CSV or NDJSON: organisation or organisation_id; alias; issuer, code; scheme, external_id; withdrawn.",
    ),
]
OrganisationId = Annotated[str, typer.Argument(help="Id of the organisation.")]
Into = Annotated[str, typer.Argument(help="Id of the organisation to merge it into.")]
PairId = Annotated[str, typer.Argument(help="Id of the pair, as `tansiq list organisation_duplicates` shows it.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept.")]


@organisations.command()
@with_session
def identify(session: Session, file: File) -> None:
    """Give organisations other spellings, codes of clusters and ids elsewhere."""
    outcome = FileOutcome()
    outcome.add(session.run(lambda tansiq: tansiq.organisations.identify(file)))
    if session.as_json:
        session.show_json(outcome.document())
    else:
        session.table_of_errors(outcome.problems)
        session.say("pushed", accepted=outcome.accepted, rejected=outcome.rejected)
    raise typer.Exit(outcome.exit_code)


@organisations.command(name="find-duplicates")
@with_session
def find_duplicates(session: Session) -> None:
    """Compare all organisations anew (secretariat); `tansiq list organisation_duplicates` shows the pairs."""
    found = session.run(lambda tansiq: tansiq.organisations.find_duplicates())
    session.show(found, "duplicates_found", organisations=found.organisations, open=found.open)


@organisations.command()
@with_session
def dismiss(session: Session, pair: PairId, reason: Reason) -> None:
    """Settle that a pair of organisations are two (secretariat)."""
    settled = session.run(lambda tansiq: tansiq.organisations.dismiss_duplicate(pair, reason))
    session.show(settled, "pair_dismissed", id=settled.id)


@organisations.command()
@with_session
def merge(session: Session, organisation: OrganisationId, into: Into, reason: Reason) -> None:
    """Merge an organisation into another (secretariat): its id stands for the other until that is undone."""
    merged = session.run(lambda tansiq: tansiq.organisations.merge(organisation, into, reason))
    session.show(merged, "merged", id=merged.id, merged_into=merged.merged_into)


@organisations.command()
@with_session
def part(session: Session, organisation: OrganisationId, reason: Reason) -> None:
    """Undo a merge (secretariat)."""
    parted = session.run(lambda tansiq: tansiq.organisations.part(organisation, reason))
    session.show(parted, "parted", id=parted.id)
