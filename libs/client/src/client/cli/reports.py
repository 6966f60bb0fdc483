"""`tansiq reports`: finding one's own, taking them back and restoring them."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

import typer
from contracts.reports import Report, ReportStanding

from client.cli.session import Exit, Session, with_session
from client.tansiq import Tansiq

reports = typer.Typer(no_args_is_help=True, help="Reports: find your own, withdraw them and restore them.")

COLUMNS = ("report", "external_id", "version", "stage", "month", "sector", "area", "people")
NUMBERS = ("version", "people")

Ids = Annotated[list[UUID] | None, typer.Argument(help="Ids of reports.")]
ExternalId = Annotated[str | None, typer.Option("--external-id", help="Your own id of the report.")]
FromUpload = Annotated[UUID | None, typer.Option("--upload", help="Id of the file they came in.")]
Withdrawn = Annotated[bool, typer.Option("--withdrawn", help="Only what was withdrawn.")]
Month = Annotated[str | None, typer.Option("--month", help="Reporting month, such as 2026-03.")]
Sector = Annotated[str | None, typer.Option("--sector", help="Exact code, such as WSH.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept with the report and in the audit trail.")]
Comment = Annotated[str | None, typer.Option("--comment", help="A word to the reviewer.")]


@reports.command()
@with_session
def find(
    session: Session,
    external_id: ExternalId = None,
    upload: FromUpload = None,
    month: Month = None,
    sector: Sector = None,
    withdrawn: Withdrawn = False,
) -> None:
    """Find reports by your own id of them, by the file they came in, or by month and sector."""
    wanted = {"external_id": external_id, "upload": upload, "month_from": month, "month_to": month, "sector": sector}
    wanted["stage"] = "withdrawn" if withdrawn else None
    if all(value is None for value in wanted.values()):
        session.fail(Exit.USAGE, "which_of_yours")
    found = session.rows(Report, **wanted)
    session.show_list(found, COLUMNS, lambda report: _cells(report, session), numbers=NUMBERS)


@reports.command()
@with_session
def withdraw(session: Session, reason: Reason, ids: Ids = None, external_id: ExternalId = None) -> None:
    """Take reports back: they leave all figures and lists, and can be restored."""
    _each(session, ids, external_id, lambda tansiq, id: tansiq.reports.withdraw(id, reason), "reports_withdrawn")


@reports.command()
@with_session
def restore(session: Session, ids: Ids = None, external_id: ExternalId = None, comment: Comment = None) -> None:
    """Bring back reports that were withdrawn: as submitted, so that somebody reviews them."""
    _each(session, ids, external_id, lambda tansiq, id: tansiq.reports.restore(id, comment), "reports_restored")


Command = Callable[[Tansiq, UUID], Awaitable[ReportStanding]]


def _each(session: Session, ids: list[UUID] | None, external_id: str | None, command: Command, text: str) -> None:
    if bool(ids) == bool(external_id):
        session.fail(Exit.USAGE, "id_or_external_id")

    named = ids or [_one_of(session, external_id)]

    async def work(tansiq: Tansiq) -> list[ReportStanding]:
        return [await command(tansiq, id) for id in named]

    done = session.run(work)
    session.show({"items": done}, text, count=len(done))


def _one_of(session: Session, external_id: str | None) -> UUID:
    """The one report that has this id of its sender's."""
    found = session.rows(Report, external_id=external_id)
    if not found:
        session.fail(Exit.REFUSED, "none_by_external_id", external_id=external_id)
    if len(found) > 1:
        session.fail(Exit.REFUSED, "several_by_external_id", external_id=external_id, count=len(found))
    return found[0].id


def _cells(report: Report, session: Session) -> list[object]:
    stage = session.word("stage", report.stage)
    place = (report.month, report.sector, report.area)
    return [report.id, report.external_id, report.version, stage, *place, report.people.total]
