"""`tansiq list`: whatever can be listed."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from contracts.catalogue import LISTS

from client.cli.session import LanguageChoice, ProfileName, Session
from client.tansiq import Tansiq

Name = Annotated[str, typer.Argument(metavar="LIST", help=f"One of: {', '.join(LISTS)}.")]
Filters = Annotated[list[str] | None, typer.Option("--filter", help="Such as sector=WSH; repeatable.")]


def list_rows(
    name: Name, filters: Filters = None, profile: ProfileName = "default", language: LanguageChoice = None
) -> None:
    """All rows of a list that match, as NDJSON."""
    if name not in LISTS:
        raise typer.BadParameter(f"one of: {', '.join(LISTS)}", param_hint="LIST")
    wanted = conditions_of(filters)
    if unknown := sorted(set(wanted) - set(LISTS[name].filter.model_fields)):
        known = ", ".join(LISTS[name].filter.model_fields)
        raise typer.BadParameter(f"{unknown[0]} is none of: {known}", param_hint="--filter")
    Session(profile, chosen=language).run(lambda tansiq: _print(tansiq, name, wanted))


def conditions_of(filters: Sequence[str] | None) -> dict[str, str]:
    """The conditions that `--filter` names."""
    return dict(_pair(text) for text in filters or ())


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise typer.BadParameter("write it like sector=WSH", param_hint="--filter")
    return key, value


async def _print(tansiq: Tansiq, name: str, conditions: dict[str, str]) -> None:
    async for row in tansiq.lists.named(name, **conditions):
        sys.stdout.buffer.write(row.model_dump_json(exclude_unset=True).encode() + b"\n")
    sys.stdout.buffer.flush()
