"""What became of rows that were sent: counts, problems by row, and the exit code."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from contracts.proposals import Proposal

from client.bulk import PushResult
from client.cli.session import Exit, Session
from client.errors import Problem
from client.uploads import Assumption, NotUnderstood, Replaces, Upload, UploadedSheet

MOST_VALUES = 200
"""Different values that are kept of what was not understood."""


@dataclass
class FileOutcome:
    """What became of a file's rows."""

    accepted: int = 0
    rejected: int = 0
    problems: list[tuple[int | None, Problem]] = field(default_factory=list)
    upload: str | None = None
    assumptions: tuple[Assumption, ...] = ()
    sheets: tuple[UploadedSheet, ...] = ()
    unlisted: int = 0
    """Problems that are only counted."""
    replaces: Replaces | None = None
    values: tuple[NotUnderstood, ...] = ()
    """What was kept as text alone."""
    proposal: Proposal | None = None
    """How the file would be read, where that waits to be confirmed."""

    @classmethod
    def of_proposal(cls, upload: Upload, proposal: Proposal) -> "FileOutcome":
        """Nothing of the file counts yet."""
        return cls(0, proposal.sums.rejected, [(None, upload.failure)] if upload.failure else [], proposal=proposal)

    @classmethod
    def of_upload(cls, upload: Upload, errors: Sequence[Problem] = ()) -> "FileOutcome":
        """Why no row of the file, or which of its sheets, was not read, before what was wrong with its rows."""
        whole = [upload.failure] if upload.failure else []
        sheets = [
            sheet.reason.model_copy(update={"sheet": sheet.name})
            for sheet in upload.sheets
            if sheet.reason and upload.failure and sheet.reason.code != upload.failure.code
        ]
        problems = [(error.row, error) for error in (*whole, *sheets, *errors)]
        unlisted = upload.problem_counts.unlisted
        read = (upload.assumptions, upload.sheets, unlisted, upload.replaces, upload.values_not_understood)
        return cls(upload.accepted, upload.rejected, problems, str(upload.id), *read)

    @property
    def exit_code(self) -> Exit:
        if not self.problems and not self.rejected:
            return Exit.TAKEN
        return Exit.SOME_REFUSED if self.accepted else Exit.REFUSED

    def add(self, pushed: PushResult) -> None:
        self.accepted += pushed.accepted
        self.rejected += pushed.rejected
        self.problems += [(result.row, error) for result in pushed.problems for error in result.errors]
        kept = Counter({(value.field, value.value): value.rows for value in self.values})
        kept.update(entry for result in pushed.results for entry in result.not_understood.items())
        self.values = tuple(
            NotUnderstood(field=field, value=value, rows=rows) for (field, value), rows in kept.most_common(MOST_VALUES)
        )

    def show(self, session: Session, message: str, **beside: object) -> None:
        """The whole outcome with `--json`, else what was wrong with which row, and the counts in a sentence."""
        if session.as_json:
            session.show_json({**self.document(), **beside})
        else:
            session.table_of_errors(self.problems)
            session.say(message, **{"accepted": self.accepted, "rejected": self.rejected, **beside})

    def document(self) -> dict[str, Any]:
        problems = [
            {**error.model_dump(exclude_none=True, exclude_unset=True), "row": row} for row, error in self.problems
        ]
        document: dict[str, Any] = {"accepted": self.accepted, "rejected": self.rejected, "problems": problems}
        if self.unlisted:
            document["unlisted_problems"] = self.unlisted
        values = [each.model_dump() for each in self.values]
        if not self.upload:
            return {**document, **({"values_not_understood": values} if values else {})}
        ignored = [
            {"sheet": sheet.name, **column.model_dump()} for sheet in self.sheets for column in sheet.ignored_columns
        ]
        assumptions = [each.model_dump() for each in self.assumptions]
        if self.replaces:
            document["replaces"] = self.replaces.model_dump(mode="json")
        read = {"assumptions": assumptions, "ignored_columns": ignored, "values_not_understood": values}
        return {**document, "upload": self.upload, **read}
