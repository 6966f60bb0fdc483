"""What a reader sees of reports: conditions on a row `r` of `report`, made for their role.

PostgreSQL plans a statement each time it runs, and planning one row's takes longer than finding it: what the role
decides stands in the text, and no condition is there for another role.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from contracts.sensitivity import Sensitivity
from runtime.access import Principal, Relation, Role, clearance

OWN = "r.organisation_id = $1::uuid"
NAMED_BY_ANOTHER = "(r.implementer_id = $1::uuid and r.organisation_id <> $1::uuid)"
"""Whether the report is another's, and names the reader's organisation as its implementer."""
IN_AREAS = "r.area_path && $2::text[]"
IN_SECTORS = "r.sector = any($3::text[])"
STANDS: Mapping[Role, Mapping[Relation, str]] = {
    Role.COORDINATOR: {Relation.OWN: OWN, Relation.IN_SCOPE: f"{IN_AREAS} and {IN_SECTORS}"},
    Role.HUB: {Relation.OWN: OWN, Relation.IN_SCOPE: IN_AREAS},
}
"""When a row stands in a relation to a reader of this role, the first that holds."""


@dataclass(frozen=True)
class Seen:
    """What a role sees of a row."""

    relation: str
    """How the row stands to the reader. It uses all of the reader's arguments."""
    high: str
    """Whether they may see high and severe fields of it."""
    visible: str
    """Whether they may see the row at all."""


def reader_of(principal: Principal) -> list[Any]:
    """The first arguments of a statement with what this reader sees."""
    arguments: list[Any] = [principal.organisation_id]
    if principal.role in (Role.COORDINATOR, Role.HUB):
        arguments.append(list(principal.areas))
    if principal.role == Role.COORDINATOR:
        arguments.append(list(principal.sectors))
    return arguments


@cache
def seen_by(role: Role) -> Seen:
    cleared = cleared_for_high(role)
    return Seen(
        relation=_by_relation(role, lambda relation: f"'{relation}'"),
        high=_by_relation(role, lambda relation: str(relation in cleared).lower()),
        visible=f"({_by_relation(role, lambda relation: _levels_seen(role, relation))}) and {_not_gone(role)}",
    )


def _not_gone(role: Role) -> str:
    """What was withdrawn is there for its owner, its reviewers and the secretariat alone."""
    cleared = _by_relation(role, lambda relation: str(relation in cleared_for_high(role)).lower())
    return f"(r.stage <> 'withdrawn' or {cleared})"


@cache
def cleared_for_high(role: Role) -> frozenset[Relation]:
    """Relations in which this role sees high data."""
    cleared = {relation: clearance(role, relation) for relation in Relation}
    return frozenset(relation for relation, highest in cleared.items() if highest and highest.allows(Sensitivity.HIGH))


def _by_relation(role: Role, said: Callable[[Relation], str]) -> str:
    """What is said of each relation; once, where that is the same of all."""
    stands = STANDS.get(role, {Relation.OWN: OWN})
    other = said(Relation.OTHER)
    if all(said(relation) == other for relation in stands):
        return other
    cases = " ".join(f"when {condition} then {said(relation)}" for relation, condition in stands.items())
    return f"case {cases} else {other} end"


def _levels_seen(role: Role, relation: Relation) -> str:
    highest = clearance(role, relation)
    levels = [f"'{level}'" for level in Sensitivity if highest and highest.allows(level)]
    return f"r.sensitivity in ({', '.join(levels)})" if levels else "false"
