"""The fields that columns can be for: what each of them is, is told by the annotations of what is sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from contracts.values import Country, Month, Pcode
from pydantic import BaseModel

from tables.conventions import ColumnKind
from tables.people import PeopleGroup


class Kind(StrEnum):
    """How the cells of a field are read."""

    TEXT = "text"
    """As they stand."""
    TEXTS = "texts"
    """The same, as many as there are columns for the field."""
    CODE = "code"
    """Without what nobody sees, in the letters and digits of ASCII."""
    PCODE = "pcode"
    """The same in capitals."""
    CHOICE = "choice"
    """One of the values that have words."""
    YES_OR_NO = "yes_or_no"
    COUNT = "count"
    QUANTITY = "quantity"
    DEGREES = "degrees"
    MONTH = "month"
    DAY = "day"


SORTS = {
    Kind.COUNT: ColumnKind.COUNT,
    Kind.QUANTITY: ColumnKind.QUANTITY,
    Kind.DEGREES: ColumnKind.DEGREES,
    Kind.MONTH: ColumnKind.DATE,
    Kind.DAY: ColumnKind.DATE,
}
_TYPES = ((bool, Kind.YES_OR_NO), (int, Kind.COUNT), (Decimal, Kind.QUANTITY), (float, Kind.DEGREES), (date, Kind.DAY))
_ANY = "*"
"""Stands for the names within a field that is a dictionary."""


@dataclass(frozen=True)
class Fields:
    """The fields of one kind of rows."""

    kinds: Mapping[str, Kind]
    kept_together: frozenset[str] = frozenset()
    """Fields of which a row keeps all it says, in however many columns."""
    total: str | None = None
    """The field that `parts` add up to."""
    parts: frozenset[str] = frozenset()
    figures: tuple[str, ...] = ()
    """How fields begin whose group of headings says what is counted: all of its words must be accounted for."""
    owners: frozenset[str] = frozenset()
    """Fields of which a group makes another: `Donor` over `Organisation`."""
    grouped_by: tuple[str, ...] = ()
    """Kinds of values that a group of columns may be for."""
    parted_by: tuple[str, ...] = ()
    """Fields whose values headings may name beside what they count."""
    planned: str = ""
    """The one of them that makes no rows by itself."""
    groups: Mapping[str, PeopleGroup] = field(default_factory=dict)
    """People who are counted in a field, by sex and age."""

    def kind(self, field: str) -> Kind | None:
        """What the field is; none where rows have no such field."""
        return self.kinds.get(field) or self.kinds.get(f"{field.partition('.')[0]}.{_ANY}")

    def sort(self, field: str) -> ColumnKind | None:
        """What a field's numbers and dates are; none where it has no such."""
        kind = self.kind(field)
        return SORTS.get(kind) if kind else None


def kinds_of(sent: type[BaseModel], within: str = "") -> dict[str, Kind]:
    """What each field is; those within another by both names: `people.men`, `measured_outputs.*`."""
    kinds: dict[str, Kind] = {}
    for name, hint in get_type_hints(sent, include_extras=True).items():
        if name in sent.model_fields:
            kinds.update(_kinds(f"{within}{name}", hint))
    return kinds


def _kinds(name: str, hint: Any) -> dict[str, Kind]:
    base, marks = _bared(hint)
    if get_origin(base) is dict:
        return _kinds(f"{name}.{_ANY}", get_args(base)[1])
    if get_origin(base) is tuple:
        return {name: Kind.TEXTS}
    kind = type(get_args(base)[0]) if get_origin(base) is Literal else base
    if issubclass(kind, BaseModel):
        return kinds_of(kind, f"{name}.")
    return {name: _kind(kind, marks)}


def _bared(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    """The type beneath what is said of it, and what is."""
    marks: tuple[Any, ...] = ()
    while get_origin(hint) in (Annotated, Union, UnionType):
        if get_origin(hint) is Annotated:
            marks += get_args(hint)[1:]
        hint = get_args(hint)[0]
    return hint, marks


def _kind(kind: type, marks: tuple[Any, ...]) -> Kind:
    if get_args(Month)[1] in marks:
        return Kind.MONTH
    if get_args(Pcode)[1] in marks or get_args(Country)[1] in marks:
        return Kind.PCODE
    if issubclass(kind, StrEnum):
        return Kind.CHOICE
    return next((found for each, found in _TYPES if issubclass(kind, each)), Kind.TEXT)
