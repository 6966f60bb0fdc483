"""`tansiq alerts list` and `tansiq alerts follow`."""

import json
import sys
from contextlib import aclosing
from typing import Annotated, Any

import typer
from contracts.alerts import ListedAlert

from client.alerts import AlertQuery, StreamItem
from client.cli import screen
from client.cli.clock import ZoneClock, clock_of
from client.cli.session import LanguageChoice, ProfileName, Session, with_session
from client.tansiq import Tansiq

alerts = typer.Typer(no_args_is_help=True, help="Alerts (CAP 1.2).")

COLUMNS = ("sent", "status", "severity", "areas_column", "headline", "id")

Country = Annotated[str | None, typer.Option("--country", help="P-code of the country.")]
Area = Annotated[
    list[str] | None, typer.Option("--area", help="P-code: all below it, and what is above it. Repeatable.")
]
Sector = Annotated[list[str] | None, typer.Option("--sector", help="Exact code, such as WSH. Repeatable.")]
Severity = Annotated[list[str] | None, typer.Option("--severity", help="CAP severity, such as Severe. Repeatable.")]
Status = Annotated[
    list[str] | None, typer.Option("--status", help="Actual alone, where nothing is said; Exercise, Test. Repeatable.")
]
OneArea = Annotated[str | None, typer.Option("--area", help="P-code: this area and all below it.")]
OneSector = Annotated[str | None, typer.Option("--sector", help="Exact code, such as WSH.")]
OneSeverity = Annotated[str | None, typer.Option("--severity", help="CAP severity, such as Severe.")]
OneStatus = Annotated[
    str | None, typer.Option("--status", help="CAP status; exercises and tests only where asked for.")
]
Standing = Annotated[bool, typer.Option("--active", help="Only those that still stand.")]
AsLines = Annotated[bool, typer.Option("--json", help="Print one JSON document a line (NDJSON).")]


@alerts.command("list")
@with_session
def list_(
    session: Session,
    country: Country = None,
    area: OneArea = None,
    sector: OneSector = None,
    severity: OneSeverity = None,
    status: OneStatus = None,
    active: Standing = False,
) -> None:
    """Alerts you may see, newest first."""
    wanted = {"country": country, "area": area, "sector": sector, "severity": severity, "status": status}
    found = session.rows(ListedAlert, **wanted, active="true" if active else None)
    clock = ZoneClock() if session.as_json else session.run(clock_of)
    session.show_list(
        found, COLUMNS, lambda alert: _cells(alert.model_dump(), session, clock), notes={"sent": clock.name}
    )


@alerts.command()
def follow(
    country: Country = None,
    area: Area = None,
    sector: Sector = None,
    severity: Severity = None,
    status: Status = None,
    profile: ProfileName = "default",
    as_json: AsLines = False,
    language: LanguageChoice = None,
) -> None:
    """Print alerts as they are issued, until Ctrl-C. A line that breaks is taken up where it was."""
    session = Session(profile, as_json, language)
    wanted = AlertQuery(country, tuple(area or ()), tuple(sector or ()), tuple(severity or ()), tuple(status or ()))
    if not as_json:
        session.complain("following")
    try:
        session.run(lambda tansiq: _follow(tansiq, session, wanted))
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


async def _follow(tansiq: Tansiq, session: Session, query: AlertQuery) -> None:
    clock = ZoneClock() if session.as_json else await clock_of(tansiq)
    async with aclosing(tansiq.alerts.follow(query)) as followed:
        async for told in followed:
            _show(session, told, clock)


def _show(session: Session, item: StreamItem, clock: ZoneClock) -> None:
    if item.kind == "reset":
        session.complain("missed")
        return
    # Written at once: who reads us through a pipe waits for emergencies.
    if session.as_json:
        line = json.dumps(item.alert, ensure_ascii=not screen.has_unicode())
    else:
        sent, *rest = _cells(item.alert, session, clock)
        line = " · ".join(str(cell) for cell in (f"{sent} ({clock.name})", *rest))
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _cells(alert: dict[str, Any], session: Session, clock: ZoneClock) -> list[object]:
    texts = alert["info"]
    text: dict[str, Any] = texts.get(session.language) or texts.get("ar") or next(iter(texts.values()), {})
    status, severity = (session.word("alert", alert[name]) for name in ("status", "severity"))
    return [
        clock.minute(alert["sent"]),
        status,
        severity,
        ", ".join(alert["areas"]),
        text.get("headline", ""),
        alert["id"],
    ]
