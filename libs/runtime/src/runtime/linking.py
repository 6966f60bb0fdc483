"""Rows of a list for each of many keys at once: what hangs on other rows, such as the alerts of each of these areas.

A question's own statement is asked once for each key, with the key's values in place of its arguments: so a link shows
what the list shows under that filter, to whoever reads, by the same SQL.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from runtime.problems import Refusal

PLACE = "_place"
"""Column that says which key a row belongs to, from 1 on."""
MOST_KEYS = 500
MOST_ROWS = 30_000
"""Of all keys together."""
ARGUMENT = re.compile(r"\$(\d+)\b")

NEVER_NULL = re.compile(r"_key\.k\d+(?:::\w+)? is null or ")
"""Whether a key is given is not asked again for each: the planner can't know, and would look through everything."""


class UnknownKey(Refusal):
    """This list is not asked by {key}."""

    ar = "لا تُطلب هذه القائمة بحسب {key}."


class FilterHasKey(Refusal):
    """What the list hangs on says this already."""

    ar = "يحدّد هذا ما تتبعه القائمة أصلاً."


class CursorOfOne(Refusal):
    """A cursor belongs to the list of one row, and this asks for the lists of several."""

    ar = "علامة الموضع تخص قائمة صف واحد، والمطلوب هنا قوائم عدة صفوف."


@dataclass(frozen=True)
class LinkKeys:
    """Fields of a list's filter, and values of them all."""

    by: tuple[str, ...]
    of: Sequence[tuple[str, ...]]

    def statement_for(
        self, statement: str, arguments: Sequence[object], places: Mapping[str, int]
    ) -> tuple[str, list[object]]:
        """The statement for each key with its rows in order and `PLACE` in them, and its arguments.

        `places` says at which place of the arguments the value of each field stands.
        """
        given = list(arguments)
        at = {name: places[name] for name in self.by}
        for column, place in enumerate(at.values()):
            given[place - 1] = [key[column] for key in self.of]
        return _for_each(statement, tuple(at.values())), given


@lru_cache(maxsize=200)
def _for_each(statement: str, places: tuple[int, ...]) -> str:
    names = {place: f"_key.k{place}" for place in places}
    inside = NEVER_NULL.sub("", ARGUMENT.sub(lambda found: names.get(int(found[1]), found[0]), statement))
    arrays = ", ".join(f"${place}::text[]" for place in places)
    columns = ", ".join(f"k{place}" for place in places)
    return f"""
    select _found.*, _key.place as {PLACE}
      from unnest({arrays}) with ordinality as _key ({columns}, place)
     cross join lateral (select _row.*, row_number() over () as _in_order from ({inside}) as _row) as _found
     order by _key.place, _found._in_order
    """  # noqa: S608  a statement of the code
