"""Targets of plans: set by rows or from a table, and what was reached of them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from contracts.targets import WithdrawnTarget

from client import bulk
from client.bulk import PushResult
from client.chunks import UnreadableFile
from client.graph import Graph, variables_of
from client.transport import ApiSession, Call, RowId

PATH = "/api/plans/v1/targets"
TABLES = frozenset({".csv"})
ROWS = frozenset({".ndjson", ".jsonl", ".json"})

PROGRESS = """
query Progress($filter: ProgressFilter, $first: Int, $after: String) {
  progress(filter: $filter, first: $first, after: $after) {
    rebuilding
    nodes {
      country areaCode area { names { ar en } } level sectorCode sector { names { ar en } } indicatorCode
      populationGroup monthFrom monthTo timeBasis unit target targetBasis areasWithTarget areas targetDifference
      peopleReached coverage gap overTarget officialPeopleReached officialCoverage officialGap reports
      officialReports basis ruleCode ruleVersion suppressed reason
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""


@dataclass(frozen=True)
class TargetDefaults:
    """What holds for rows that do not say it themselves. `month`, or `month_from` and `month_to`."""

    country: str | None = None
    sector: str | None = None
    month: str | None = None
    month_from: str | None = None
    month_to: str | None = None
    accept_ignored: bool = False
    """Of a table: take it though columns with figures in it are not understood, and leave these out."""

    def params(self) -> dict[str, str]:
        return {name: "true" if value is True else value for name, value in asdict(self).items() if value}


@dataclass(frozen=True)
class ProgressQuery:
    """Progress of which targets; with both months the period is exactly theirs, and areas without a target are told."""

    country: str | None = None
    area: str | None = None
    level: int | None = None
    sector: str | None = None
    indicator: str | None = None
    month: str | None = None
    month_from: str | None = None
    month_to: str | None = None
    population_group: str | None = None


class Targets:
    """`/v1/targets`, and the root field `progress`."""

    def __init__(self, session: ApiSession, graph: Graph) -> None:
        self._session = session
        self._graph = graph

    def push(
        self, rows: Iterable[Mapping[str, Any]], default: TargetDefaults = TargetDefaults()
    ) -> AsyncIterator[PushResult]:
        """Set targets in chunks; one answer a chunk, its rows counted from 1 over all of them."""
        return bulk.push_rows(self._session, PATH, rows, default.params())

    async def load(self, file: Path, default: TargetDefaults = TargetDefaults()) -> AsyncIterator[PushResult]:
        """Set the targets of a file: a table (CSV) goes in one piece, rows in chunks. Raises `UnreadableFile` too."""
        if file.suffix.lower() in TABLES:
            yield await self._table(file, default)
            return
        if file.suffix.lower() not in ROWS:
            raise UnreadableFile("targets are taken from .csv, .ndjson, .jsonl and .json")
        async for pushed in bulk.push_file(self._session, PATH, file, default.params()):
            yield pushed

    def progress(
        self, query: ProgressQuery, *, incomplete: Callable[[], None] = lambda: None
    ) -> AsyncIterator[dict[str, Any]]:
        """The targets that match with what was reached of each; `incomplete` is called while that is made anew."""
        return self._graph.nodes(PROGRESS, "progress", {"filter": variables_of(query)}, incomplete=incomplete)

    async def withdraw(self, target_id: RowId) -> WithdrawnTarget:
        return await self._session.ask_row(WithdrawnTarget, Call("DELETE", f"{PATH}/{target_id}"))

    async def _table(self, file: Path, default: TargetDefaults) -> PushResult:
        body = await asyncio.to_thread(file.read_bytes)
        return await bulk.push(self._session, Call("POST", PATH, body, default.params(), {"Content-Type": "text/csv"}))
