"""Declaring fields of the graph and their arguments, with their readings, each described in English and Arabic."""

from typing import Any

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument

from gateway.graph.field_sources import (
    READS,
    ColumnValue,
    EachLanguage,
    MemoryNode,
    MemoryNodes,
    NestedList,
    PageRows,
    Reading,
    SameRow,
)
from gateway.graph.roots import DEFAULT_PAGE
from gateway.graph.scalars import Id
from gateway.reference.memory import ReferenceMemory

Description = str


def describe(en: str, ar: str) -> Description:
    """A description in both languages."""
    return f"{en} {ar}"


def value(en: str, ar: str, *, column: str) -> Any:
    """The value of a column."""
    return _declared(en, ar, ColumnValue(column))


def inside_list(en: str, ar: str, *, column: str) -> Any:
    """Objects that lie in a column as a list."""
    return _declared(en, ar, NestedList(column))


def each_language(en: str, ar: str, *, column: str, part: str) -> Any:
    """A name made of one part of each language's text."""
    return _declared(en, ar, EachLanguage(column, part))


def page_rows(en: str, ar: str) -> Any:
    """The rows of a page."""
    return _declared(en, ar, PageRows())


def same(en: str, ar: str) -> Any:
    """An object made of the same row."""
    return _declared(en, ar, SameRow())


def known_organisation(en: str, ar: str, *, column: str) -> Any:
    return _declared(en, ar, MemoryNode(ReferenceMemory.organisation, (column,)))


def known_organisations(en: str, ar: str, *, column: str) -> Any:
    return _declared(en, ar, MemoryNodes(ReferenceMemory.organisation, (column,)))


def _declared(en: str, ar: str, reading: Reading) -> Any:
    return read_by(describe(en, ar), reading)


def read_by(description: Description, reading: Reading, name: str | None = None) -> Any:
    """A field; without a name it has that of the attribute."""
    return strawberry.field(description=description, metadata={READS: reading}, name=name)


def argument(kind: Any, name: str, en: str, ar: str, default: Any = strawberry.UNSET) -> StrawberryArgument:
    return StrawberryArgument(name, None, StrawberryAnnotation(kind), description=describe(en, ar), default=default)


ID = argument(Id, "id", "Id.", "المعرّف.")


def page(size: int) -> tuple[StrawberryArgument, StrawberryArgument]:
    return (
        argument(int | None, "first", "Rows of the page, 1 to 500.", "عدد صفوف الصفحة، من 1 إلى 500.", size),
        argument(str | None, "after", "Cursor the page starts behind.", "علامة الموضع التي تبدأ الصفحة بعدها."),
    )


PAGE = page(DEFAULT_PAGE)
FOLLOWED = (
    *PAGE,
    argument(
        str | None,
        "changes_after",
        "Only what changed behind this `position` of an earlier answer; `start` for all there is, "
        "`now` for none of it.",
        "ما تغيّر بعد هذا الموضع (`position`) من إجابة سابقة فقط، و`start` لكل ما هو موجود، و`now` لما يأتي فقط.",
    ),
)
CHANGES = (FOLLOWED[0], FOLLOWED[2])
"""Of a subscription to changes: from now on, where no position is said."""


def filter_argument(kind: type) -> StrawberryArgument:
    return argument(kind | None, "filter", "Which rows.", "أي الصفوف.")
