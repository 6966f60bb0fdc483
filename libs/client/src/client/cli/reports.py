"""`tansiq reports`: finding one's own, taking them back and restoring them."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

import typer

from client.cli.session import AsJson, Exit, LanguageChoice, ProfileName, Session
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
def find(
    external_id: ExternalId = None,
    upload: FromUpload = None,
    month: Month = None,
    sector: Sector = None,
    withdrawn: Withdrawn = False,
    profile: ProfileName = "default",
    as_json: AsJson = False,
    language: LanguageChoice = None,
) -> None:
    """Find reports by your own id of them, by the file they came in, or by month and sector."""
    session = Session(profile, as_json, language)
    wanted = {"external_id": external_id, "upload": upload, "month_from": month, "month_to": month, "sector": sector}
    filters = {name: str(value) for name, value in wanted.items() if value is not None}
    if withdrawn:
        filters["stage"] = "withdrawn"
    if not filters:
        session.fail(Exit.USAGE, "which_of_yours")
    found = session.run(lambda tansiq: _all(tansiq, filters))
    if as_json:
        session.show_json({"items": found})
    elif found:
        session.table(COLUMNS, [_cells(row, session) for row in found], numbers=NUMBERS)
    else:
        session.say("nothing")


@reports.command()
def withdraw(
    reason: Reason,
    ids: Ids = None,
    external_id: ExternalId = None,
    profile: ProfileName = "default",
    as_json: AsJson = False,
    language: LanguageChoice = None,
) -> None:
    """Take reports back: they leave all figures and lists, and can be restored."""
    session = Session(profile, as_json, language)
    _each(session, ids, external_id, lambda tansiq, id: tansiq.reports.withdraw(id, reason), "reports_withdrawn")


@reports.command()
def restore(
    ids: Ids = None,
    external_id: ExternalId = None,
    comment: Comment = None,
    profile: ProfileName = "default",
    as_json: AsJson = False,
    language: LanguageChoice = None,
) -> None:
    """Bring back reports that were withdrawn: as submitted, so that somebody reviews them."""
    session = Session(profile, as_json, language)
    _each(session, ids, external_id, lambda tansiq, id: tansiq.reports.restore(id, comment), "reports_restored")


Command = Callable[[Tansiq, str], Awaitable[dict[str, Any]]]


def _each(session: Session, ids: list[UUID] | None, external_id: str | None, command: Command, text: str) -> None:
    if bool(ids) == bool(external_id):
        session.fail(Exit.USAGE, "id_or_external_id")

    async def work(tansiq: Tansiq) -> list[dict[str, Any]]:
        named = [str(id) for id in ids] if ids else [await _one_of(session, tansiq, external_id)]
        return [await command(tansiq, id) for id in named]

    done = session.run(work)
    if session.as_json:
        session.show_json({"items": done})
    else:
        session.say(text, count=len(done))


async def _one_of(session: Session, tansiq: Tansiq, external_id: str | None) -> str:
    """The one report that has this id of its sender's."""
    found = await _all(tansiq, {"external_id": external_id})
    if not found:
        session.fail(Exit.REFUSED, "none_by_external_id", external_id=external_id)
    if len(found) > 1:
        session.fail(Exit.REFUSED, "several_by_external_id", external_id=external_id, count=len(found))
    return str(found[0]["id"])


async def _all(tansiq: Tansiq, filters: dict[str, Any]) -> list[dict[str, Any]]:
    return [row async for row in tansiq.reports.find(**filters)]


def _cells(row: dict[str, Any], session: Session) -> list[object]:
    stage = session.word("stage", row["stage"])
    place = (row["month"], row["sector"], row["area"])
    return [row["id"], row["external_id"], row["version"], stage, *place, row["people"]["total"]]
