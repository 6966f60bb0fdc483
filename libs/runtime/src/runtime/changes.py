"""Following a list: its changes behind a position that no commit can come behind.

Each row that can be followed keeps the id of the transaction that changed it last (`changed_in`, decision 0034). A
question tells the rows of transactions older than every one still open, in the order of (`changed_in`, id).
"""

import base64
import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Annotated, Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from database import Transaction
from fastapi import Query

from runtime.problems import Refusal

START = "start"
NOW = "now"
CHANGED_IN = "_changed_in"
GONE = "_gone"
NO_ID = "00000000-0000-0000-0000-000000000000"
"""Before every id."""
Row = Mapping[str, Any]

ChangesAfter = Annotated[
    str | None,
    Query(
        max_length=2000,
        description="Only what changed behind this position of an earlier answer; `start` or nothing for all there is, "
        "`now` for none of it. The answer holds `position`, up to which it is complete: ask with that next time",
    ),
]


class UnknownPosition(Refusal):
    """The position is not one of this list, filter and reader in the platform's present history: follow from start."""

    legacy_code = "position_unknown"
    status = HTTPStatus.GONE
    ar = "هذا الموضع ليس من هذه القائمة بالتصفية والصلاحيات نفسها في السجل الحالي للمنصة: ابدأ المتابعة من البداية."


class NotFollowed(Refusal):
    """This list can't be followed by its changes."""

    ar = "لا يمكن متابعة تغييرات هذه القائمة."


@dataclass(frozen=True)
class Position:
    """All changes of transactions before `transaction` were told, and those of it up to the row `id`."""

    transaction: int
    id: str | None = None
    began: int = 0
    """Transactions before this one were over when its reader began: of what left the list by then they know nothing."""


@dataclass(frozen=True)
class ChangeWindow:
    """Changes that are asked for: behind a position, of transactions before `until`, one more than `first`."""

    since: Position
    until: int
    first: int

    @property
    def from_the_start(self) -> bool:
        """The reader has nothing yet that could have left the list."""
        return self.since.transaction == 0 and self.since.id is None

    @property
    def arguments(self) -> tuple[str, str, str]:
        """For `CHANGED`: transaction and id they lie behind, and the transaction they end before."""
        return str(self.since.transaction), self.since.id or NO_ID, str(self.until)

    @property
    def visible_since(self) -> str:
        """The first transaction whose changes can have taken from the reader what they had."""
        return str(max(self.since.transaction, self.since.began))


CHANGED = "({row}.changed_in, {row}.id) > ({{0}}::text::xid8, {{1}}::uuid) and {row}.changed_in < {{2}}::text::xid8"
"""Whether a row's last change lies in a span, by an index on (changed_in, id); its places are for `Span.arguments`."""


def changed(row: str, *places: str) -> str:
    """`CHANGED` of a row by its alias, with the places of the arguments."""
    return CHANGED.format(row=row).format(*places)


# Positions of another database cluster, and of one that went back to an earlier moment, count other transactions.
MOMENT = """
select pg_snapshot_xmin(pg_current_snapshot())::text as until,
       concat_ws(' ', epoch, system_identifier, timeline_id) as history
  from change_history cross join pg_control_system() cross join pg_control_checkpoint()
"""


class Positions:
    """Makes and reads the positions of one list with one filter and reader.

    They are encrypted: how many transactions there were is nobody's business. The same position is the same text.
    """

    def __init__(self, key: str, *, bound_to: object) -> None:
        described = orjson.dumps(["changes", bound_to], default=str, option=orjson.OPT_SORT_KEYS)
        self._cipher = AESSIV(hmac.digest(key.encode(), described, hashlib.sha512))

    def encode(self, position: Position, history: str) -> str:
        body = orjson.dumps([position.transaction, position.id, position.began])
        return base64.urlsafe_b64encode(self._cipher.encrypt(body, [history.encode()])).decode().rstrip("=")

    def decode(self, text: str, history: str) -> Position:
        """Raises `UnknownPosition`."""
        try:
            sealed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            return Position(*orjson.loads(self._cipher.decrypt(sealed, [history.encode()])))
        except (ValueError, InvalidTag) as refused:
            raise UnknownPosition("changes_after") from refused


@dataclass(frozen=True)
class ChangesPage:
    """Changed rows in their order, those that left the list among them, and up to where that is all."""

    rows: Sequence[Row]
    has_next: bool
    position: str
    cursor: Callable[[Row], str]
    """The position behind a row."""

    @property
    def present(self) -> Sequence[Row]:
        return [row for row in self.rows if not row[GONE]]

    def as_objects(self, shown: Callable[[Row], dict[str, Any]]) -> dict[str, Any]:
        """`{"items": [...], "next": position or null, "position": …}`: the form of REST."""
        items = [
            {"id": row["id"], "gone": True} if row[GONE] else shown(_without_bookkeeping(row)) for row in self.rows
        ]
        return {"items": items, "next": self.position if self.has_next else None, "position": self.position}

    def as_columns(self, columns: Sequence[str], which: str) -> dict[str, object]:
        """The columns of the rows that are in the list, and the ids of those that left it: the form of the gateway."""
        rows = self.present
        told = {"each": rows, "ends": [*rows[:1], *rows[1:][-1:]], "none": ()}[which]
        return {
            "columns": {name: [row[name] for row in rows] for name in columns},
            "cursors": [self.cursor(row) for row in told],
            "has_next": self.has_next,
            "position": self.position,
            "gone": [row["id"] for row in self.rows if row[GONE]],
        }


def _without_bookkeeping(row: Row) -> Row:
    """The row without what it was found by."""
    return {name: value for name, value in row.items() if name not in (CHANGED_IN, GONE)}


Find = Callable[[ChangeWindow], Awaitable[Sequence[Row]]]
"""The changed rows of a span, one more than the page where more follow, each with `id`, `CHANGED_IN` and `GONE`: that
it is not, or not surely, in the list (`is not true`: what is null is not shown)."""


async def page_of_changes(tx: Transaction, positions: Positions, given: str, first: int, find: Find) -> ChangesPage:
    """What changed behind the position that was given. Raises `UnknownPosition`."""
    now = await tx.fetchrow(MOMENT)
    assert now is not None
    history, until = str(now["history"]), int(now["until"])
    if given in ("", START, NOW):
        since = Position(until if given == NOW else 0, began=until)
    else:
        since = positions.decode(given, history)
    if since.transaction > until:
        raise UnknownPosition("changes_after")
    # What changes from now on has a transaction not before `until`, so that two statements are as good as one.
    rows = await find(ChangeWindow(since, until, first))

    def position_after(row: Row) -> str:
        at = replace(since, transaction=int(row[CHANGED_IN]), id=str(row["id"]))
        return positions.encode(at, history)

    kept, has_next = rows[:first], len(rows) > first
    end = (
        position_after(kept[-1]) if has_next else positions.encode(replace(since, transaction=until, id=None), history)
    )
    return ChangesPage(kept, has_next, end, position_after)
