"""`tansiq uploads`: what became of files that were sent."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from client.cli.clock import ZoneClock, clock_of
from client.cli.messages import sentence
from client.cli.outcome import FileOutcome
from client.cli.proposals import Columns, Defaults, DryRun, SaveMap, Values, WithMap, corrections_of
from client.cli.push import AcceptIgnored, SheetOrder, confirmed, outcome_of, show_outcome
from client.cli.session import Exit, Session, gathered, with_session
from client.tansiq import Tansiq
from client.uploads import PROPOSED, UNFINISHED, Upload, UploadDefaults

uploads = typer.Typer(no_args_is_help=True, help="Files that were sent, and what became of their rows.")

Id = Annotated[UUID, typer.Argument(help="The upload's id, as push --json and status tell it.")]
OptionalId = Annotated[UUID | None, typer.Argument(help="The upload's id; without one, the latest uploads.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept with each report and in the audit trail.")]
DespiteRefused = Annotated[
    bool, typer.Option("--despite-refused", help="Though rows of the file were refused, and what they say is missing.")
]
To = Annotated[
    Path | None, typer.Option("--to", dir_okay=False, help="The file to write; errors-ID.xlsx here otherwise.")
]
RefusedOnly = Annotated[
    bool, typer.Option("--refused-only", help="Without the rows that were taken; for rows with ids of their own.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
MISSING_FIELDS = ("id", "external_id", "sector", "month", "area", "people_total")
First = Annotated[int, typer.Option("--first", min=1, max=500, help="At most so many, newest first.")]


@uploads.command()
@with_session
def status(session: Session, upload_id: OptionalId = None, first: First = 20) -> None:
    """How far a file was read, sheet by sheet, or the latest files.

    Exit codes with an id: 0 all rows taken or not done yet, 1 some refused, 3 no row taken.
    """
    if upload_id is None:
        _show_latest(session, *session.run(lambda tansiq: _latest(tansiq, first)))
        return
    upload = session.run(lambda tansiq: tansiq.uploads.read(upload_id))
    _show(session, upload)
    raise typer.Exit(Exit.TAKEN if upload.state in {*UNFINISHED, PROPOSED} else FileOutcome.of_upload(upload).exit_code)


@uploads.command()
@with_session
def confirm(
    session: Session,
    upload_id: Id,
    columns: Columns = None,
    values: Values = None,
    defaults: Defaults = None,
    with_map: WithMap = None,
    save_map: SaveMap = None,
    accept_ignored: AcceptIgnored = False,
    dry_run: DryRun = False,
) -> None:
    """Count a file that waits as proposed, read as its proposal says, corrected."""
    said = corrections_of(with_map, columns, values, defaults)
    if save_map:
        said.save(save_map)
    order = SheetOrder(UploadDefaults(accept_ignored=accept_ignored), said, dry_run)

    async def work(tansiq: Tansiq) -> FileOutcome:
        upload = await tansiq.uploads.read(upload_id)
        return await outcome_of(tansiq, await confirmed(tansiq, upload, order))

    show_outcome(session, session.run(work))


@uploads.command()
@with_session
def problems(session: Session, upload_id: Id) -> None:
    """What was wrong with which row of which sheet."""
    found = session.run(lambda tansiq: gathered(tansiq.uploads.problems(upload_id)))
    if found and not session.as_json:
        session.table_of_errors((problem.row, problem) for problem in found)
    else:
        session.show({"items": found}, "nothing")


@uploads.command("error-workbook")
@with_session
def error_workbook(session: Session, upload_id: Id, to: To = None, refused_only: RefusedOnly = False) -> None:
    """Fetch the rows of a file as a workbook that says what is wrong with which: mend it and push it."""
    content = session.run(lambda tansiq: tansiq.uploads.error_workbook(upload_id, refused_only=refused_only))
    file = to or Path(f"errors-{upload_id}.xlsx")
    try:
        file.write_bytes(content)
    except OSError as fault:
        session.fail(Exit.USAGE, "unreadable", cause=fault)
    session.show({"file": str(file)}, "written_to", file=file)


@uploads.command()
@with_session
def withdraw(session: Session, upload_id: Id, reason: Reason) -> None:
    """Take back all that a file did: reports it made leave all figures, those it changed say again what they said."""
    _show_taken_back(session, session.run(lambda tansiq: tansiq.uploads.withdraw(upload_id, reason)))


@uploads.command()
@with_session
def restore(session: Session, upload_id: Id) -> None:
    """Undo what was withdrawn with a file, or replaced by it."""
    _show_taken_back(session, session.run(lambda tansiq: tansiq.uploads.restore(upload_id)))


@uploads.command()
@with_session
def replace(
    session: Session,
    upload_id: Id,
    reason: Reason,
    despite_refused: DespiteRefused = False,
    yes: Yes = False,
) -> None:
    """Withdraw what a file sent with --replaces does not hold; shows those reports and asks first."""
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
        return
    columns = ("id", "file", "state", "received", "accepted", "rejected")
    numbers, notes = ("accepted", "rejected"), {"received": clock.name}
    session.show_list(latest, columns, lambda each: _cells(each, clock, session), numbers=numbers, notes=notes)


def _cells(upload: Upload, clock: ZoneClock, session: Session) -> list[object]:
    state, received = session.word("upload", upload.state), clock.minute(upload.received_at)
    return [upload.id, upload.file_name, state, received, upload.accepted, upload.rejected]


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
    session.table_of_causes(upload.problem_causes)
    session.show_reading(upload.sheets, upload.assumptions, upload.values_not_understood)
