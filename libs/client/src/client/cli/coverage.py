"""`tansiq coverage`."""

from typing import Annotated, Any

import typer

from client.cli.session import OnceOnly, Session, gathered, with_session
from client.coverage import CoverageQuery

NUMBERS = ("people", "official", "services", "reports", "approved", "organisations")
COLUMNS = ("area", "name", "sector", "month", *NUMBERS)

Area = Annotated[str | None, typer.Option("--area", help="P-code: this area and all below it.")]
Country = Annotated[str | None, typer.Option("--country", help="P-code of the country.")]
Level = Annotated[
    int | None, typer.Option("--level", min=0, max=3, help="1 governorates, 2 districts, 3 sub-districts.")
]
Sector = Annotated[str | None, typer.Option("--sector", help="Exact code, such as WSH.")]
From = Annotated[str | None, typer.Option("--from", help="From this month on, such as 2026-01.")]
To = Annotated[str | None, typer.Option("--to", help="Up to this month.")]


@with_session
def coverage(
    session: Session,
    country: Country = None,
    area: Area = None,
    level: Level = None,
    sector: Sector = None,
    month_from: From = None,
    month_to: To = None,
) -> None:
    """People reached by area, sector and month, with P-codes and names."""
    wanted = CoverageQuery(country, area, level, sector, month_from, month_to)
    made_anew = OnceOnly(lambda: session.complain("figures_rebuilding"))
    figures = session.run(lambda tansiq: gathered(tansiq.coverage.figures(wanted, incomplete=made_anew)))
    if session.as_json:
        session.show_json({"items": figures, "rebuilding": made_anew.done})
    elif figures:
        session.table(COLUMNS, [_cells(figure, session.language) for figure in figures], numbers=NUMBERS)
        if any(figure["basis"] == "provisional" for figure in figures):
            session.complain("provisional")
        if any(figure["suppressed"] for figure in figures):
            session.complain("withheld")
    else:
        session.say("nothing")


def _cells(figure: dict[str, Any], language: str) -> list[object]:
    sector = named(figure["sector"], language) or figure["sectorCode"]
    place = [figure["areaCode"], named(figure["area"], language), sector, figure["month"]]
    people = [figure["people"]["total"], figure["officialPeopleTotal"], figure["frequencies"]]
    return [*place, *people, figure["reports"], figure["officialReports"], figure["organisationCount"]]


def named(named: dict[str, Any] | None, language: str) -> str:
    names = (named or {}).get("names") or {}
    return str(names.get(language) or names.get("ar") or names.get("en") or "")
