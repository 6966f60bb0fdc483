"""One run of the command: who asks, in which language, and how the outcome is shown and ends."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Annotated, Any, NoReturn, TypeVar

import stamina.instrumentation
import typer
from contracts.uploads import ProblemCause
from pydantic import BaseModel
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from client.chunks import UnreadableFile
from client.cli import profiles, screen
from client.cli.messages import MESSAGES, sentence
from client.credentials import Credentials
from client.errors import Problem, Refused, Unreachable
from client.tansiq import Tansiq
from client.transport import Language, RowOf
from client.uploads import Assumption, NotUnderstood, UploadedSheet

Outcome = TypeVar("Outcome")
Item = TypeVar("Item")
MOST_VALUES = 20
"""Values that are listed of what was not understood."""
NOTHING_BESIDE: Mapping[str, str] = {}

ProfileName = Annotated[str, typer.Option("--profile", envvar="TANSIQ_PROFILE", help="Which sign-in to use.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of tables.")]
LanguageChoice = Annotated[
    Language | None,
    typer.Option("--language", envvar="TANSIQ_LANGUAGE", help="Language of messages; that of the profile otherwise."),
]
SHARED = (
    Parameter("profile", Parameter.POSITIONAL_OR_KEYWORD, default="default", annotation=ProfileName),
    Parameter("as_json", Parameter.POSITIONAL_OR_KEYWORD, default=False, annotation=AsJson),
    Parameter("language", Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation=LanguageChoice),
)


class Exit(IntEnum):
    """Exit codes."""

    TAKEN = 0
    SOME_REFUSED = 1
    USAGE = 2
    REFUSED = 3
    UNREACHABLE = 4
    NOT_SIGNED_IN = 5


# On one line: the screen of whoever asks for help folds it.
EXIT_CODES = (
    "Exit codes: 0 done (all rows taken), 1 some rows refused, 2 wrong usage or unreadable file, "
    "3 refused or no row taken, 4 platform unreachable, 5 not signed in."
)


@dataclass
class OnceOnly:
    """Does something the first time it is called, and knows whether it was."""

    what: Callable[[], None]
    done: bool = False

    def __call__(self) -> None:
        if not self.done:
            self.done = True
            self.what()


@dataclass(frozen=True)
class Session:
    """What all commands share."""

    profile: str = "default"
    as_json: bool = False
    chosen: Language | None = None

    @property
    def language(self) -> Language:
        """The one asked for, else the profile's; English on a screen without Arabic letters."""
        if self.chosen:
            return self.chosen
        try:
            language = profiles.find(self.profile).language
        except profiles.NotSignedIn:
            language = "ar"
        return language if screen.has_arabic() else "en"

    def run(self, work: Callable[[Tansiq], Awaitable[Outcome]]) -> Outcome:
        """Do `work` as the profile's client; whatever goes wrong is said and ends the run with its exit code."""
        try:
            credentials = profiles.find(self.profile).credentials
        except profiles.NotSignedIn:
            self.fail(Exit.NOT_SIGNED_IN, "not_signed_in")
        return self.run_as(credentials, work)

    def rows(self, kind: type[RowOf], **filters: object) -> list[RowOf]:
        """The rows of this type that match what is given of the filters."""
        given = {name: str(value) for name, value in filters.items() if value is not None}
        return self.run(lambda tansiq: gathered(tansiq.lists.of(kind, **given)))

    def run_as(self, credentials: Credentials, work: Callable[[Tansiq], Awaitable[Outcome]]) -> Outcome:
        # Retries are logged to standard output otherwise, where the result belongs.
        stamina.instrumentation.set_on_retry_hooks([])
        try:
            return asyncio.run(self._with_client(credentials, work))
        except Refused as refused:
            self.refused(refused)
        except Unreachable as lost:
            self.fail(Exit.UNREACHABLE, "unreachable", cause=lost)
        except (UnreadableFile, OSError) as fault:
            self.fail(Exit.USAGE, "unreadable", cause=fault)

    async def _with_client(self, credentials: Credentials, work: Callable[[Tansiq], Awaitable[Outcome]]) -> Outcome:
        patience = float(os.environ.get("TANSIQ_PATIENCE", "45"))
        async with Tansiq(credentials, language=self.language, patience_seconds=patience) as tansiq:
            return await work(tansiq)

    def refused(self, refused: Refused) -> NoReturn:
        code = Exit.NOT_SIGNED_IN if refused.status == 401 else Exit.REFUSED
        if self.as_json:
            errors = [error.model_dump(exclude_none=True) for error in refused.errors]
            self.show_json({"code": refused.code, "detail": refused.detail, "errors": errors})
            raise typer.Exit(code)
        self.complain("refused", detail=refused.detail, code=refused.code)
        self.table_of_errors((error.row, error) for error in refused.errors)
        raise typer.Exit(code)

    def fail(self, code: Exit, message: str, **facts: object) -> NoReturn:
        if self.as_json:
            self.show_json({"code": message, "detail": sentence(message, self.language, **facts)})
        else:
            self.complain(message, **facts)
        raise typer.Exit(code)

    def say(self, message: str, **facts: object) -> None:
        Console().print(escape(sentence(message, self.language, **facts)), soft_wrap=True)

    def complain(self, message: str, **facts: object) -> None:
        Console(stderr=True).print(escape(sentence(message, self.language, **facts)), soft_wrap=True)

    def show_json(self, value: object) -> None:
        # Escaped where the screen or pipe has no letter for it: JSON is whole in any encoding.
        written = json.dumps(value, ensure_ascii=not screen.has_unicode(), indent=2, default=_as_answered)
        sys.stdout.write(written + "\n")

    def show(self, value: object, message: str, **facts: object) -> None:
        """What was done: as it was answered with `--json`, else in a sentence."""
        if self.as_json:
            self.show_json(value)
        else:
            self.say(message, **facts)

    def show_list(
        self,
        items: Sequence[Item],
        columns: Sequence[str],
        cells: Callable[[Item], Sequence[object]],
        *,
        numbers: Sequence[str] = (),
        notes: Mapping[str, str] = NOTHING_BESIDE,
    ) -> None:
        """A list: with `--json` its items as they were answered, else a table with the cells of each."""
        if self.as_json:
            self.show_json({"items": items})
        elif items:
            self.table(columns, map(cells, items), numbers=numbers, notes=notes)
        else:
            self.say("nothing")

    def table(
        self,
        columns: Sequence[str],
        rows: Iterable[Sequence[object]],
        *,
        numbers: Sequence[str] = (),
        notes: Mapping[str, str] = NOTHING_BESIDE,
    ) -> None:
        """Figures stand unit below unit; a note is said beside a column's name, such as the zone of its times."""
        table = Table()
        for name in columns:
            heading = sentence(name, self.language) + (f" ({notes[name]})" if name in notes else "")
            table.add_column(self._cell(heading), justify="right" if name in numbers else "left")
        for row in rows:
            table.add_row(*("" if value is None else self._cell(str(value)) for value in row))
        _wide_console().print(table)

    def _cell(self, text: str) -> str:
        return screen.isolate_direction(escape(text)) if self.language == "ar" else escape(text)

    def table_of_errors(self, numbered: Iterable[tuple[int | None, Problem]], *, most: int = 50) -> None:
        listed = list(numbered)
        if not listed:
            return
        columns: tuple[str, ...] = ("row", "field", "code", "problem")
        rows: list[tuple[object, ...]] = [(row, error.field, error.code, error.detail) for row, error in listed[:most]]
        if all(row is None for row, _ in listed):  # of a request that has no rows
            columns, rows = columns[1:], [row[1:] for row in rows]
        if any(error.sheet for _, error in listed):
            columns = ("sheet", *columns)
            rows = [(error.sheet, *row) for (_, error), row in zip(listed, rows, strict=False)]
        self.table(columns, rows, numbers=("row",))
        if len(listed) > most:
            self.complain("more_problems", count=len(listed) - most)

    def table_of_causes(self, causes: Sequence[ProblemCause]) -> None:
        """What is wrong, a line a cause."""
        if not causes:
            return
        columns: tuple[str, ...] = ("rows", "field", "value", "problem", "first_rows")
        rows: list[tuple[object, ...]] = [
            (each.rows, each.field, each.value, each.detail, ", ".join(map(str, each.first_rows))) for each in causes
        ]
        if any(each.sheet for each in causes):
            columns = (*columns, "sheet")
            rows = [(*row, each.sheet) for row, each in zip(rows, causes, strict=True)]
        self.table(columns, rows, numbers=("rows",))

    def show_reading(
        self, sheets: Sequence[UploadedSheet], assumptions: Sequence[Assumption], values: Sequence[NotUnderstood]
    ) -> None:
        """Which columns of a file were not read, what was assumed of its rows, and what was kept as text alone."""
        for sheet in sheets:
            if headings := sheet.unknown_headings:
                named = sentence("list_comma", self.language).join(f"«{heading}»" for heading in headings)
                message = "unknown_headings" if sheet.name is None else "unknown_headings_of_sheet"
                self.say(message, headings=named, sheet=sheet.name)
        for assumption in assumptions:
            self.say("assumed", rows=assumption.rows, detail=assumption.detail)
        for kept in values[:MOST_VALUES]:
            self.say("not_understood", rows=kept.rows, field=kept.field, value=kept.value)
        if len(values) > MOST_VALUES:
            self.complain("more_values", count=len(values) - MOST_VALUES)

    def word(self, kind: str, code: str) -> str:
        """A code as a person says it; the code itself where a newer platform has one that is not known here."""
        return sentence(f"{kind}_{code}", self.language) if f"{kind}_{code}" in MESSAGES else code

    def progress(self) -> Progress:
        """A bar on standard error, shown only where a person looks at it."""
        console = Console(stderr=True)
        columns: list[Any] = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()]
        return Progress(*columns, console=console, disable=not sys.stderr.isatty(), transient=True)


def _as_answered(value: object) -> object:
    """A value of a row as the platform's JSON has it."""
    if isinstance(value, BaseModel):
        return value.model_dump(exclude_unset=True, warnings=False)
    return value.isoformat() if isinstance(value, date) else str(value)


def with_session(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command its session, made of the options that all commands share."""
    _, *own = signature(command).parameters.values()

    @wraps(command)
    def run(profile: str, as_json: bool, language: Language | None, **given: object) -> None:
        command(Session(profile, as_json, language), **given)

    parameters = [*own, *SHARED]
    run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    return run


async def gathered(found: AsyncIterator[Item]) -> list[Item]:
    return [each async for each in found]


def _wide_console() -> Console:
    """A table that goes to a file or a pipe is not folded to the width of a screen nobody has."""
    return Console() if sys.stdout.isatty() else Console(width=200)
