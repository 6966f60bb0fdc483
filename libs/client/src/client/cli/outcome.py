"""What became of rows that were sent: counts, problems by row, and the exit code."""

from dataclasses import dataclass, field
from typing import Any

from client.bulk import Pushed
from client.cli.session import Exit
from client.refused import RowError
from client.uploads import Assumption


@dataclass
class Outcome:
    """What became of a file's rows."""

    taken: int = 0
    refused: int = 0
    problems: list[tuple[int | None, RowError]] = field(default_factory=list)
    upload: str | None = None
    assumptions: tuple[Assumption, ...] = ()

    @property
    def exit_code(self) -> Exit:
        if not self.problems and not self.refused:
            return Exit.TAKEN
        return Exit.SOME_REFUSED if self.taken else Exit.REFUSED

    def add(self, pushed: Pushed) -> None:
        self.taken += pushed.taken
        self.refused += pushed.refused
        self.problems += [(result.row, error) for result in pushed.problems for error in result.errors]

    def document(self) -> dict[str, Any]:
        problems = [{**error.model_dump(exclude_none=True), "row": row} for row, error in self.problems]
        document = {"taken": self.taken, "refused": self.refused, "problems": problems}
        if not self.upload:
            return document
        return {**document, "upload": self.upload, "assumptions": [each.model_dump() for each in self.assumptions]}
