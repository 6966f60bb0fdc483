"""`tansiq push`: reports as NDJSON or JSON, and spreadsheets of any kind."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Annotated, NoReturn

import typer
from rich.progress import Progress

from client.cli.messages import sentence
from client.cli.outcome import FileOutcome
from client.cli.proposals import (
    Columns,
    Confirm,
    CorrectionOptions,
    Defaults,
    DryRun,
    SaveMap,
    Values,
    WithMap,
    corrections_of,
    show_proposal,
)
from client.cli.session import Exit, Session, with_session
from client.tansiq import Tansiq
from client.uploads import PROPOSED, Upload, UploadDefaults, ending_of, is_sheet

ROWS = frozenset({".ndjson", ".jsonl", ".json"})

KINDS = ".ndjson, .jsonl, .json, .csv, .tsv, .xlsx, .xls or .ods"
STANDARD_INPUT = Path("-")


def _there(file: Path) -> Path:
    if file != STANDARD_INPUT and not file.is_file():
        raise typer.BadParameter(f"There is no file {file}.")
    return file


File = Annotated[Path, typer.Argument(callback=_there, help=f"{KINDS}; - reads standard input.")]
Month = Annotated[
    str | None, typer.Option("--month", help="Reporting month of all rows, such as 2026-03. Spreadsheets only.")
]
Country = Annotated[str | None, typer.Option("--country", help="P-code of the country, such as SY. Spreadsheets only.")]
Sector = Annotated[str | None, typer.Option("--sector", help="Sector of all rows, such as WSH. Spreadsheets only.")]
Organisation = Annotated[
    str | None,
    typer.Option("--organisation", help="Organisation whose rows they are, by name or id. Spreadsheets only."),
]
Replaces = Annotated[
    bool,
    typer.Option(
        "--replaces",
        help="The file is the whole of every organisation, sector and month in it: what it lacks is told, and"
        " withdrawn by `tansiq uploads replace`. Spreadsheets only.",
    ),
]
AcceptIgnored = Annotated[
    bool,
    typer.Option("--accept-ignored", help="Leave out columns with figures that are not understood. Spreadsheets only."),
]
Status = Annotated[
    str | None, typer.Option("--status", help="Status of rows that say none, such as Completed. Spreadsheets only.")
]


@with_session
def push(
    session: Session,
    file: File,
    month: Month = None,
    country: Country = None,
    sector: Sector = None,
    organisation: Organisation = None,
    replaces: Replaces = False,
    accept_ignored: AcceptIgnored = False,
    status: Status = None,
    dry_run: DryRun = False,
    confirm: Confirm = False,
    columns: Columns = None,
    values: Values = None,
    defaults: Defaults = None,
    with_map: WithMap = None,
    save_map: SaveMap = None,
) -> None:
    """Send reports."""
    said = corrections_of(with_map, columns, values, defaults)
    if save_map:
        said.save(save_map)
    given = UploadDefaults(
        month, country, sector, organisation, replaces, accept_ignored, status, dry_run or bool(said), confirm
    )
    with _on_disk(file) as found:
        outcome = _send(session, found, SheetOrder(given, said, dry_run))
    show_outcome(session, outcome)


def show_outcome(session: Session, outcome: FileOutcome) -> NoReturn:
    """What became of a file, or how it would be read."""
    if outcome.proposal:
        show_proposal(session, outcome.proposal)
    elif session.as_json:
        session.show_json(outcome.document())
    else:
        session.table_of_errors(outcome.problems)
        if outcome.unlisted:
            session.say("unlisted_problems", count=outcome.unlisted)
        session.show_reading(outcome.sheets, outcome.assumptions, outcome.values)
        session.say("pushed", accepted=outcome.accepted, rejected=outcome.rejected)
        if outcome.replaces and outcome.replaces.missing is not None:
            session.say("replaces_lacks", count=outcome.replaces.missing, upload=outcome.upload)
    raise typer.Exit(outcome.exit_code)


@contextmanager
def _on_disk(file: Path) -> Iterator[Path]:
    """The file; what comes by standard input is put into one, for it is read again where a request is repeated."""
    if file != STANDARD_INPUT:
        yield file
        return
    with TemporaryDirectory() as folder:
        unnamed = Path(folder) / "standard-input"
        with unnamed.open("wb") as opened:
            copyfileobj(sys.stdin.buffer, opened)
        yield unnamed.rename(unnamed.with_suffix(ending_of(unnamed)))


@dataclass(frozen=True)
class SheetOrder:
    """What is to become of a file with a sheet."""

    given: UploadDefaults
    said: CorrectionOptions
    dry_run: bool


def _send(session: Session, file: Path, order: SheetOrder) -> FileOutcome:
    with session.progress() as progress:
        if is_sheet(file):
            return session.run(lambda tansiq: _upload(tansiq, file, order, progress, session))
        if file.suffix.lower() not in ROWS:
            session.fail(Exit.USAGE, "unknown_kind")
        if order.given.fields():
            session.fail(Exit.USAGE, "only_for_sheets")
        return session.run(lambda tansiq: _push_rows(tansiq, file, progress, session))


async def _push_rows(tansiq: Tansiq, file: Path, progress: Progress, session: Session) -> FileOutcome:
    outcome = FileOutcome()
    task = progress.add_task(sentence("sending", session.language), total=None)
    async for pushed in tansiq.reports.push_file(file):
        outcome.add(pushed)
        progress.update(task, completed=outcome.accepted + outcome.rejected)
    return outcome


async def _upload(tansiq: Tansiq, file: Path, order: SheetOrder, progress: Progress, session: Session) -> FileOutcome:
    task = progress.add_task(sentence("sending", session.language), total=1)
    upload = await tansiq.uploads.send(file, order.given)
    progress.update(task, description=sentence("checking", session.language))

    def watch(state: Upload) -> None:
        progress.update(task, completed=state.progress)

    upload = await tansiq.uploads.finished(upload, watch)
    if upload.state == PROPOSED and order.said:
        upload = await confirmed(tansiq, upload, order, watch)
    return await outcome_of(tansiq, upload)


async def confirmed(
    tansiq: Tansiq, upload: Upload, order: SheetOrder, watch: Callable[[Upload], None] = lambda _: None
) -> Upload:
    """The upload once its proposal, corrected, is counted or made anew."""
    digest = (await tansiq.uploads.proposal(upload.id)).digest
    said = {**vars(order.said), "accept_ignored": order.given.accept_ignored, "dry_run": order.dry_run}
    return await tansiq.uploads.finished(await tansiq.uploads.confirm(upload.id, digest, **said), watch)


async def outcome_of(tansiq: Tansiq, upload: Upload) -> FileOutcome:
    """What became of an upload, or how it would be read."""
    if upload.state == PROPOSED:
        return FileOutcome.of_proposal(upload, await tansiq.uploads.proposal(upload.id))
    return FileOutcome.of_upload(upload, [problem async for problem in tansiq.uploads.problems(upload.id)])
