"""Who sees which rows and which of their fields: declared beside a noun's source, made into SQL for a reader's role.

A row has a level, and so has each of its fields; a reader stands in a relation to the row, and clearance says up to
which level their role sees in that relation. The rest is nobody's business: not the row, not the field.

PostgreSQL plans a statement each time it runs, and planning one row's takes longer than finding it: what the role
decides stands in the text, and no condition is there for another role. Only where readers are rows themselves, such as
the holders of subscriptions, the text tells all roles apart.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from contracts.sensitivity import Sensitivity

from runtime.access import CLEARANCE, TO_ALL, Clearance, Reader, Relation, Role

TYPES = {"role": "text", "subject": "text", "organisations": "uuid[]", "sectors": "text[]", "areas": "text[]"}
"""What conditions name of a reader, in braces, as PostgreSQL's types."""
NAMED = re.compile(r"\{(" + "|".join(TYPES) + r")\}")
NEVER = "false"
ALWAYS = "true"


@dataclass(frozen=True, eq=False)
class Visibility:
    """What a row is to its readers, as SQL that names the reader's `{organisations}`, `{areas}` and so on."""

    own: str = NEVER
    """When a row is the reader's own; asked before any other relation."""
    in_scope: Mapping[Role, str] = field(default_factory=dict)
    """When a row lies in the scope of a reader of this role. A role that is not here has none."""
    clearance: Clearance = field(default_factory=lambda: CLEARANCE)
    level: Sensitivity | str = Sensitivity.LOW
    """The level of every row, or the column it stands in."""
    raised: Mapping[str, Sensitivity] = field(default_factory=dict)
    """Conditions on a row that make its level at least this."""
    own_alone: str = NEVER
    """Rows that their owner alone sees, whoever else is cleared for whatever level."""
    fields: Mapping[str, Sensitivity] = field(default_factory=dict)
    """Columns that are above the level they are declared with, to those who read the noun here."""


OPEN = Visibility(clearance=TO_ALL)
"""Shows every row whole to whom the table of routes lets in."""


@dataclass(frozen=True)
class RowConditions:
    """What one role sees of a row, as SQL that still names the reader."""

    relation: str
    """How the row stands to the reader."""
    visible: str
    """Whether they see the row at all."""
    cleared: Mapping[Sensitivity, str]
    """Whether they see fields of this level, of a row that they see."""

    @property
    def high(self) -> str:
        return self.cleared[Sensitivity.HIGH]

    def placed(self, places: Mapping[str, str]) -> "RowConditions":
        """The same, with the reader's values at these places of a statement."""
        cleared = {level: placed(text, places) for level, text in self.cleared.items()}
        return RowConditions(placed(self.relation, places), placed(self.visible, places), cleared)


def placed(text: str, places: Mapping[str, str]) -> str:
    """SQL with the reader's values at their places."""
    return NAMED.sub(lambda found: places[found[1]], text)


@cache
def conditions_for(visibility: Visibility, role: Role) -> RowConditions:
    """What readers of this role see."""

    def up_to(level: Sensitivity) -> Callable[[Relation], str]:
        return lambda relation: str(relation in cleared_relations(visibility, role, level)).lower()

    cleared = {level: _by_relation(visibility, role, up_to(level), of_seen=True) for level in Sensitivity}
    seen = [_by_relation(visibility, role, lambda relation: _level_seen(visibility, role, relation))]
    for condition, level in visibility.raised.items():
        if (allowed := _by_relation(visibility, role, up_to(level))) != ALWAYS:
            seen.append(f"not ({condition})" + f" or {allowed}" * (allowed != NEVER))
    if visibility.own_alone != NEVER:
        seen.append(f"not ({visibility.own_alone}) or {visibility.own}")
    visible = NEVER if NEVER in seen else " and ".join(f"({text})" for text in seen if text != ALWAYS) or ALWAYS
    return RowConditions(_by_relation(visibility, role, lambda relation: f"'{relation}'"), visible, cleared)


def numbered(statement: str, behind: int = 0) -> tuple[str, tuple[str, ...]]:
    """The statement with the reader's values behind so many other arguments, and which they are."""
    names = tuple(dict.fromkeys(NAMED.findall(statement)))
    return placed(statement, _places(names, behind)), names


@cache
def numbered_conditions(visibility: Visibility, role: Role) -> tuple[RowConditions, tuple[str, ...]]:
    """What this role sees, the reader's values being the first arguments of a statement, and which they are.

    It uses all of them where it tells the relation.
    """
    conditions = conditions_for(visibility, role)
    _, names = numbered(conditions.relation)
    return conditions.placed(_places(names, 0)), names


def _places(names: Sequence[str], behind: int) -> Mapping[str, str]:
    return {name: f"${place}::{TYPES[name]}" for place, name in enumerate(names, behind + 1)}


def values_of(reader: Reader, names: tuple[str, ...]) -> list[Any]:
    return [getattr(reader, name) for name in names]


@cache
def conditions_for_rows(visibility: Visibility, alias: str) -> RowConditions:
    """What the readers see who are rows of this alias, with columns named as in `TYPES`."""
    places = {name: f"{alias}.{name}" for name in TYPES}
    of_roles = {role: conditions_for(visibility, role).placed(places) for role in Role}

    def by_role(text: Callable[[RowConditions], str]) -> str:
        roles: dict[str, list[str]] = {}
        for role, conditions in of_roles.items():
            roles.setdefault(text(conditions), []).append(f"'{role}'")
        cases = [f"when {alias}.role in ({', '.join(named)}) then {said}" for said, named in roles.items()]
        return f"case {' '.join(cases)} end"

    return RowConditions(
        by_role(lambda of_role: of_role.relation),
        by_role(lambda of_role: of_role.visible),
        {level: by_role(lambda of_role, level=level: of_role.cleared[level]) for level in Sensitivity},  # type: ignore[misc]
    )


@cache
def cleared_relations(visibility: Visibility, role: Role, level: Sensitivity = Sensitivity.HIGH) -> frozenset[Relation]:
    """Relations in which this role sees what is of this level."""
    allowed = visibility.clearance.get(role, {})
    return frozenset(relation for relation, highest in allowed.items() if highest.allows(level))


def _by_relation(visibility: Visibility, role: Role, said: Callable[[Relation], str], *, of_seen: bool = False) -> str:
    """What is said of each relation, the first that holds; once where all say the same (`of_seen`: of those seen)."""
    stands = {Relation.OWN: visibility.own, Relation.IN_SCOPE: visibility.in_scope.get(role, NEVER)}
    cases = [(condition, relation) for relation, condition in stands.items() if condition != NEVER]
    relations = [*(relation for _, relation in cases), Relation.OTHER]
    told = {said(each) for each in relations if not of_seen or each in visibility.clearance.get(role, {})}
    if len(told) <= 1:
        return told.pop() if told else NEVER
    while cases and said(cases[-1][1]) == said(Relation.OTHER):
        cases.pop()
    if said(Relation.OTHER) == NEVER and all(said(relation) == ALWAYS for _, relation in cases):
        # As an index can be used for it.
        return " or ".join(f"({condition})" for condition, _ in cases).join("()")
    whens = " ".join(f"when {condition} then {said(relation)}" for condition, relation in cases)
    return f"case {whens} else {said(Relation.OTHER)} end"


def _level_seen(visibility: Visibility, role: Role, relation: Relation) -> str:
    highest = visibility.clearance.get(role, {}).get(relation)
    if highest is None:
        return NEVER
    if isinstance(visibility.level, Sensitivity):
        return str(highest.allows(visibility.level)).lower()
    if highest is Sensitivity.SEVERE:
        return ALWAYS
    levels = ", ".join(f"'{level}'" for level in Sensitivity if highest.allows(level))
    return f"{visibility.level} in ({levels})"
