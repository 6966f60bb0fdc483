"""Who sees which noun up to which level, and the table of it for people to read: `docs/clearance.md`."""

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from contracts.sensitivity import Sensitivity
from contracts.services import SERVICES
from runtime.access import Relation, Role
from runtime.listing import Listing
from runtime.sources import Source
from runtime.visibility import NEVER, Visibility

TABLE = Path(__file__).parents[4] / "docs" / "clearance.md"
READERS = tuple(role for role in Role if role is not Role.PUBLIC)
RELATIONS = {Relation.OWN: "own · ما يخصه", Relation.IN_SCOPE: "in scope · في نطاقه", Relation.OTHER: "other · غيره"}
LEVELS = {
    Sensitivity.LOW: "low · منخفض",
    Sensitivity.MODERATE: "moderate · متوسط",
    Sensitivity.HIGH: "high · عالٍ",
    Sensitivity.SEVERE: "severe · شديد",
}
HEAD = """# Who sees what · من يرى ماذا

Written by `make generate` of what each noun declares (decision 0044). A row, and a field of it, is seen by whom the
table clears up to its level; where it says –, not the row. Finer rules (figures, small counts, names nobody has
resolved) are in decisions 0027 and 0028.

يُكتب هذا الجدول بالأمر `make generate` مما يصرّح به كل نوع من السجلات. يُرى السجل، وكل حقل منه، لمن يبلغ ما يسمح له به
الجدول مستواه؛ وحيث ترد – لا يُرى السجل نفسه.

| noun · النوع | relation · الصلة | {roles} |
|---|---|{line}|
"""


def visibilities() -> Mapping[str, Visibility]:
    """What every list of a service declares, by its noun."""
    found: dict[str, Visibility] = {}
    for service in map(import_module, SERVICES):
        for module in pkgutil.walk_packages(service.__path__, f"{service.__name__}."):
            if module.name.endswith((".api", ".queries")):
                for each in vars(import_module(module.name)).values():
                    if isinstance(each, Listing | Source):
                        found[each.noun.name] = each.visibility
    return dict(sorted(found.items()))


def table() -> str:
    """The text of `docs/clearance.md`."""
    roles = " | ".join(f"{role.words.en} · {role.words.ar}" for role in READERS)
    rows = [row for name, each in visibilities().items() for row in _rows(name, each)]
    return HEAD.format(roles=roles, line="---|" * (len(READERS) - 1) + "---") + "\n".join(rows) + "\n"


def write() -> None:
    TABLE.write_text(table(), encoding="utf-8")


def _rows(name: str, visibility: Visibility) -> list[str]:
    told = {
        relation: tuple(_cell(visibility, role, relation) for role in READERS)
        for relation in Relation
        if relation is not Relation.OWN or visibility.own != NEVER
        if relation is not Relation.IN_SCOPE or visibility.in_scope
    }
    return [f"| `{name}` | {RELATIONS[relation]} | {' | '.join(cells)} |" for relation, cells in told.items()]


def _cell(visibility: Visibility, role: Role, relation: Relation) -> str:
    if relation is Relation.IN_SCOPE and role not in visibility.in_scope:
        relation = Relation.OTHER
    level: Any = visibility.clearance.get(role, {}).get(relation)
    return LEVELS[level] if level else "–"
