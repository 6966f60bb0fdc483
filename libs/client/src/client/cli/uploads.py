"""`tansiq uploads`: what became of files that were sent."""

from typing import Annotated
from uuid import UUID

import typer

from client.cli.clock import ZoneClock, clock_of
from client.cli.messages import sentence
from client.cli.outcome import FileOutcome
from client.cli.session import AsJson, Exit, LanguageChoice, ProfileName, Session
from client.errors import RowError
from client.tansiq import Tansiq
from client.uploads import UNFINISHED, Upload

uploads = typer.Typer(no_args_is_help=True, help="Files that were sent, and what became of their rows.")

Id = Annotated[UUID, typer.Argument(help="The upload's id, as push --json and status tell it.")]
OptionalId = Annotated[UUID | None, typer.Argument(help="The upload's id; without one, the latest uploads.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept with each report and in the audit trail.")]
DespiteRefused = Annotated[
    bool, typer.Option("--despite-refused", help="Though rows of the file were refused, and what they say is missing.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
MISSING_FIELDS = ("id", "external_id", "sector", "month", "area", "people_total")
First = Annotated[int, typer.Option("--first", min=1, max=500, help="At most so many, newest first.")]


@uploads.command()
def status(
    upload_id: OptionalId = None,
    first: First = 20,
    profile: ProfileName = "default",
    as_json: AsJson = False,
    language: LanguageChoice = None,
) -> None:
    """How far a file was read, sheet by sheet, or the latest files.

    Exit codes with an id: 0 all rows taken or not done yet, 1 some refused, 3 no row taken.
    """
    session = Session(profile, as_json, language)
    if upload_id is None:
        _show_latest(session, *session.run(lambda tansiq: _latest(tansiq, first)))
        return
    upload = session.run(lambda tansiq: tansiq.uploads.read(upload_id))
    _show(session, upload)
    raise typer.Exit(Exit.TAKEN if upload.state in UNFINISHED else FileOutcome.of_upload(upload).exit_code)


@uploads.command()
def problems(
    upload_id: Id,
    profile: ProfileName = "default",
    as_json: AsJson = False,
    language: LanguageChoice = None,
) -> None:
    """What was wrong with which row of which sheet."""
    session = Session(profile, as_json, language)

    async def gather(tansiq: Tansiq) -> list[RowError]:
        return [RowError.model_validate(problem) async for problem in tansiq.uploads.problems(upload_id)]

    errors = session.run(gather)
    if as_json:
        session.show_json({"items": [error.model_dump(exclude_none=True) for error in errors]})
    elif errors:
        session.table_of_errors((error.row, error) for error in errors)
    else:
        session.say("nothing")


@uploads.command()
def withdraw(
    upload_id: Id,
    reason: Reason,
    profile: ProfileName = "default",
    as_json: AsJson = False,
    language: LanguageChoice = None,
) -> None:
    """Take back all that a file did: reports it made leave all figures, those it changed say again what they said."""
    session = Session(profile, as_json, language)
    _show_taken_back(session, session.run(lambda tansiq: tansiq.uploads.withdraw(upload_id, reason)))


@uploads.command()
def restore(
    upload_id: Id,
    profile: ProfileName = "default",
    as_json: AsJson = False,
    language: LanguageChoice = None,
) -> None:
    """Undo what was withdrawn with a file, or replaced by it."""
    session = Session(profile, as_json, language)
    _show_taken_back(session, session.run(lambda tansiq: tansiq.uploads.restore(upload_id)))


@uploads.command()
def replace(
    upload_id: Id,
    reason: Reason,
    despite_refused: DespiteRefused = False,
    yes: Yes = False,
    profile: ProfileName = "default",
    as_json: AsJson = False,
    language: LanguageChoice = None,
) -> None:
    """Withdraw what a file sent with --replaces does not hold; shows those reports and asks first."""
    session = Session(profile, as_json, language)
    upload = session.run(lambda tansiq: tansiq.uploads.read(upload_id))
    missing = upload.replaces.missing or 0 if upload.replaces else 0
    if missing and not yes:
        _confirm_missing(session, upload, missing)
    done = session.run(lambda tansiq: tansiq.uploads.replace(upload, reason, despite_refused=despite_refused))
    _show_taken_back(session, done)


def _confirm_missing(session: Session, upload: Upload, missing: int) -> None:
    if session.as_json:
        session.fail(Exit.USAGE, "confirm_needs_yes")
    assert upload.replaces is not None, "only such a file lacks reports"
    rows = [[report.get(name) for name in MISSING_FIELDS] for report in upload.replaces.reports]
    session.table(("report", "external_id", "sector", "month", "area", "people"), rows, numbers=("people",))
    if missing > len(rows):
        session.complain("more_missing", count=missing - len(rows))
    if upload.replaces.passed_over_sheets:
        session.complain("sheets_not_read", count=upload.replaces.passed_over_sheets)
    typer.confirm(sentence("confirm_replace", session.language, count=missing), abort=True, err=True)


def _show_taken_back(session: Session, upload: Upload) -> None:
    if session.as_json:
        session.show_json({"withdrawals": [one.model_dump(mode="json") for one in upload.withdrawals]})
        return
    for one in upload.withdrawals[:1]:
        facts = {name: one.counts.get(name, 0) for name in ("withdrawn", "put_back", "left", "restored")}
        session.say(f"taken_back_{one.state}", **facts)


async def _latest(tansiq: Tansiq, first: int) -> tuple[list[Upload], ZoneClock]:
    return await tansiq.uploads.latest(first), await clock_of(tansiq)


def _show_latest(session: Session, latest: list[Upload], clock: ZoneClock) -> None:
    if session.as_json:
        session.show_json({"items": [upload.model_dump(mode="json") for upload in latest]})
    elif latest:
        rows = [
            (
                each.id,
                each.file_name,
                session.word("upload", each.state),
                clock.minute(each.received_at),
                each.accepted,
                each.rejected,
            )
            for each in latest
        ]
        columns = ("id", "file", "state", "received", "accepted", "rejected")
        session.table(columns, rows, numbers=("accepted", "rejected"), notes={"received": clock.name})
    else:
        session.say("nothing")


def _show(session: Session, upload: Upload) -> None:
    if session.as_json:
        session.show_json(upload.model_dump(mode="json"))
        return
    session.say(
        "upload_state",
        file=upload.file_name or upload.id,
        state=session.word("upload", upload.state),
        progress=int(upload.progress * 100),
        accepted=upload.accepted,
        rejected=upload.rejected,
    )
    if upload.failure:
        session.say("refused", detail=upload.failure.detail, code=upload.failure.code)
    named = [sheet for sheet in upload.sheets if sheet.name is not None]
    if named:
        rows = [
            (
                sheet.name,
                session.word("upload", sheet.state),
                sheet.counts.get("rows"),
                sheet.counts.get("accepted"),
                sheet.counts.get("rejected"),
                sheet.reason.detail if sheet.reason else None,
            )
            for sheet in named
        ]
        numbers = ("rows", "accepted", "rejected")
        session.table(("sheet", "state", *numbers, "problem"), rows, numbers=numbers)
    session.show_reading(upload.sheets, upload.assumptions, upload.values_not_understood)
