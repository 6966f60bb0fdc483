"""The graph: its roots, and the schema partners build on."""

from collections.abc import AsyncGenerator
from functools import cache
from typing import Annotated, Any

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import StrawberryArgument
from strawberry.utils.str_converters import to_snake_case

from gateway.graph import links, sources
from gateway.graph.fact_types import ALERTS, FACTS
from gateway.graph.fields import told
from gateway.graph.filters import AlertWish
from gateway.graph.mutations import mutation, name_inputs
from gateway.graph.reference_types import REFERENCES
from gateway.graph.roots import ROOT, Root
from gateway.graph.scalars import SCALARS


def root(source: Root, en: str, ar: str, *arguments: StrawberryArgument) -> Any:
    """A root field that has its rows from `source`."""
    declared = strawberry.field(description=told(en, ar), metadata={ROOT: source})
    declared.arguments = list(arguments)
    return declared


def query() -> type:
    """The type of all that can be asked: a list of each noun, some with a root of one row."""
    roots: dict[str, tuple[Any, Any]] = {}
    for fact in (*REFERENCES, *FACTS):
        rows, one = fact.known or (fact.source, sources.one_of(fact.noun))
        roots[fact.noun.name.replace("-", "_")] = fact.pages, root(rows, fact.en, fact.ar, *fact.arguments)
        if fact.one and one:
            roots[to_snake_case(fact.noun.row.__name__)] = fact.kind, root(one, *fact.one, *fact.key)
    kinds = {name: kind | None for name, (kind, _) in roots.items()}
    fields = {name: declared for name, (_, declared) in roots.items()}
    return strawberry.type(
        type("Query", (), {"__annotations__": kinds, **fields}),
        description=told("What can be asked.", "ما يمكن الاستعلام عنه."),
    )


@strawberry.type(description=told("What one is told of as it happens.", "ما يُبلَّغ به عند حدوثه."))
class Subscription:
    @strawberry.subscription(  # type: ignore[untyped-decorator]
        description=told("Each alert as it is issued.", "كل إنذار عند إصداره."),
        graphql_type=AsyncGenerator[ALERTS.kind, None],  # type: ignore[name-defined]
        metadata={ROOT: sources.ALERT_ISSUED},
    )
    async def alert_issued(
        self,
        filter: Annotated[
            AlertWish | None, strawberry.argument(description=told("Which rows.", "أي الصفوف."))
        ] = strawberry.UNSET,
    ) -> AsyncGenerator[Any, None]:
        # Answered by its plan (gateway.graph.socket); the type is what the schema needs of it.
        raise NotImplementedError
        yield


@cache
def graph() -> strawberry.Schema:
    """The schema, which is committed as `schema.graphql`."""
    links.declare()
    made = strawberry.Schema(
        query(),
        mutation=mutation(),
        subscription=Subscription,
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    name_inputs(made._schema.type_map)
    return made
