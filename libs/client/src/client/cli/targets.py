"""`tansiq targets load` and `tansiq progress`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from client.cli.coverage import Area, Country, From, Level, Sector, To, named
from client.cli.messages import sentence
from client.cli.outcome import FileOutcome
from client.cli.session import Exit, OnceOnly, Session, gathered, with_session
from client.tansiq import Tansiq
from client.targets import ProgressQuery, TargetDefaults

COLUMNS = ("area", "name", "sector", "indicator", "period", "target", "people", "coverage", "gap", "remark")
NUMBERS = ("target", "people", "coverage", "gap")

targets = typer.Typer(no_args_is_help=True, help="Targets of plans.")

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=".csv, .ndjson, .jsonl or .json")]
Month = Annotated[str | None, typer.Option("--month", help="One month, such as 2026-03.")]
Period = Annotated[
    str | None, typer.Option("--period", help="First and last month, such as 2026-01..2026-12.", metavar="FROM..TO")
]
SectorOfAll = Annotated[str | None, typer.Option("--sector", help="Sector of rows that name none, such as WSH.")]
CountryOfAll = Annotated[str | None, typer.Option("--country", help="P-code of the country of rows that name none.")]
AcceptIgnored = Annotated[
    bool, typer.Option("--accept-ignored", help="Leave out columns of a table with figures that are not understood.")
]
Indicator = Annotated[str | None, typer.Option("--indicator", help="Exact code of an indicator.")]
Group = Annotated[str | None, typer.Option("--group", help="A population group, `all` together, or `each`.")]


@targets.callback()
def _targets() -> None:
    """Targets of plans."""


@targets.command()
@with_session
def load(
    session: Session,
    file: File,
    month: Month = None,
    period: Period = None,
    sector: SectorOfAll = None,
    country: CountryOfAll = None,
    accept_ignored: AcceptIgnored = False,
) -> None:
    """Set targets (coordinator of the sector and area, secretariat). The options hold for rows that say nothing."""
    default = TargetDefaults(country, sector, month, *_period(session, month, period), accept_ignored)
    outcome = session.run(lambda tansiq: _load(tansiq, file, default))
    outcome.show(session, "pushed")
    raise typer.Exit(outcome.exit_code)


@with_session
def progress(
    session: Session,
    country: Country = None,
    area: Area = None,
    level: Level = None,
    sector: Sector = None,
    indicator: Indicator = None,
    month: Month = None,
    month_from: From = None,
    month_to: To = None,
    period: Period = None,
    group: Group = None,
) -> None:
    """What was reached of the targets, by area, sector and period."""
    if period:
        month_from, month_to = _period(session, month or month_from or month_to, period)
    wanted = ProgressQuery(country, area, level, sector, indicator, month, month_from, month_to, group)
    made_anew = OnceOnly(lambda: session.complain("figures_rebuilding"))
    rows = session.run(lambda tansiq: gathered(tansiq.targets.progress(wanted, incomplete=made_anew)))
    if session.as_json:
        session.show_json({"items": rows, "rebuilding": made_anew.done})
    elif rows:
        session.table(COLUMNS, [_cells(row, session) for row in rows], numbers=NUMBERS)
        if any(row["basis"] == "provisional" for row in rows):
            session.complain("provisional")
    else:
        session.say("nothing")


def _period(session: Session, month: str | None, period: str | None) -> tuple[str | None, str | None]:
    if period is None:
        return None, None
    first, dots, last = period.partition("..")
    if month or not dots or not first or not last:
        session.fail(Exit.USAGE, "no_period")
    return first, last


async def _load(tansiq: Tansiq, file: Path, default: TargetDefaults) -> FileOutcome:
    outcome = FileOutcome()
    async for pushed in tansiq.targets.load(file, default):
        outcome.add(pushed)
    return outcome


def _cells(row: dict[str, Any], session: Session) -> list[object]:
    sector = named(row["sector"], session.language) or row["sectorCode"]
    period = row["monthFrom"] if row["monthFrom"] == row["monthTo"] else f"{row['monthFrom']}..{row['monthTo']}"
    place = [row["areaCode"], named(row["area"], session.language), sector, row["indicatorCode"], period]
    coverage = None if row["coverage"] is None else f"{row['coverage']:.1%}"
    return [*place, row["target"], row["peopleReached"], coverage, row["gap"], _remark(row, session)]


def _remark(row: dict[str, Any], session: Session) -> str | None:
    """What a reader must know of this row: why a number is missing, or of what the target is made."""
    if row["reason"]:
        return session.word("progress", row["reason"])
    if row["targetBasis"] == "summed":
        facts = {"with_target": row["areasWithTarget"], "areas": row["areas"]}
        return sentence("target_summed", session.language, **facts)
    return sentence("over_target", session.language) if row["overTarget"] else None
