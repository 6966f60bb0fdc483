"""No request shape of any service holds a text without a declared type."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import pytest
from contracts import services
from contracts.nouns import Filter, Row
from contracts.text import Line
from pydantic import BaseModel, StringConstraints
from pydantic_settings import BaseSettings

SERVICES = tuple(map(importlib.import_module, services.SERVICES))
AS_IT_COMES = {
    "password",
    "after",
    "changes_after",
    "last_event_id",
    "last_event_id_appended",
    "cache_buster",
    "random",
}
"""A secret as it is typed; positions the platform made itself, which are parsed; and what is not read."""


def shapes() -> list[type[BaseModel]]:
    for service in SERVICES:
        for module in pkgutil.walk_packages(service.__path__, f"{service.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    names = {service.__name__ for service in SERVICES}
    return [
        each
        for each in below(BaseModel)
        if (each.__module__.split(".")[0] in names or issubclass(each, Filter))
        and not issubclass(each, BaseSettings | Row)
    ]


def below(kind: type[Any]) -> Iterator[type[Any]]:
    for each in kind.__subclasses__():
        yield each
        yield from below(each)


def bare(hint: Any, declared: bool = False) -> bool:
    """Whether a text stands in it that is neither normalised nor held to a pattern."""
    if hint is str:
        return not declared
    if get_origin(hint) is Annotated:
        kind, *beside = get_args(hint)
        return bare(kind, declared or any(_declares(each) for each in beside))
    return any(bare(each) for each in get_args(hint) if not isinstance(each, str))


def _declares(each: Any) -> bool:
    return (
        each in get_args(Line)[1:]
        or (isinstance(each, StringConstraints) and each.pattern is not None)
        or (getattr(getattr(each, "func", None), "__qualname__", "") == "_before.<locals>.validated")
    )


def test_every_shape_is_seen() -> None:
    assert {"NewReport", "NewTarget", "NewAlert", "SentOrganisation", "UploadForm"} <= {s.__name__ for s in shapes()}


@pytest.mark.parametrize("shape", shapes(), ids=lambda shape: f"{shape.__module__}.{shape.__name__}")
def test_a_text_has_a_declared_type(shape: type[BaseModel]) -> None:
    hints = get_type_hints(shape, include_extras=True)
    found = {name for name in shape.model_fields if bare(hints[name])}
    assert found <= AS_IT_COMES
