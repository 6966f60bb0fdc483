"""Relay connections: pages of rows with cursors."""

from typing import Generic, TypeVar

import strawberry

from gateway.graph.fields import describe, page_rows, same, value
from gateway.graph.scalars import DateTime

Row = TypeVar("Row")


@strawberry.type(description=describe("Where a page stands in its list.", "موضع الصفحة في القائمة."))
class PageInfo:
    has_next_page: bool = value("Whether more follow.", "هل توجد صفحات تالية.", column="has_next")
    has_previous_page: bool = value("Whether some came before.", "هل سبقتها صفحات.", column="has_previous")
    start_cursor: str | None = value("Cursor of the first row.", "علامة موضع أول صف.", column="start")
    end_cursor: str | None = value("Cursor of the last row.", "علامة موضع آخر صف.", column="end")


@strawberry.type(description=describe("A row and its cursor.", "صف وعلامة موضعه."))
class Edge(Generic[Row]):
    cursor: str = value("To go on behind this row.", "للمتابعة بعد هذا الصف.", column="cursor")
    node: Row = same("The row.", "الصف.")


@strawberry.type(description=describe("A page of a list.", "صفحة من قائمة."))
class Connection(Generic[Row]):
    edges: list[Edge[Row]] = page_rows("Rows with cursors.", "الصفوف مع علامات مواضعها.")
    nodes: list[Row] = page_rows("Rows alone.", "الصفوف وحدها.")
    page_info: PageInfo = same("Place of the page.", "موضع الصفحة.")


@strawberry.type(
    name="Connection", description=describe("A page of a list, or of its changes.", "صفحة من قائمة أو من تغييراتها.")
)
class Followed(Connection[Row], Generic[Row]):
    position: str | None = value(
        "With `changesAfter`: the changes are complete up to here; ask with it next time.",
        "مع `changesAfter`: التغييرات كاملة حتى هذا الموضع، فاسأل به في المرة التالية.",
        column="position",
    )
    gone: list[str] | None = value(
        "With `changesAfter`: ids of what left the list (of areas country:pcode). Drop them from your copy.",
        "مع `changesAfter`: معرّفات ما خرج من القائمة (وللمناطق country:pcode)، فاحذفها من نسختك.",
        column="gone",
    )


@strawberry.type(
    name="Connection",
    description=describe(
        "A page of figures; they follow what is reported.", "صفحة من الأرقام، وهي تتبع ما يرد من تقارير."
    ),
)
class Figures(Connection[Row], Generic[Row]):
    as_of: DateTime | None = value(
        "When the newest change was counted; null before the first.",
        "وقت احتساب أحدث تغيير، وnull قبل أول تغيير.",
        column="as_of",
    )
    rebuilding: bool = value(
        "The figures are being counted anew and are incomplete: do not use them yet.",
        "يُعاد احتساب الأرقام الآن وهي غير مكتملة، فلا تُستخدم بعد.",
        column="rebuilding",
    )
