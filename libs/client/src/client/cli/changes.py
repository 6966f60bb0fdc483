"""`tansiq changes`."""

import sys
from pathlib import Path
from typing import Annotated

import orjson
import typer

from client.changes import LISTS, START, Changed
from client.cli.lists import Filters, conditions_of
from client.cli.session import LanguageChoice, ProfileName, Session
from client.tansiq import Tansiq

Name = Annotated[str, typer.Argument(metavar="LIST", help=f"One of: {', '.join(LISTS)}.")]
Kept = Annotated[
    Path | None,
    typer.Option("--position", help="File the position is kept in: the next call goes on from there.", dir_okay=False),
]


def changes(
    name: Name,
    kept: Kept = None,
    filters: Filters = None,
    profile: ProfileName = "default",
    language: LanguageChoice = None,
) -> None:
    """What changed in a list since the last call, as NDJSON; `{"id": …, "gone": true}` for what left it."""
    if name not in LISTS:
        raise typer.BadParameter(f"one of: {', '.join(LISTS)}", param_hint="LIST")
    wanted = conditions_of(filters)
    position = kept.read_text().strip() if kept and kept.exists() else START
    Session(profile, chosen=language).run(lambda tansiq: _print(tansiq, name, position, wanted, kept))


async def _print(tansiq: Tansiq, name: str, position: str, conditions: dict[str, str], kept: Path | None) -> None:
    async for changed in tansiq.changes.of(name, position, **conditions):
        sys.stdout.buffer.write(b"".join(_lines(changed)))
        sys.stdout.buffer.flush()
        if kept:  # once what it stands for is out: a call that breaks off tells some rows again, and drops none
            fresh = kept.with_name(kept.name + ".new")
            fresh.write_text(changed.position)
            fresh.replace(kept)


def _lines(changed: Changed) -> list[bytes]:
    gone = [{"id": id, "gone": True} for id in changed.gone]
    return [orjson.dumps(item, option=orjson.OPT_APPEND_NEWLINE) for item in (*changed.items, *gone)]
