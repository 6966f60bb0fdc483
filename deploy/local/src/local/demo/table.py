"""The coverage table at the end of the demo, with P-codes and names in both languages."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

from local.demo.expected import Cell, ExpectedFigure

HIDDEN = "·"
MOST_MONTHS = 6


def coverage_table(shown: Mapping[Cell, Mapping[str, Any]], expected: Mapping[Cell, ExpectedFigure]) -> Table:
    """A row per area and sector, a column for each of the last months: people reached, as the hub sees them."""
    months = sorted({month for _, _, month in expected})[-MOST_MONTHS:]
    table = Table(title="People reached by month / الأشخاص الذين وصلت إليهم المساعدة", title_justify="left")
    for heading in ("P-code", "area / المنطقة", "sector / القطاع"):
        table.add_column(heading, no_wrap=True)
    for month in months:
        table.add_column(month, justify="right")
    table.add_column("organisations", justify="right")
    rows: dict[tuple[str, str], dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for cell in expected:
        if cell in shown and cell[2] in months:
            rows[cell[:2]][cell[2]] = shown[cell]
    for (area, sector), by_month in sorted(rows.items()):
        table.add_row(*_row(area, sector, by_month, months))
    sectors = {sector: _names(next(iter(by_month.values()))["sector"]) for (_, sector), by_month in rows.items()}
    legend = "\n".join(f"{code}: {names}" for code, names in sorted(sectors.items()))
    table.caption_justify = "left"
    table.caption = (
        f"{legend}\nmonthly, provisional and official together; · is withheld from hubs. "
        "Months do not add up to people / الأشهر لا تُجمع"
    )
    return table


def _row(area: str, sector: str, by_month: Mapping[str, Mapping[str, Any]], months: list[str]) -> list[str]:
    one = next(iter(by_month.values()))
    people = [_people(by_month[month]) if month in by_month else "" for month in months]
    most = max(figure["organisationCount"] or 0 for figure in by_month.values())
    return [area, _names(one["area"]), sector, *people, str(most)]


def _people(figure: Mapping[str, Any]) -> str:
    return _count(figure["people"]["total"])


def _names(named: Mapping[str, Any] | None) -> str:
    names = (named or {}).get("names") or {}
    return " / ".join(name for name in (names.get("ar"), names.get("en")) if name)


def progress_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Coverage of targets: a month's people against a month's target, a period's against a period's."""
    table = Table(title="Coverage of targets / التغطية من الهدف", title_justify="left")
    for heading in ("P-code", "area / المنطقة", "sector", "from", "to"):
        table.add_column(heading, no_wrap=True)
    for heading in ("target", "reached", "official", "coverage", "official", "gap"):
        table.add_column(heading, justify="right")
    for row in rows:
        place = (row["areaCode"], _names(row["area"]), row["sectorCode"], row["monthFrom"], row["monthTo"])
        people = (_count(row["target"]), _count(row["peopleReached"]), _count(row["officialPeopleReached"]))
        table.add_row(*place, *people, _share(row["coverage"]), _share(row["officialCoverage"]), _count(row["gap"]))
    table.caption_justify = "left"
    table.caption = (
        "official: of approved reports alone; a month's target of a governorate is the sum of its sub-districts'"
    )
    return table


def _count(number: int | None) -> str:
    return HIDDEN if number is None else f"{number:,}"


def _share(share: float | None) -> str:
    return HIDDEN if share is None else f"{float(share):.0%}"
