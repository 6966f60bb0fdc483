"""Relay connections: pages of rows with cursors."""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import strawberry

from gateway.graph.fields import told
from gateway.graph.nodes import Node
from gateway.graph.roots import Found
from gateway.graph.scalars import DateTime

Row = TypeVar("Row")


@strawberry.type(description=told("Where a page stands in its list.", "موضع الصفحة في القائمة."))
class PageInfo:
    has_next_page: bool = strawberry.field(description=told("Whether more follow.", "هل توجد صفحات تالية."))
    has_previous_page: bool = strawberry.field(description=told("Whether some came before.", "هل سبقتها صفحات."))
    start_cursor: str | None = strawberry.field(description=told("Cursor of the first row.", "علامة موضع أول صف."))
    end_cursor: str | None = strawberry.field(description=told("Cursor of the last row.", "علامة موضع آخر صف."))


@strawberry.type(description=told("A row and its cursor.", "صف وعلامة موضعه."))
class Edge(Generic[Row]):
    cursor: str = strawberry.field(description=told("To go on behind this row.", "للمتابعة بعد هذا الصف."))
    node: Row = strawberry.field(description=told("The row.", "الصف."))


@strawberry.type(description=told("A page of a list.", "صفحة من قائمة."))
class Connection(Generic[Row]):
    edges: list[Edge[Row]] = strawberry.field(description=told("Rows with cursors.", "الصفوف مع علامات مواضعها."))
    nodes: list[Row] = strawberry.field(description=told("Rows alone.", "الصفوف وحدها."))
    page_info: PageInfo = strawberry.field(description=told("Place of the page.", "موضع الصفحة."))


@strawberry.type(
    name="Connection", description=told("A page of a list, or of its changes.", "صفحة من قائمة أو من تغييراتها.")
)
class Followed(Connection[Row], Generic[Row]):
    position: str | None = strawberry.field(
        description=told(
            "With `changesAfter`: the changes are complete up to here; ask with it next time.",
            "مع `changesAfter`: التغييرات كاملة حتى هذا الموضع، فاسأل به في المرة التالية.",
        )
    )
    gone: list[str] | None = strawberry.field(
        description=told(
            "With `changesAfter`: ids of what left the list (of areas country:pcode). Drop them from your copy.",
            "مع `changesAfter`: معرّفات ما خرج من القائمة (وللمناطق country:pcode)، فاحذفها من نسختك.",
        )
    )


@strawberry.type(
    name="Connection",
    description=told("A page of figures; they follow what is reported.", "صفحة من الأرقام، وهي تتبع ما يرد من تقارير."),
)
class Figures(Connection[Row], Generic[Row]):
    as_of: DateTime | None = strawberry.field(
        description=told(
            "When the newest change was counted; null before the first.", "وقت احتساب أحدث تغيير، وnull قبل أول تغيير."
        )
    )
    rebuilding: bool = strawberry.field(
        description=told(
            "The figures are being counted anew and are incomplete: do not use them yet.",
            "يُعاد احتساب الأرقام الآن وهي غير مكتملة، فلا تُستخدم بعد.",
        )
    )


def page_of(kind: type, found: Found) -> Connection[Any]:
    """What was found, as plain execution walks it."""
    rows: Sequence[Any] = [Node(kind, found.batch, index) for index in range(found.batch.size)]
    # Where the selection names no `cursor`, there are those of the ends alone, and nobody reads what stands here.
    cursors = found.cursors if len(found.cursors) == len(rows) else [""] * len(rows)
    edges = [Edge(cursor=cursor, node=row) for cursor, row in zip(cursors, rows, strict=True)]
    page: dict[str, Any] = {"edges": edges, "nodes": rows, "page_info": _page_info(found)}
    if found.freshness is None:
        return Followed(**page, position=found.position, gone=found.gone)
    return Figures(**page, as_of=found.freshness.as_of, rebuilding=found.freshness.rebuilding)


def _page_info(found: Found) -> PageInfo:
    return PageInfo(
        has_next_page=found.has_next,
        has_previous_page=found.has_previous,
        start_cursor=found.start,
        end_cursor=found.end,
    )
