"""Lists: keyset pages, of one form for all.

A partner's `GET` gives rows as objects; the gateway's `POST /internal/…/query` names columns and gets arrays of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from runtime.cursors import Cursors

LARGEST_PAGE = 500

Filter = TypeVar("Filter", bound=BaseModel)
First = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Rows of a page")]
After = Annotated[str | None, Query(max_length=2000, description="Cursor the page starts behind")]


class ListQuery(BaseModel, Generic[Filter]):
    """What the gateway asks for: columns of the rows that match, `first` of them behind the cursor `after`."""

    model_config = ConfigDict(extra="forbid")

    columns: tuple[str, ...] = Field(min_length=1, max_length=100)
    filter: Filter
    first: int = Field(default=100, ge=1, le=LARGEST_PAGE)
    after: str | None = Field(default=None, max_length=2000)


@dataclass(frozen=True)
class Page:
    """Rows in their order, each with its sort values, and whether more follow."""

    rows: Sequence[Mapping[str, Any]]
    sort: tuple[str, ...]
    has_next: bool

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, Any]], *, first: int, sort: tuple[str, ...]) -> "Page":
        """The page from rows that were asked for with `limit first + 1`."""
        return cls(rows[:first], sort, len(rows) > first)

    def cursors(self, cursors: Cursors) -> list[str]:
        return [self._cursor(cursors, row) for row in self.rows]

    def _cursor(self, cursors: Cursors, row: Mapping[str, Any]) -> str:
        return cursors.encode([row[name] for name in self.sort])

    def as_objects(self, cursors: Cursors, columns: Iterable[str]) -> dict[str, object]:
        """`{"items": [...], "next": cursor or null}`: the form of REST."""
        names = tuple(columns)
        following = self._cursor(cursors, self.rows[-1]) if self.has_next and self.rows else None
        return {"items": [{name: row[name] for name in names} for row in self.rows], "next": following}

    def as_columns(self, cursors: Cursors, columns: Iterable[str]) -> dict[str, object]:
        """`{"columns": {name: [...]}, "cursors": [...], "has_next": bool}`: the form of the gateway."""
        return {
            "columns": {name: [row[name] for row in self.rows] for name in columns},
            "cursors": self.cursors(cursors),
            "has_next": self.has_next,
        }
