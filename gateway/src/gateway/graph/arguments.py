"""Arguments of a root field, as both ways of execution hand them to its source."""

import dataclasses
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from graphql import FieldNode, GraphQLField
from graphql.execution.values import VariableValues, get_argument_values
from strawberry import UNSET

HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def arguments_of(field: GraphQLField, node: FieldNode, variables: VariableValues) -> dict[str, Any]:
    """The arguments a document gives, by Python names. Raises `GraphQLError`."""
    given: dict[str, Any] = _snaked(get_argument_values(field, node, variables))
    return given


def arguments_from(keywords: Mapping[str, Any]) -> dict[str, Any]:
    """The same from the keywords of a Strawberry resolver."""
    given: dict[str, Any] = _plain(keywords)
    return given


def _snaked(value: Any) -> Any:
    if isinstance(value, dict):
        return {_snake(name): _snaked(each) for name, each in value.items() if each is not None}
    return value


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items() if each is not None and each is not UNSET}
    return value


@lru_cache(maxsize=1000)
def _snake(name: str) -> str:
    return HUMP.sub("_", name).lower()
