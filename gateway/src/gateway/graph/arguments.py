"""Arguments of a field, as its source takes them."""

import re
from functools import lru_cache
from typing import Any

from graphql import FieldNode, GraphQLField
from graphql.execution.values import VariableValues, get_argument_values

HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def arguments_of(
    field: GraphQLField, node: FieldNode, variables: VariableValues, *, hide_suggestions: bool, nulls: bool = False
) -> dict[str, Any]:
    """The arguments a document gives, by Python names; with `nulls` those of null too. Raises `GraphQLError`."""
    values = get_argument_values(field, node, variables, hide_suggestions=hide_suggestions)
    given: dict[str, Any] = _snaked(values, nulls)
    return given


def _snaked(value: Any, nulls: bool) -> Any:
    if isinstance(value, dict):
        return {_snake(name): _snaked(each, nulls) for name, each in value.items() if nulls or each is not None}
    return value


@lru_cache(maxsize=1000)
def _snake(name: str) -> str:
    return HUMP.sub("_", name).lower()
