"""Uploads of a partner's file: sent in one piece, worked on by the platform, answered row by row."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from contracts.proposals import Proposal
from contracts.uploads import ProblemCause, UploadProblem
from pydantic import BaseModel, ConfigDict

from client.errors import RowError
from client.transport import ApiSession, Call, FileForm, rows_of

PATH = "/api/activities/v1/uploads"
POLL_SECONDS = 0.3
UNFINISHED = frozenset({"queued", "running"})
PROPOSED = "proposed"
CARRIED_OUT = frozenset({"withdrawing", "restoring"})
LATEST = 20

CONTENT_TYPES: Mapping[str, str] = {
    ".csv": "text/csv",
    ".ssv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".tab": "text/tab-separated-values",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xlsm": "application/vnd.ms-excel.sheet.macroenabled.12",
    ".xlsb": "application/vnd.ms-excel.sheet.binary.macroenabled.12",
    ".xls": "application/vnd.ms-excel",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}
"""By the ending of a file's name; the platform goes by its content."""
OTHER = "application/octet-stream"
_CONTAINERS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_ARRAYS = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[\s*\[")
_OBJECTS = re.compile(rb"(?:\xef\xbb\xbf)?\s*(\[\s*)?\{")


def is_sheet(file: Path) -> bool:
    """Whether a file is sent as an upload: by its ending, else as it begins like a workbook or like HXL in JSON."""
    if file.suffix.lower() in CONTENT_TYPES:
        return True
    with file.open("rb") as opened:
        head = opened.read(1024)
    return head.startswith(_CONTAINERS) or bool(_ARRAYS.match(head))


def ending_of(file: Path) -> str:
    """The ending of a file without a name, by how it begins: a workbook, HXL or rows in JSON, rows a line, or text."""
    with file.open("rb") as opened:
        head = opened.read(1024)
    if head.startswith(_CONTAINERS):
        return ".xlsx" if head.startswith(_CONTAINERS[0]) else ".xls"
    if _ARRAYS.match(head):
        return ".json"
    objects = _OBJECTS.match(head)
    return ".csv" if not objects else ".json" if objects[1] else ".ndjson"


@dataclass(frozen=True)
class UploadDefaults:
    """What the form says for all rows that do not say it themselves."""

    month: str | None = None
    country: str | None = None
    sector: str | None = None
    organisation: str | None = None
    replaces: bool = False
    """The file is the whole of every organisation, sector and month in it."""
    accept_ignored: bool = False
    """Take the file though columns with figures or dates in it are not understood, and leave these out."""
    status: str | None = None
    dry_run: bool = False
    """Tell how the file would be read, and count nothing before that is confirmed."""
    confirm: bool = False
    """Nobody looks at a proposal: what is uncertain refuses the file."""

    def fields(self) -> dict[str, str]:
        return {name: "true" if value is True else value for name, value in asdict(self).items() if value}


class Assumption(BaseModel):
    """What was assumed of rows, or is odd about them, and of how many."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    code: str
    rows: int
    detail: str


class NotUnderstood(BaseModel):
    """A value of an optional field that was kept as text alone, and of how many rows."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    field: str
    value: str
    rows: int


class UnreadColumn(BaseModel):
    """A column of a sheet that was not read, for nobody knows what its heading means."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    column: int
    """Its place in the sheet, from 1."""
    heading: str = ""
    tag: str | None = None


class UploadedSheet(BaseModel):
    """A sheet of the file: read, or passed over for a reason."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    name: str | None = None
    state: str
    counts: dict[str, int] = {}
    reason: RowError | None = None
    ignored_columns: tuple[UnreadColumn, ...] = ()

    @property
    def unknown_headings(self) -> list[str]:
        """Headings of the columns that were not read, in their order; a column without one is left out."""
        return [named for column in self.ignored_columns if (named := column.heading or column.tag)]


class ProblemCounts(BaseModel):
    """How many problems there are, and how many of them are listed row by row."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    total: int = 0
    listed: int = 0
    by_code: dict[str, int] = {}

    @property
    def unlisted(self) -> int:
        return self.total - self.listed


class Withdrawal(BaseModel):
    """What was taken back with a file: all it made, or what a file that replaces did not hold."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: UUID
    kind: str
    state: str
    reason: str
    counts: dict[str, int] = {}
    """Reports in all; of them withdrawn, put back to what they said before, left, restored, and still open."""


class Replaces(BaseModel):
    """What a file that replaces is the whole of, and what stands of that without being in it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    whole_of_count: int = 0
    rejected_rows: int = 0
    passed_over_sheets: int = 0
    missing: int | None = None
    """Unknown until the file is read."""
    digest: str | None = None
    reports: tuple[dict[str, Any], ...] = ()
    """The first of the missing ones."""


class Upload(BaseModel):
    """How far the platform is with a file."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: UUID
    state: str
    file_name: str | None = None
    received_at: datetime | None = None
    counts: dict[str, int] = {}
    progress: float = 0.0
    """Share of the file that was read, 0 to 1."""
    failure: RowError | None = None
    """Why no row could be read, where that is so."""
    assumptions: tuple[Assumption, ...] = ()
    values_not_understood: tuple[NotUnderstood, ...] = ()
    sheets: tuple[UploadedSheet, ...] = ()
    problem_counts: ProblemCounts = ProblemCounts()
    problem_causes: tuple[ProblemCause, ...] = ()
    replaces: Replaces | None = None
    withdrawals: tuple[Withdrawal, ...] = ()

    @property
    def is_taking_back(self) -> bool:
        """Whether a withdrawal or a restoring is still carried out."""
        return any(one.state in CARRIED_OUT for one in self.withdrawals)

    @property
    def accepted(self) -> int:
        return self.counts.get("accepted", 0)

    @property
    def rejected(self) -> int:
        return self.counts.get("rejected", 0)


class Uploads:
    """`/v1/uploads`."""

    def __init__(self, session: ApiSession) -> None:
        self._session = session

    async def send(self, file: Path, given: UploadDefaults = UploadDefaults()) -> Upload:
        """Send the file; the answer comes before its rows are worked on."""
        form = FileForm(file, CONTENT_TYPES.get(file.suffix.lower(), OTHER), given.fields())
        return Upload.model_validate(await self._session.ask_json(Call("POST", PATH, form)))

    async def read(self, upload_id: UUID) -> Upload:
        return Upload.model_validate(await self._session.ask_json(Call("GET", f"{PATH}/{upload_id}")))

    async def latest(self, first: int = LATEST) -> list[Upload]:
        """One's own uploads, newest first."""
        page = await self._session.ask_json(Call("GET", PATH, params={"first": first}))
        return [Upload.model_validate(item) for item in page["items"]]

    async def finished(self, upload: Upload, watch: Callable[[Upload], None] = lambda _: None) -> Upload:
        """Wait until all rows are worked on; `watch` sees each state on the way."""
        while upload.state in UNFINISHED:
            await asyncio.sleep(POLL_SECONDS)
            upload = await self.read(upload.id)
            watch(upload)
        return upload

    async def proposal(self, upload_id: UUID) -> Proposal:
        """How the file would be read that waits to be confirmed."""
        return Proposal.model_validate(await self._session.ask_json(Call("GET", f"{PATH}/{upload_id}/proposal")))

    async def confirm(self, upload_id: UUID, digest: str, **corrections: object) -> Upload:
        """Let the file be counted as the proposal of this digest says, corrected; with `dry_run` propose it anew."""
        body = {"digest": digest, **corrections}
        return Upload.model_validate(
            await self._session.ask_json(Call.json("POST", f"{PATH}/{upload_id}/confirm", body))
        )

    async def withdraw(self, upload_id: UUID, reason: str) -> Upload:
        """Take back all that the file did and nothing changed later; the answer comes when all is done."""
        return await self._change_until_done(upload_id, "withdraw", {"reason": reason})

    async def restore(self, upload_id: UUID) -> Upload:
        """Undo what was withdrawn with the file, or replaced by it."""
        return await self._change_until_done(upload_id, "restore", {})

    async def replace(self, upload: Upload, reason: str, *, despite_refused: bool = False) -> Upload:
        """Take back the reports that a file sent with `replaces` does not hold, exactly those its state told.

        Raises `Refused` where they are others by now, or rows of the file were refused.
        """
        told = upload.replaces or Replaces()
        said = {"reason": reason, "missing": told.missing or 0, "despite_refused": despite_refused}
        return await self._change_until_done(
            upload.id, "replace", {**said, **({"digest": told.digest} if told.digest else {})}
        )

    async def _change_until_done(self, upload_id: UUID, what: str, body: Mapping[str, object]) -> Upload:
        await self._session.ask_json(Call.json("POST", f"{PATH}/{upload_id}/{what}", body))
        upload = await self.read(upload_id)
        while upload.is_taking_back:
            await asyncio.sleep(POLL_SECONDS)
            upload = await self.read(upload_id)
        return upload

    async def error_workbook(self, upload_id: UUID, *, refused_only: bool = False) -> bytes:
        """The file's rows, or the refused ones alone, as a workbook that says what is wrong with them."""
        asked = {"rows": "rejected" if refused_only else "all"}
        return (await self._session.ask(Call("GET", f"{PATH}/{upload_id}/error-workbook", params=asked))).content

    def problems(self, upload_id: UUID) -> AsyncIterator[UploadProblem]:
        """What was found wrong or doubtful, by row."""
        return rows_of(UploadProblem, self._session.pages(f"{PATH}/{upload_id}/problems"))
