"""What the GraphQL library finds wrong with a query, told by the part it is about and where that stands."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from graphql import GraphQLError, Node
from runtime.language import Language
from runtime.problems import Refusal

NOUNS: Mapping[str, str] = {
    "argument": "الوسيط",
    "directive": "التوجيه",
    "field": "الحقل",
    "fragment_definition": "المقطع",
    "fragment_spread": "المقطع",
    "inline_fragment": "المقطع",
    "name": "الاسم",
    "named_type": "النوع",
    "object_field": "الحقل",
    "operation_definition": "العملية",
    "variable": "المتغير",
    "variable_definition": "المتغير",
}
"""By the library's kinds of parts."""


Location: TypeAlias = dict[str, int]
LONGEST_SAID = 400


class InvalidPart(Refusal):
    """{reason}"""

    ar = "{part}"

    def __init__(self, error: GraphQLError) -> None:
        super().__init__(reason=shortened(error.message), part=shortened(_part(error.nodes)))
        self.locations = locations_of(error)

    def sentence(self, language: Language) -> str:
        """What is wrong, in English alone: the reasons are the library's. In Arabic, which part."""
        said = super().sentence(language)
        if not self.locations:
            return said
        line, column = self.locations[0]["line"], self.locations[0]["column"]
        return f"{said} (السطر {line}، العمود {column})" if language == "ar" else f"{said} ({line}:{column})"

    def as_error(self, language: Language) -> dict[str, object]:
        """With the library's reason in any language, for who writes the query."""
        return {**super().as_error(language), "reason": self.facts["reason"]}


def locations_of(error: GraphQLError) -> list[Location]:
    return [{"line": place.line, "column": place.column} for place in error.locations or ()]


def shortened(sentence: str) -> str:
    """What is said, without the whole of a value that was sent."""
    return sentence if len(sentence) <= LONGEST_SAID else f"{sentence[:LONGEST_SAID]}…"


def faults_of(errors: Iterable[GraphQLError]) -> list[Refusal]:
    return [InvalidPart(error) for error in errors]


def _part(nodes: Iterable[Node] | None) -> str:
    node = next(iter(nodes or ()), None)
    if node is None:
        return "الصياغة"
    name = getattr(node, "name", None) or getattr(getattr(node, "variable", None), "name", None)
    noun = NOUNS.get(node.kind, "القيمة")
    said = name.value if name else getattr(node, "value", None)
    return f"{noun} {said}" if isinstance(said, str) else noun
