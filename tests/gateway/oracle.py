"""Plain execution by the library over the schema as it is printed: field by field and row by row, with nothing planned.
What a plan answers is held against it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.graph.arguments import arguments_of
from gateway.graph.error_format import QueryLocation, failed
from gateway.graph.execution import Query
from gateway.graph.field_sources import CURSOR, ColumnValue, NodeBatch, PageRows, SameRow
from gateway.graph.linking import ServiceLink
from gateway.graph.roots import ROOT, GraphReader, NeededColumns
from gateway.graph.schema_types import leads_to_node, metadata_of, reading_of, target_kind
from graphql import (
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    build_schema,
    execute,
    parse,
    print_schema,
)


@dataclass(frozen=True)
class Row:
    """One row of a batch."""

    batch: NodeBatch
    place: int


class Oracle:
    """Answers queries over a schema whose fields declare their readings."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._declared = schema
        self._printed = build_schema(print_schema(schema))

    async def answer(self, query: Query, reader: GraphReader) -> dict[str, Any]:
        result = execute(
            self._printed,
            parse(query.text),
            context_value=reader,
            variable_values=query.variables,
            operation_name=query.operation,
            field_resolver=self._resolve,
            type_resolver=lambda row, *_: row.batch.column("__typename")[row.place],
        )
        done = await result if hasattr(result, "__await__") else result
        errors = [
            failed(error.original_error or error, QueryLocation(error.path or (), error.nodes or ()), query.language)
            for error in done.errors or ()
        ]
        return {"data": done.data, "errors": errors} if errors else {"data": done.data}

    def _resolve(self, source: Any, info: GraphQLResolveInfo[Any], **_: Any) -> Any:
        kind = self._declared.type_map[info.parent_type.name]
        assert isinstance(kind, GraphQLObjectType)
        field = kind.fields[info.field_name]
        if ROOT in metadata_of(field):
            return self._root(field, info)
        reading = reading_of(field)
        if isinstance(reading, ColumnValue):
            return reading.values(source.batch)[source.place]
        if isinstance(reading, ServiceLink):
            return self._linked(reading, field, source, info)
        if isinstance(reading, PageRows):
            return [Row(source.batch.rows, one) for one in source.batch.places[source.place]]
        batch, places = reading.nodes(source.batch, info.context.memory)
        place = places[source.place]
        return [Row(batch, one) for one in place] if isinstance(place, list | range) else _row(batch, place)

    async def _linked(self, link: ServiceLink, field: Any, source: Row, info: GraphQLResolveInfo[Any]) -> Row | None:
        """One row's list by a question of its own."""
        key = tuple(source.batch.column(name)[source.place] for name in link.columns)
        given = arguments_of(field, info.field_nodes[0], info.variable_values, hide_suggestions=False)
        return None if None in key else Row(await link.pages(info.context, given, _needed(field), [key]), 0)

    async def _root(self, field: Any, info: GraphQLResolveInfo[Any]) -> Any:
        source = metadata_of(field)[ROOT]
        given = arguments_of(field, info.field_nodes[0], info.variable_values, hide_suggestions=False)
        found = await source.found(info.context, given, _needed(field))
        rows = [Row(found, place) for place in range(found.size)]
        return rows if source.shape == "all" else next(iter(rows), None)


def _needed(field: Any) -> NeededColumns:
    return NeededColumns(sorted(columns_of(target_kind(field))), "each")


def _row(batch: NodeBatch, place: int | None) -> Row | None:
    return None if place is None else Row(batch, place)


def columns_of(kind: GraphQLNamedType) -> set[str]:
    """All columns the fields of a type are read from."""
    columns: set[str] = set()
    if not isinstance(kind, GraphQLObjectType):
        return columns  # rows of several kinds are not asked for by columns in the tests
    readings: Mapping[str, Any] = {name: reading_of(field) for name, field in kind.fields.items()}
    if rows := [name for name, reading in readings.items() if isinstance(reading, PageRows)]:
        return set().union(*(columns_of(target_kind(kind.fields[name])) for name in rows)) - {CURSOR}
    for name, reading in readings.items():
        columns.update(reading.columns)
        if leads_to_node(kind.fields[name]) and isinstance(reading, SameRow):
            columns |= columns_of(target_kind(kind.fields[name]))
    return columns
