"""Nouns: what a service answers about a thing, declared once for its list, its answers on REST, the graph and clients.

A noun is a row (what is answered), a filter (what a list is asked by) and an order. Its owner reads it from its tables
(`runtime.sources`), the gateway shows it, the client knows its columns: all of them from here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
)

from contracts.sensitivity import Low, Sensitivity, levels_of

FilterOf = TypeVar("FilterOf", bound="Filter")
NEWER_CODES: Final = "newer codes"
"""Context in which a row is read that may come of a newer platform: codes that are not known here are let be."""


def described(en: str, ar: str, default: Any = ..., **bounds: Any) -> Any:
    """Declare a field with its description in both languages."""
    return Field(default, description=f"{en} {ar}", **bounds)


class Row(BaseModel):
    """One thing as it is answered: every field has its level, and each is there, null where it has no value."""

    model_config = ConfigDict(frozen=True, extra="ignore", json_schema_serialization_defaults_required=True)

    @field_validator("*", mode="wrap")
    @classmethod
    def _with_newer_codes(cls, value: Any, read: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        try:
            return read(value)
        except ValidationError as fault:
            if info.context != NEWER_CODES or {each["type"] for each in fault.errors()} - {"enum", "literal_error"}:
                raise
            return value


class SparseRow(Row):
    """An object in which a field with a default is left out where it has no value."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=False)


class Versioned(Row):
    """One thing with an id and a version, which `If-Match` names."""

    id: Low[UUID] = described("Id.", "المعرّف.")
    version: Low[int] = described("Version.", "النسخة.")


class Parts(Row):
    """An object within a row that is made of columns: `people` with `total` of the column `people_total`."""


class Filter(BaseModel):
    """What a list is asked by; what is left out narrows nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True)
class Noun(Generic[FilterOf]):
    """A list of a service."""

    name: str
    service: str
    row: type[Row]
    filter: type[FilterOf]
    sort: tuple[str, ...]
    newest_first: bool = False
    """The order is turned round."""
    key: tuple[str, ...] = ("id",)
    """Fields by which one row is named."""
    listed: Any = None
    """A row of the list on REST, where that has not all columns; it may depend on the reader."""
    whole: bool = False
    """The list is short and read whole, without pages."""
    followed: bool = False
    """Its changes can be asked for behind a position."""
    about: tuple[str, str] | None = None
    """What its list is, in English and Arabic: then it stands in the graph."""

    @property
    def path(self) -> str:
        """Where its list stands on REST, of a service by itself."""
        return f"/v1/{self.name}"

    @property
    def rest_row(self) -> Any:
        """What a row of the list is on REST."""
        return self.listed or self.row

    @cached_property
    def levels(self) -> Mapping[str, Sensitivity]:
        """Each column with its level."""
        return dict(_columns(self.row))

    @property
    def columns(self) -> tuple[str, ...]:
        """What can be asked for, row by row."""
        return tuple(self.levels)


NOUNS: dict[str, Noun[Any]] = {}
"""Every noun, by its name."""


def noun(
    name: str,
    service: str,
    row: type[Row],
    filter: type[FilterOf],
    sort: tuple[str, ...],
    **more: Any,
) -> Noun[FilterOf]:
    """Declare a noun. Raises `UndeclaredSensitivity` where a field of its row declares no level."""
    declared = Noun(name, service, row, filter, sort, **more)
    assert name not in NOUNS, name
    NOUNS[name] = declared
    assert declared.levels
    return declared


def _columns(row: type[BaseModel]) -> Iterator[tuple[str, Sensitivity]]:
    levels = levels_of(row)
    for name, field in row.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, Parts):
            yield from ((f"{name}_{part}", level) for part, level in _columns(kind))
        else:
            yield name, levels[name]
