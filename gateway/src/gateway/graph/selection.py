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
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    NamedTypeNode,
    SelectionSetNode,
    VariableNode,
    is_abstract_type,
)

Selected: TypeAlias = dict[str, list[FieldNode]]
TYPENAME = "__typename"


@dataclass(frozen=True)
class SelectionContext:
    """What selections are read with: the document's fragments, and the values of its conditions."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    conditions: Mapping[str, Any]

    def fields(self, sets: Iterable[SelectionSetNode | None], kind: GraphQLObjectType) -> Selected:
        """Fields of an object of this kind, by response key."""
        found: Selected = {}
        visited: set[str] = set()
        for selections in sets:
            if selections:
                for node in self._flat(selections, visited, kind):
                    key = node.alias.value if node.alias else node.name.value
                    found.setdefault(key, []).append(node)
        return found

    def below(self, nodes: Iterable[FieldNode], kind: GraphQLObjectType) -> Selected:
        """Fields that are selected on the value of a field, where it is of this kind."""
        return self.fields((node.selection_set for node in nodes), kind)

    def _flat(self, selections: SelectionSetNode, visited: set[str], kind: GraphQLObjectType) -> Iterator[FieldNode]:
        for node in selections.selections:
            if not self._included(node.directives or ()):
                continue
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                if self._applies(node.type_condition, kind):
                    yield from self._flat(node.selection_set, visited, kind)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in visited:
                visited.add(node.name.value)
                fragment = self.fragments[node.name.value]
                if self._applies(fragment.type_condition, kind):
                    yield from self._flat(fragment.selection_set, visited, kind)

    def _applies(self, condition: NamedTypeNode | None, kind: GraphQLObjectType) -> bool:
        """Whether a fragment is about objects of this kind: by its own name, an interface or a union."""
        if condition is None or condition.name.value == kind.name:
            return True
        named = self.schema.type_map[condition.name.value]
        return is_abstract_type(named) and self.schema.is_sub_type(named, kind)

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
