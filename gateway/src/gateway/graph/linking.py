"""Links between services: rows of a list that hang on rows of another, such as the alerts of each of these areas."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.linking import MOST_KEYS, MOST_ROWS

from gateway.graph.field_sources import CURSOR, Pages, ServiceRows
from gateway.graph.roots import BESIDE, Arguments, GraphReader, NeededColumns, ServiceList, page_size

Key = tuple[Any, ...]


@dataclass(frozen=True)
class ServiceLink:
    """The list of a service as it is under a filter that names what the row is about."""

    list: ServiceList
    by: Mapping[str, str]
    """Column of the row that has the value, by the field of the filter."""

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self.by.values())

    async def pages(
        self, reader: GraphReader, arguments: Arguments, needed: NeededColumns, keys: Sequence[Key]
    ) -> Pages:
        """A page for each key: by one question, and by several only where keys are more than one takes."""
        most = min(MOST_KEYS, MOST_ROWS // page_size(arguments))
        parts = [keys[start : start + most] for start in range(0, len(keys), most)]
        answers = await asyncio.gather(
            *(self.list.answered(reader, arguments, needed, by=tuple(self.by), of=part) for part in parts)
        )
        names = needed.columns or (self.list.key,)
        columns = {name: [value for answer in answers for value in answer["columns"][name]] for name in names}
        told = [cursors for answer in answers for cursors in answer["cursors"]]
        if needed.cursors == "each":
            columns[CURSOR] = [cursor for cursors in told for cursor in cursors]
        place = {
            "has_next": [has for answer in answers for has in answer["has_next"]],
            "has_previous": ["after" in arguments] * len(keys),
            "start": [next(iter(cursors), None) for cursors in told],
            "end": [next(reversed(cursors), None) for cursors in told],
            **{name: [answer.get(name) for answer in answers for _ in answer["sizes"]] for name in BESIDE},
        }
        return Pages(ServiceRows(columns), [size for answer in answers for size in answer["sizes"]], place)
