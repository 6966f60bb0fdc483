"""Coverage as a hub asks for it, with the names of areas and sectors."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

from client.graph import Graph, variables_of

TEXT = """
query Coverage($filter: CoverageFilter, $first: Int, $after: String) {
  coverage(filter: $filter, first: $first, after: $after) {
    rebuilding
    nodes {
      country areaCode area { names { ar en } } sectorCode sector { names { ar en } } month populationGroup
      people { total men women boys girls } frequencies reports organisationCount
      officialPeopleTotal officialFrequencies officialReports officialReason
      basis timeBasis ruleCode ruleVersion suppressed suppressedFields reason frozenAt
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""


@dataclass(frozen=True)
class CoverageQuery:
    """Which figures. `level` is that of the areas: 1 governorate, 2 district, 3 sub-district."""

    country: str | None = None
    area: str | None = None
    level: int | None = None
    sector: str | None = None
    month_from: str | None = None
    month_to: str | None = None


class Coverage:
    """The root field `coverage`."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def figures(
        self, query: CoverageQuery, *, incomplete: Callable[[], None] = lambda: None
    ) -> AsyncIterator[dict[str, Any]]:
        """The figures that match, in their order; `incomplete` is called while they are being made anew."""
        return self._graph.nodes(TEXT, "coverage", {"filter": variables_of(query)}, incomplete=incomplete)
