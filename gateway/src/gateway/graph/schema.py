"""The graph: its roots, and the schema partners build on."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import strawberry
from contracts.alerts import AlertWish
from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import StrawberryArgument
from strawberry.utils.str_converters import to_snake_case

from gateway.graph import links, sources
from gateway.graph.derivation import filter_of
from gateway.graph.fact_types import ALERTS, FACTS
from gateway.graph.fields import CHANGES, describe, filter_argument
from gateway.graph.mutations import mutation, name_inputs
from gateway.graph.reference_types import REFERENCES
from gateway.graph.roots import ROOT, Root, ServiceChanges
from gateway.graph.scalars import SCALARS


def root(source: Root, en: str, ar: str, *arguments: StrawberryArgument) -> Any:
    """A root field that has its rows from `source`."""
    declared = strawberry.field(description=describe(en, ar), metadata={ROOT: source})
    declared.arguments = list(arguments)
    return declared


def query() -> type:
    """The type of all that can be asked: a list of each noun, some with a root of one row."""
    roots: dict[str, tuple[Any, Any]] = {}
    for fact in (*REFERENCES, *FACTS):
        rows, one = fact.known or (fact.source, sources.one_of(fact.noun))
        roots[fact.noun.name.replace("-", "_")] = fact.pages | None, root(rows, fact.en, fact.ar, *fact.arguments)
        if fact.one and one:
            roots[to_snake_case(fact.noun.row.__name__)] = fact.kind | None, root(one, *fact.one, *fact.key)
    return _type_of(roots, "Query", "What can be asked.", "ما يمكن الاستعلام عنه.")


def subscription() -> type:
    """The type of all that is told as it happens: alerts issued, and what changes in each list that says so."""
    issued = root(
        sources.ALERT_ISSUED,
        "Each alert as it is issued.",
        "كل إنذار عند إصداره.",
        filter_argument(filter_of(AlertWish)),
    )
    roots: dict[str, tuple[Any, Any]] = {"alert_issued": (ALERTS.kind, issued)}
    for fact in (*REFERENCES, *FACTS):
        if fact.changed:
            roots[f"{to_snake_case(fact.noun.row.__name__)}_changed"] = (
                fact.pages,
                root(ServiceChanges(fact.source, fact.changed.topic), *CHANGED, filter_argument(fact.filter), *CHANGES),
            )
    return _type_of(roots, "Subscription", "What one is told of as it happens.", "ما يُبلَّغ به عند حدوثه.")


CHANGED: Final = (
    "What changes in the list, as far as the caller may see it: a page whenever something did, with what left it in "
    "`gone`. The first says from which `position` on; after a break go on from the last, by `changesAfter`.",
    "ما يتغيّر في القائمة بقدر ما يحق للسائل رؤيته: صفحة كلما تغيّر شيء، وما خرج منها في `gone`. "
    "تذكر أول صفحة من القائمة الموضع (`position`)، وبعد الانقطاع تابع من آخر موضع عبر `changesAfter`.",
)


def _type_of(roots: Mapping[str, tuple[Any, Any]], name: str, en: str, ar: str) -> type:
    kinds = {name: kind for name, (kind, _) in roots.items()}
    fields = {name: declared for name, (_, declared) in roots.items()}
    return strawberry.type(type(name, (), {"__annotations__": kinds, **fields}), description=describe(en, ar))


@cache
def graph() -> strawberry.Schema:
    """The schema, which is committed as `schema.graphql`."""
    links.declare()
    made = strawberry.Schema(
        query(),
        mutation=mutation(),
        subscription=subscription(),
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    name_inputs(made._schema.type_map)
    return made
