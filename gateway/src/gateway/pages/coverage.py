"""The latest coverage as a table: asked of reporting with the reader's own token, named from memory."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, TypeAlias

from runtime.access import Caller, Role
from runtime.language import Language
from runtime.listing import LARGEST_PAGE
from runtime.naming import UnknownArea

from gateway.reference.collection import Entry
from gateway.reference.memory import ReferenceMemory
from gateway.upstream.questions import ServiceQueries

PATH = "/internal/coverage/query"
ROWS = 30
"""Of a page: so many fit into 20 kB, which a poor line brings in a second or two."""
FINEST = 3
MONTH = re.compile(r"^[1-9]\d{3}-(0[1-9]|1[0-2])$")
EARLIEST = timezone(timedelta(hours=14))
"""Where a month begins first."""
LONGEST_CURSOR = 2000
LONGEST_CODE = 40
LAST_MONTH = "9999-12"
COLUMNS = (
    "area",
    "country",
    "level",
    "official_people_total",
    "official_reports",
    "organisations",
    "people_total",
    "reason",
    "reports",
    "sector",
    "suppressed_fields",
)
REASONS = frozenset(
    {
        "withheld_protection",
        "withheld_rows",
        "small_count",
        "few_organisations",
        "new_flag_missing",
        "other_units",
        "no_people_counted",
        "services_only",
    }
)

Filter: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class CoverageParameters:
    """Which figures the address asks for; a level or month it says wrongly is as if it said none."""

    level: int
    area: Entry | None
    month: str | None
    after: str | None
    bounded: bool
    """The reader sees some areas only, so nothing of the country as a whole."""

    @property
    def pcode(self) -> str | None:
        return self.area["pcode"] if self.area else None


@dataclass(frozen=True)
class PeopleCount:
    """A count of people: a number, or why there is none."""

    number: int | None
    suppressed: bool = False
    why: str = ""
    """Reason without the number, or of what is left out of it, a word of the pages."""


@dataclass(frozen=True)
class CoverageRow:
    """A line of the table."""

    pcode: str
    area: str
    opens: bool
    """There are areas below it to show."""
    sector_code: str
    sector: str
    official: PeopleCount
    provisional: PeopleCount
    organisations: int
    reports: int


@dataclass(frozen=True)
class CoverageTable:
    """The table, and how far its figures have come."""

    asked: CoverageParameters
    inside: str | None
    """Name of the area the table lies in."""
    month: str | None
    rows: Sequence[CoverageRow]
    following: str | None
    as_of: str | None
    rebuilding: bool

    @property
    def earlier(self) -> str | None:
        return month_after(self.month, -1) if self.month else None

    @property
    def later(self) -> str | None:
        return month_after(self.month) if self.month and self.month < LAST_MONTH else None


def parameters_of(query: Mapping[str, str], caller: Caller, memory: ReferenceMemory) -> CoverageParameters:
    """Raises `UnknownArea`: the figures of all areas would pass for those of one."""
    bounded, pcode = caller.role is Role.HUB, query.get("area", "")
    area = memory.area_of(pcode)
    if pcode and area is None:
        raise UnknownArea("area", value=pcode[:LONGEST_CODE])
    month, after = query.get("month", ""), query.get("after", "")
    return CoverageParameters(
        level=_level(query.get("level", ""), area, caller, memory),
        area=area,
        month=month if MONTH.match(month) else None,
        after=after if 0 < len(after) <= LONGEST_CURSOR else None,
        bounded=bounded,
    )


def _level(text: str, area: Entry | None, caller: Caller, memory: ReferenceMemory) -> int:
    coarsest = area["level"] if area else 1
    level = int(text) if text in {"1", "2", "3"} else _own_level(area, caller, memory)
    return max(1, min(FINEST, max(level, coarsest)))


def _own_level(area: Entry | None, caller: Caller, memory: ReferenceMemory) -> int:
    if area:
        return int(area["level"])
    if caller.role is not Role.HUB:
        return 1
    # A hub of districts sees no governorate, whose figures hold more than its own.
    own = [found["level"] for code in caller.principal.areas if (found := memory.area_of(code))]
    return min(own, default=1)


class CoverageReader:
    """Asks for one reader in one language."""

    def __init__(self, questions: ServiceQueries, memory: ReferenceMemory, caller: Caller, language: Language) -> None:
        self._questions = questions
        self._memory = memory
        self._language = language
        self._headers = {"authorization": f"Bearer {caller.principal.token}", "accept-language": language}

    async def figures(self, parameters: CoverageParameters) -> CoverageTable:
        """One question where the address names the month, else one more to learn the latest. Raises `Refusal`."""
        month = parameters.month or await self._latest_month(parameters)
        place = {"level": parameters.level, **({"area": parameters.pcode} if parameters.pcode else {})}
        months = {"month_from": month, "month_to": month} if month else {}
        answer = await self._ask(COLUMNS, {**place, **months}, ROWS, parameters.after)
        following = answer["cursors"][-1] if answer["has_next"] and answer["cursors"] else None
        return CoverageTable(
            asked=parameters,
            inside=named(parameters.area, self._language) if parameters.area else None,
            month=month,
            rows=self._rows(answer["columns"]),
            following=following,
            as_of=answer["as_of"],
            rebuilding=answer["rebuilding"],
        )

    async def _latest_month(self, parameters: CoverageParameters) -> str | None:
        """The last month, no later than now, with a figure the reader may see: one slip must not hide all months.

        Figures come in the order of areas and sectors, not of months: where one page does not hold them all, the rest
        is asked for months after the latest of that page, until there are none.
        """
        wanted: dict[str, Any] = {"level": parameters.level, "month_to": this_month()}
        if parameters.area:
            wanted |= {"area": parameters.pcode, "level": min(parameters.area["level"], FINEST)}
        elif not parameters.bounded:
            wanted |= {"level": 0}  # the country's own row has every month that any area has
        latest: str | None = None
        while True:
            since = {"month_from": month_after(latest)} if latest else {}
            answer = await self._ask(("month",), {**wanted, **since}, LARGEST_PAGE, None)
            found = max(answer["columns"]["month"], default="")
            if found <= (latest or "") or found == wanted["month_to"]:
                return found or latest
            if not answer["has_next"]:
                return found
            latest = found

    async def _ask(self, columns: Sequence[str], filter: Filter, first: int, after: str | None) -> dict[str, Any]:
        question = {"columns": list(columns), "filter": filter, "first": first, "after": after}
        return await self._questions.ask("reporting", PATH, question, self._headers)

    def _rows(self, columns: Mapping[str, Sequence[Any]]) -> Sequence[CoverageRow]:
        # By the columns: of cursors there are those of the ends alone.
        each = zip(*(columns[name] for name in COLUMNS), strict=True)
        return [self._row(dict(zip(COLUMNS, values, strict=True))) for values in each]

    def _row(self, figure: Mapping[str, Any]) -> CoverageRow:
        area = self._memory.area(figure["country"], figure["area"])
        sector = self._memory.sector(figure["sector"])
        return CoverageRow(
            pcode=figure["area"],
            area=named(area, self._language) if area else "",
            opens=figure["level"] < FINEST,
            sector_code=figure["sector"],
            sector=named(sector, self._language) if sector else "",
            official=count(figure, "official_people_total"),
            provisional=count(figure, "people_total"),
            organisations=figure["organisations"],
            reports=figure["reports"],
        )


def this_month() -> str:
    """The month it is already somewhere on earth."""
    return f"{datetime.now(EARLIEST):%Y-%m}"


def month_after(month: str, months: int = 1) -> str:
    """The month so many months later."""
    number = int(month[:4]) * 12 + int(month[5:]) - 1 + months
    return f"{number // 12:04}-{number % 12 + 1:02}"


def count(figure: Mapping[str, Any], column: str) -> PeopleCount:
    """A count of the figure, or the reason there is none."""
    number = figure[column]
    if number is not None:
        return PeopleCount(number, why=_why(figure["reason"]) if column in figure["suppressed_fields"] else "")
    if column in figure["suppressed_fields"]:
        return PeopleCount(None, True, _why(figure["reason"]))
    if column == "people_total":
        return PeopleCount(None, why=_why(figure["reason"]))
    if not figure["official_reports"]:
        return PeopleCount(None, why="why_none_approved")
    # `reason` speaks of the total; where that is there, it is the approved reports alone that count nobody.
    return PeopleCount(None, why=_why(figure["reason"] or "no_people_counted"))


def _why(reason: str | None) -> str:
    return f"why_{reason}" if reason in REASONS else "why_other"


def named(entry: Entry, language: Language) -> str:
    """The entry's name in the language, else in another."""
    names: Mapping[str, str | None] = entry["names"]
    return names.get(language) or names.get("ar") or names.get("en") or ""
