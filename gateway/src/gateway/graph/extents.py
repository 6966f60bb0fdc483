"""How far a document reaches when its fragments are written out: one pass, each definition measured once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionNode,
    VariableNode,
)

Definition: TypeAlias = OperationDefinitionNode | FragmentDefinitionNode
INTROSPECTION = ("__schema", "__type")


@dataclass(frozen=True)
class Expansion:
    """What an operation or a fragment comes to with every fragment in it written out."""

    selections: int
    depth: int
    introspects: bool
    conditions: frozenset[str]
    """Variables that `@skip` and `@include` depend on."""


@dataclass
class _Own:
    """What stands in a definition itself."""

    selections: int = 0
    depth: int = 0
    introspects: bool = False
    conditions: set[str] = field(default_factory=set)
    spreads: list[tuple[str, int]] = field(default_factory=list)
    """Fragments that are spread in it, and the level their fields stand at."""


def extents_of(document: DocumentNode) -> list[tuple[Definition, Expansion]]:
    """Each definition with its extent; a fragment that is unknown or spreads itself counts nothing where it is
    spread, for validation refuses it.
    """
    definitions = [node for node in document.definitions if isinstance(node, Definition)]
    own = {node.name.value: _own(node) for node in definitions if isinstance(node, FragmentDefinitionNode)}
    fragments: dict[str, Expansion] = {}
    for name in _inner_first(own):
        fragments[name] = _written_out(own[name], fragments)
    return [(node, _written_out(_own(node), fragments)) for node in definitions]


def _own(definition: Definition) -> _Own:
    own = _Own()
    pending = [(definition.selection_set, 1)]
    while pending:
        selections, level = pending.pop()
        own.depth = max(own.depth, level)
        for node in selections.selections:
            own.selections += 1
            own.conditions.update(_conditions(node))
            own.introspects |= isinstance(node, FieldNode) and node.name.value in INTROSPECTION
            if isinstance(node, FragmentSpreadNode):
                own.spreads.append((node.name.value, level))
            elif below := node.selection_set:  # type: ignore[attr-defined]
                pending.append((below, level + isinstance(node, FieldNode)))
    return own


def _conditions(node: SelectionNode) -> Iterator[str]:
    for directive in node.directives or ():
        for argument in directive.arguments or ():
            if isinstance(argument.value, VariableNode):
                yield argument.value.name.value


def _inner_first(fragments: Mapping[str, _Own]) -> Iterator[str]:
    """Names of fragments, each behind those it spreads. Without recursion: a chain may be longer than the stack."""
    pending, entered, left = list(fragments), set(), set()
    while pending:
        name = pending[-1]
        if name not in entered:
            entered.add(name)
            pending += [
                spread for spread, _ in fragments[name].spreads if spread in fragments and spread not in entered
            ]
            continue
        pending.pop()
        if name not in left:
            left.add(name)
            yield name


def _written_out(own: _Own, fragments: Mapping[str, Expansion]) -> Expansion:
    inside = [(fragments[name], level) for name, level in own.spreads if name in fragments]
    parts: Iterable[Expansion] = {id(extent): extent for extent, _ in inside}.values()
    return Expansion(
        selections=own.selections + sum(extent.selections for extent, _ in inside),
        depth=max([own.depth, *(extent.depth + level - 1 for extent, level in inside)]),
        introspects=own.introspects or any(extent.introspects for extent in parts),
        conditions=frozenset(own.conditions).union(*(extent.conditions for extent in parts)),
    )
