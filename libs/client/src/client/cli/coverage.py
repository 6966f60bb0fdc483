"""`tansiq coverage`."""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from client.cli.session import AsJson, LanguageChoice, OnceOnly, ProfileName, Session
from client.coverage import CoverageQuery
from client.tansiq import Tansiq

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


def coverage(
    country: Country = None,
    area: Area = None,
    level: Level = None,
    sector: Sector = None,
    month_from: From = None,
    month_to: To = None,
    profile: ProfileName = "default",
    as_json: AsJson = False,
    language: LanguageChoice = None,
) -> None:
    """People reached by area, sector and month, with P-codes and names."""
    session = Session(profile, as_json, language)
    wanted = CoverageQuery(country, area, level, sector, month_from, month_to)
    made_anew = OnceOnly(lambda: session.complain("figures_rebuilding"))
    figures = session.run(lambda tansiq: _all(tansiq, wanted, made_anew))
    if as_json:
        session.show_json({"items": figures, "rebuilding": made_anew.done})
    elif figures:
        session.table(COLUMNS, [_cells(figure, session.language) for figure in figures], numbers=NUMBERS)
        if any(figure["basis"] == "provisional" for figure in figures):
            session.complain("provisional")
        if any(figure["suppressed"] for figure in figures):
            session.complain("withheld")
    else:
        session.say("nothing")


async def _all(tansiq: Tansiq, query: CoverageQuery, incomplete: Callable[[], None]) -> list[dict[str, Any]]:
    return [figure async for figure in tansiq.coverage.figures(query, incomplete=incomplete)]


def _cells(figure: dict[str, Any], language: str) -> list[object]:
    sector = named(figure["sector"], language) or figure["sectorCode"]
    place = [figure["areaCode"], named(figure["area"], language), sector, figure["month"]]
    people = [figure["people"]["total"], figure["officialPeopleTotal"], figure["frequencies"]]
    return [*place, *people, figure["reports"], figure["officialReports"], figure["organisationCount"]]


def named(named: dict[str, Any] | None, language: str) -> str:
    names = (named or {}).get("names") or {}
    return str(names.get(language) or names.get("ar") or names.get("en") or "")
