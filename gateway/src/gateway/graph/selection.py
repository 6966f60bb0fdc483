"""What a document selects: fields merged by response key, with fragments and conditions resolved."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionSetNode,
    VariableNode,
)

Selected: TypeAlias = dict[str, list[FieldNode]]
TYPENAME = "__typename"


@dataclass(frozen=True)
class Scope:
    """What selections are read with: the document's fragments, and the values of its conditions."""

    fragments: Mapping[str, FragmentDefinitionNode]
    conditions: Mapping[str, Any]

    def fields(self, sets: Iterable[SelectionSetNode | None]) -> Selected:
        """Fields by response key. No type here has another one's interface, so every fragment applies."""
        found: Selected = {}
        visited: set[str] = set()
        for selections in sets:
            if selections:
                for node in self._flat(selections, visited):
                    key = node.alias.value if node.alias else node.name.value
                    found.setdefault(key, []).append(node)
        return found

    def below(self, nodes: Iterable[FieldNode]) -> Selected:
        """Fields that are selected on the value of a field."""
        return self.fields(node.selection_set for node in nodes)

    def _flat(self, selections: SelectionSetNode, visited: set[str]) -> Iterator[FieldNode]:
        for node in selections.selections:
            if not self._included(node.directives or ()):
                continue
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                yield from self._flat(node.selection_set, visited)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in visited:
                visited.add(node.name.value)
                yield from self._flat(self.fragments[node.name.value].selection_set, visited)

    def _included(self, directives: Iterable[DirectiveNode]) -> bool:
        return all(
            self._condition(directive) == (directive.name.value == "include")
            for directive in directives
            if directive.name.value in ("include", "skip")
        )

    def _condition(self, directive: DirectiveNode) -> bool:
        (argument,) = directive.arguments or ()
        if isinstance(argument.value, VariableNode):
            return bool(self.conditions[argument.value.name.value])
        assert isinstance(argument.value, BooleanValueNode)
        return argument.value.value
