"""What the graph shows of a noun: its type and its filter, made of what the contract declares.

What comes out stands in `schema.graphql`, which is committed and read in review.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal as Exact
from enum import Enum
from functools import cache, cached_property
from inspect import cleandoc
from typing import Annotated, Any, Final, Literal, get_args, get_origin, get_type_hints
from uuid import UUID

import strawberry
from contracts.areas import AREAS
from contracts.codes import INDICATORS, SECTORS
from contracts.event import Event
from contracts.nouns import Noun, Parts
from contracts.reports import PeopleReached
from contracts.values import IndicatorCode, Pcode, SectorCode
from contracts.values import Names as NamesFields
from pydantic import AwareDatetime, BaseModel
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.utils.str_converters import to_camel_case

from gateway.graph.connections import Followed
from gateway.graph.error_format import in_graph_names
from gateway.graph.field_sources import (
    ColumnValue,
    EnumValue,
    Find,
    MemoryNode,
    MemoryNodes,
    NestedList,
    NestedObject,
    Reading,
    SameRow,
)
from gateway.graph.fields import FOLLOWED, ID, PAGE, describe, filter_argument, read_by, value
from gateway.graph.roots import Root, ServiceList
from gateway.graph.scalars import Date, DateTime, Decimal, Id, Json
from gateway.graph.sources import list_of
from gateway.reference.memory import ReferenceMemory

SCALARS: Final[Mapping[Any, Any]] = {
    UUID: Id,
    date: Date,
    datetime: DateTime,
    AwareDatetime: DateTime,
    Exact: Decimal,
    dict: Json,
}
NAMES: Final[Mapping[Any, str]] = {PeopleReached: "People"}
"""Types that partners know by another name."""
SPAN: Final = re.compile(r"_(\d+)_(\d+)")


@strawberry.type(description=describe("A name in the languages it is known in.", "اسم باللغات المتاحة."))
class Names:
    ar: str | None = value("In Arabic.", "بالعربية.", column="ar")
    en: str | None = value("In English.", "بالإنكليزية.", column="en")
    tr: str | None = value("In Turkish.", "بالتركية.", column="tr")
    ku: str | None = value("In Kurdish.", "بالكردية.", column="ku")


@dataclass(frozen=True)
class MemoryLink:
    """What memory knows under a code: it stands beside the code."""

    code: Any
    """The type of the contracts."""
    noun: Noun[Any]
    find: Find
    one: str
    many: str

    @property
    def kind(self) -> Any:
        """Its type, which may have such codes itself."""
        return Annotated[self.noun.row.__name__, strawberry.lazy("gateway.graph.reference_types")]

    def read(self, column: str, row: type[BaseModel]) -> tuple[Find, tuple[str, ...]]:
        """How it is found, and by which columns: an area by its country too, where the row says that."""
        if self.noun is not AREAS:
            return self.find, (column,)
        return (
            (self.find, ("country", column)) if "country" in row.model_fields else (ReferenceMemory.area_of, (column,))
        )


LINKS: Final = (
    MemoryLink(Pcode, AREAS, ReferenceMemory.area, describe("Area.", "المنطقة."), describe("Areas.", "المناطق.")),
    MemoryLink(
        SectorCode, SECTORS, ReferenceMemory.sector, describe("Sector.", "القطاع."), describe("Sectors.", "القطاعات.")
    ),
    MemoryLink(
        IndicatorCode,
        INDICATORS,
        ReferenceMemory.indicator,
        describe("Indicator.", "المؤشر."),
        describe("Indicators.", "المؤشرات."),
    ),
)


@dataclass(frozen=True, eq=False)
class GraphNoun:
    """A noun as the graph shows it."""

    noun: Noun[Any]
    page: Any
    """The connection its list is: of figures, or one whose changes can be followed."""
    en: str
    ar: str
    one: tuple[str, str] | None = None
    """Says the root of a single row, where there is one."""
    hidden: Collection[str] = ()
    """Columns that are not shown."""
    called: Mapping[str, str] = field(default_factory=dict)
    """Names of fields whose column is called otherwise."""
    extra: type = object
    """Fields that come of no single column, or are shown otherwise than the contract has them."""
    effort: int = 0
    """Values a row counts for besides those it brings: what it costs the service to make."""
    known: tuple[Root, Root | None] | None = None
    """Where rows and one row come from, where memory has them."""
    changed: type[Event] | None = None
    """What its service publishes when a row changes: then its list can be subscribed to."""
    flat: bool = False
    """Whether the conditions of its list are arguments by themselves."""

    def __post_init__(self) -> None:
        OF_ROW[self.noun.row] = self

    @cached_property
    def kind(self) -> Any:
        """The object type of a row."""
        return _object_type(self.noun.row, "", self)

    @cached_property
    def filter(self) -> Any:
        """The input type of what its list is asked by."""
        return filter_of(self.noun.filter)

    @cached_property
    def source(self) -> ServiceList:
        """Where its rows come from."""
        return list_of(self.noun, self.effort)

    @property
    def arguments(self) -> Sequence[StrawberryArgument]:
        """What its list is asked by."""
        if self.noun.whole:
            return ()
        model = self.noun.filter
        conditions = (
            [_described_argument(model, name) for name in model.model_fields]
            if self.flat
            else [filter_argument(self.filter)]
        )
        return (*conditions, *(FOLLOWED if self.page is Followed else PAGE))

    @property
    def key(self) -> Sequence[StrawberryArgument]:
        """What one row is asked by."""
        return (
            (ID,) if self.noun.key == ("id",) else [_described_argument(self.noun.row, name) for name in self.noun.key]
        )

    @property
    def pages(self) -> Any:
        """The type of its list."""
        return self.page[self.kind]


OF_ROW: dict[type[BaseModel], GraphNoun] = {}
"""Each fact, by the row it shows: rows of another may hold one."""


def filter_of(model: type[BaseModel]) -> Any:
    """The input type of a filter; one row by its id has a root of its own."""
    kinds, fields = {}, {}
    for name, said in model.model_fields.items():
        if name != "id":
            kind = _kind(said.annotation)
            kinds[name] = kind if said.is_required() else kind | None
            fields[name] = strawberry.field(
                description=in_graph_names(said.description or ""), default=strawberry.UNSET
            )
    return strawberry.input(_class(model.__name__, (), kinds, fields), description=_description(model))


def _described_argument(model: type[BaseModel], name: str) -> StrawberryArgument:
    """An argument that is a field of a filter, or of what names a row."""
    field = model.model_fields[name]
    kind = StrawberryAnnotation(_kind(field.annotation))
    return StrawberryArgument(
        name, None, kind, description=in_graph_names(field.description or ""), default=strawberry.UNSET
    )


@cache
def inside(model: type[BaseModel], prefix: str = "") -> Any:
    """The object type of what lies within a row, in columns of that prefix or in one of its own."""
    if fact := OF_ROW.get(model):
        return fact.kind
    return Names if model is NamesFields else _object_type(model, prefix, None)


def _object_type(model: type[BaseModel], prefix: str, fact: GraphNoun | None) -> Any:
    hidden, called, beside = (fact.hidden, fact.called, fact.extra) if fact else ((), {}, object)
    own = fact.noun.key if fact and any(fact.noun is link.noun for link in LINKS) else ()
    by_hand = getattr(beside, "__annotations__", ())
    hints = get_type_hints(model, include_extras=True)
    kinds, fields = {}, {}
    for name, said in model.model_fields.items():
        link = None if name in own else _link_of(hints[name])
        shows = _linked(link, called.get(name, name), prefix + name, hints[name], model) if link else ()
        for shown, kind, description, reading in shows or _shown(called.get(name, name), prefix + name, hints[name]):
            if name not in hidden and shown not in by_hand:
                kinds[shown] = kind
                fields[shown] = read_by(
                    description or in_graph_names(said.description or ""), reading, name=graph_name(shown)
                )
    name = NAMES.get(model, model.__name__)
    return strawberry.type(_class(name, (beside,), kinds, fields), description=_description(model))


Shows = Iterator[tuple[str, Any, str | None, Reading]]
"""Fields a column is shown as: name, type, description where it is not the contract's, reading."""


def _link_of(hint: Any) -> MemoryLink | None:
    return next((link for link in LINKS if get_args(link.code)[1] in _marks(hint)), None)


def _linked(link: MemoryLink, name: str, column: str, hint: Any, row: type[BaseModel]) -> Shows:
    _, many, missing = _taken_apart(hint)
    find, keys = link.read(column, row)
    if many:
        yield f"{name.removesuffix('s')}_codes", _kind(hint), None, ColumnValue(column)
        yield name, _typed(link.kind, many, missing), link.many, MemoryNodes(find, keys)
    else:
        yield f"{name}_code", _kind(hint), None, ColumnValue(column)
        yield name, link.kind | None, link.one, MemoryNode(find, keys)


def _shown(name: str, column: str, hint: Any) -> Shows:
    core, many, _ = _taken_apart(hint)
    if issubclass(core, Parts):
        yield name, inside(core, f"{name}_"), None, SameRow()
    elif issubclass(core, BaseModel):
        yield name, _kind(hint), None, NestedList(column) if many else NestedObject(column)
    elif issubclass(core, Enum):
        if "__strawberry_definition__" not in vars(core):
            strawberry.enum(core, description=_description(core))
        yield name, _kind(hint), None, EnumValue(column, core)
    else:
        yield name, _kind(hint), None, ColumnValue(column)


def _kind(hint: Any) -> Any:
    """The type the graph has for a type of the contracts."""
    core, many, missing = _taken_apart(hint)
    return _typed(inside(core) if issubclass(core, BaseModel) else SCALARS.get(core, core), many, missing)


def _typed(kind: Any, many: bool, missing: bool) -> Any:
    shown = list[kind] if many else kind
    return shown | None if missing else shown


def _taken_apart(hint: Any) -> tuple[type, bool, bool]:
    """A type without its marks; whether it is of many; whether null may stand there."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _taken_apart(arguments[0])
    if origin is Literal:
        return str, False, False
    if origin is tuple:
        return _taken_apart(arguments[0])[0], True, False
    if type(None) in arguments:
        [core, many, _] = _taken_apart(next(each for each in arguments if each is not type(None)))
        return core, many, True
    return origin or hint, False, False


def _marks(hint: Any) -> Iterator[Any]:
    for each in get_args(hint):
        yield each
        yield from _marks(each)


def graph_name(field: str) -> str | None:
    """`age_0_4` is `age0To4` in the graph; `None` where the usual rule is right."""
    spanned = SPAN.sub(r"\1_to\2", field)
    return None if spanned == field else to_camel_case(spanned)


def _class(name: str, bases: Iterable[type], kinds: Mapping[str, Any], fields: Mapping[str, Any]) -> type:
    return type(name, tuple(bases), {"__annotations__": kinds, **fields})


def _description(model: type) -> str:
    """What the contract says of it, in one line."""
    return in_graph_names(" ".join(cleandoc(model.__doc__ or "").split()))
