"""`tansiq areas load` and `preview`."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from client.bulk import PushResult
from client.cli.outcome import FileOutcome
from client.cli.session import Exit, Session, with_session
from client.tansiq import Tansiq

areas = typer.Typer(no_args_is_help=True, help="Areas (P-codes) of a country.")

File = Annotated[
    Path,
    typer.Argument(
        exists=True, dir_okay=False, help="A COD-AB: CSV, XLSX, ODS, NDJSON, GeoJSON, TopoJSON, zipped shapefile."
    ),
]
Country = Annotated[
    str | None, typer.Option("--country", help="P-code or ISO 3166 code of the country, where the file names none.")
]
Wait = Annotated[float, typer.Option("--wait", min=0, help="Seconds until the gateway must know them.")]


@areas.callback()
def _areas() -> None:
    """Areas (P-codes) of a country."""


@areas.command()
@with_session
def load(session: Session, file: File, country: Country = None, wait: Wait = 30) -> None:
    """Load areas and wait until the gateway knows them (secretariat)."""
    pushed, known = session.run(lambda tansiq: _load(tansiq, file, country, wait))
    outcome = FileOutcome()
    outcome.add(pushed)
    outcome.show(session, "areas_loaded" if known else "areas_late", known=known)
    raise typer.Exit(outcome.exit_code if known else Exit.UNREACHABLE)


@areas.command()
@with_session
def preview(session: Session, file: File, country: Country = None) -> None:
    """What loading a file would come to; nothing is written (secretariat)."""
    pushed = session.run(lambda tansiq: tansiq.areas.load(file, country=country, dry_run=True))
    outcome = FileOutcome()
    outcome.add(pushed)
    counts = Counter(result.status for result in pushed.results)
    outcome.show(session, "areas_previewed", **{name: counts[name] for name in ("created", "updated", "unchanged")})
    raise typer.Exit(outcome.exit_code)


async def _load(tansiq: Tansiq, file: Path, country: str | None, wait: float) -> tuple[PushResult, bool]:
    loaded = await tansiq.areas.load(file, country=country)
    return loaded, await tansiq.areas.known(loaded, seconds=wait)
