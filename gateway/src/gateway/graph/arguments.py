"""Arguments of a field, as its source takes them."""

import re
from functools import lru_cache
from typing import Any

from graphql import FieldNode, GraphQLField
from graphql.execution.values import VariableValues, get_argument_values

HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def arguments_of(
    field: GraphQLField, node: FieldNode, variables: VariableValues, *, hide_suggestions: bool
) -> dict[str, Any]:
    """The arguments a document gives, by Python names. Raises `GraphQLError`."""
    values = get_argument_values(field, node, variables, hide_suggestions=hide_suggestions)
    given: dict[str, Any] = _snaked(values)
    return given


def _snaked(value: Any) -> Any:
    if isinstance(value, dict):
        return {_snake(name): _snaked(each) for name, each in value.items() if each is not None}
    return value


@lru_cache(maxsize=1000)
def _snake(name: str) -> str:
    return HUMP.sub("_", name).lower()
