"""Mutations: a field for each command, with arguments of what its service says it takes."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import Any, Final

import orjson
import strawberry
from contracts import alerts, organisations, reports, sensitivity
from contracts.alerts import AlertText
from graphql import GraphQLInputObjectType
from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case

from gateway.graph.commands import COMMANDS, ROWS, TAKEN_FILE, Command
from gateway.graph.derivation import Names, graph_name, inside
from gateway.graph.fact_types import FACTS
from gateway.graph.field_sources import READS, ColumnValue
from gateway.graph.fields import ID, argument, describe, inside_list, value
from gateway.graph.reference_types import REFERENCES
from gateway.graph.roots import ROOT
from gateway.graph.scalars import Date, DateTime, Decimal, Id, Json
from gateway.graph.words import WORDS

ROW_KINDS: Final[Mapping[str, Any]] = {fact.noun.name: fact.kind for fact in FACTS}
FORMATS: Final[Mapping[str, Any]] = {"uuid": Id, "date": Date, "date-time": DateTime}
PLAIN: Final[Mapping[str, Any]] = {"integer": int, "number": float, "boolean": bool, "string": str, "object": Json}
ENUMS: Final[tuple[ModuleType, ...]] = (alerts, organisations, reports, sensitivity)


@strawberry.type(description=describe("Why a row is rejected.", "سبب رفض صف."))
class Fault:
    code: str = value("Stable code.", "رمز ثابت.", column="code")
    detail: str = value("In words.", "بالكلمات.", column="detail")
    field: str | None = value("Which field.", "أي حقل.", column="field")


@strawberry.type(description=describe("What became of one row.", "ما آل إليه صف واحد."))
class Outcome:
    row: int = value("Its number, from 1 on.", "رقمه، بدءاً من 1.", column="row")
    status: str = value("rejected, or what was done.", "rejected أي مرفوض، أو ما جرى.", column="status")
    id: Id | None = value("Id of what stands now.", "معرّف ما هو قائم الآن.", column="id")
    version: int | None = value("Its version.", "نسخته.", column="version")
    flags: list[str] = value("What was noticed about it.", "ملاحظات آلية.", column="flags")
    errors: list[Fault] = inside_list("Why it is rejected.", "أسباب رفضه.", column="errors")


@strawberry.type(description=describe("What became of rows sent together.", "ما آلت إليه صفوف أُرسلت معاً."))
class Outcomes:
    accepted: int = value("Rows accepted.", "عدد المقبول.", column="accepted")
    rejected: int = value("Rows rejected.", "عدد المرفوض.", column="rejected")
    results: list[Outcome] = inside_list("Each row, in order.", "كل صف بالترتيب.", column="results")


@strawberry.type(description=describe("A change that was made.", "تغيير أُجري."))
class Done:
    id: str | None = value("Id of what was changed.", "معرّف ما جرى تغييره.", column="id")
    version: int | None = value("Its version now.", "نسخته الآن.", column="version")
    answer: Json | None = value("What the service says of it, as by REST.", "جواب الخدمة كما في REST.", column="answer")


KEY: Final = argument(
    str,
    "idempotency_key",
    "Of your choice: the same again with the same key is done once, and answered as the first time.",
    "من اختيارك: الطلب نفسه بالمفتاح نفسه يُنفَّذ مرة واحدة ويُجاب عنه كالمرة الأولى.",
)
VERSION: Final = argument(int, "version", "The version the change is made for.", "النسخة التي يُجرى التغيير عليها.")
CODED: Final = argument(str, "id", "Id or code.", "المعرّف أو الرمز.")


@cache
def mutation() -> type:
    """The type of all mutations."""
    taken = orjson.loads(TAKEN_FILE.read_bytes())
    fields = {name: _field(name, command, taken[name]) for name, command in COMMANDS.items()}
    kinds = {name: _answered(command) for name, command in COMMANDS.items()}
    return strawberry.type(
        type("Mutation", (), {"__annotations__": {name: kind | None for name, kind in kinds.items()}, **fields}),
        description=describe(
            "What can be changed, one after the other. By POST alone.",
            "ما يمكن تغييره، واحداً بعد الآخر، عبر POST وحدها.",
        ),
    )


def _answered(command: Command) -> Any:
    if command.takes_rows:
        return Outcomes
    return ROW_KINDS[command.row.path.split("/")[2]] if command.row else Done


def _field(name: str, command: Command, taken: Mapping[str, Any]) -> StrawberryField:
    declared: StrawberryField = strawberry.field(description=describe(command.en, command.ar), metadata={ROOT: command})
    declared.arguments = list(_arguments(name, command, taken))
    return declared


def _arguments(name: str, command: Command, taken: Mapping[str, Any]) -> Iterator[Any]:
    if "{" in command.path:
        yield CODED if "{country}" in command.path or "{client_id}" in command.path else ID
    if taken["versioned"]:
        yield VERSION
    if taken["body"]:
        inputs = Inputs(f"{name.title().replace('_', '')}Input", taken["schemas"], _answered(command))
        if command.takes_rows:
            yield argument(list[inputs.of_rows(taken["body"])], ROWS, "The rows.", "الصفوف.")  # type: ignore[misc]
        else:
            yield argument(inputs.kind(taken["body"]), "input", "What is sent.", "ما يُرسل.")
    yield KEY


class Inputs:
    """Input types of one command, from the schemas its service tells, in the words of the row that answers it."""

    def __init__(self, name: str, schemas: Mapping[str, Any], answer: Any) -> None:
        self._name = name
        self._schemas = schemas
        self._answer = answer

    def of_rows(self, body: Mapping[str, Any]) -> Any:
        """The type of one of the rows, which may come alone too."""
        [row] = [each for each in body["anyOf"] if each.get("type") != "array"]
        return self._object(self._name, row)

    def kind(self, schema: Mapping[str, Any]) -> Any:
        """The type of a value."""
        if "anyOf" in schema:
            parts = [each for each in schema["anyOf"] if each.get("type") != "null"]
            kind = Decimal if {"number", "string"} == {each.get("type") for each in parts} else self.kind(parts[0])
            return kind | None if len(parts) < len(schema["anyOf"]) else kind
        if "$ref" in schema:
            return self._named(schema["$ref"].rpartition("/")[2])
        if schema.get("type") == "array":
            return list[self.kind(schema["items"])]  # type: ignore[misc]
        return FORMATS.get(schema.get("format", ""), PLAIN[schema.get("type", "string")])

    def _named(self, name: str) -> Any:
        schema = self._schemas[name]
        if "enum" in schema:
            return next((getattr(each, name) for each in ENUMS if has_enum(each, name)), str)
        if "properties" not in schema:
            return self.kind(schema)
        top = self._name if not _INPUTS.get(self._name) else None
        return self._object(top or f"{re.sub('^(Sent|New)', '', name)}Input", schema)

    def _object(self, name: str, schema: Mapping[str, Any]) -> Any:
        if name in _INPUTS:
            return _INPUTS[name]
        _INPUTS[name] = Any  # its name is taken while its fields are made
        required = schema.get("required", ())
        own = _of_answer(self._answer) if name == self._name else {}
        kinds, fields = {}, {}
        for field, said in schema["properties"].items():
            kind = self.kind(said)
            kinds[field] = kind if field in required else kind | None
            default = {} if field in required else {"default": strawberry.UNSET}
            fields[field] = strawberry.field(
                name=graph_name(field), description=own.get(field) or described(field), **default
            )
        made = type(name, (), {"__annotations__": kinds, **fields})
        _INPUTS[name] = strawberry.input(made, description=describe("What is sent.", "ما يُرسل."))
        return _INPUTS[name]


_INPUTS: dict[str, Any] = {}
"""Input types by their names: what several commands take is one type."""


def has_enum(module: ModuleType, name: str) -> bool:
    """Whether the graph has an enum of this name."""
    return hasattr(getattr(module, name, None), "__strawberry_definition__")


@cache
def described(name: str) -> str:
    """What a field is, in both languages: as answers say, where they have a field of this name."""
    if name in WORDS:
        return describe(*WORDS[name])
    return _of_answers()[name]


@cache
def _of_answers() -> Mapping[str, str]:
    kinds = (Names, *(fact.kind for fact in (*FACTS, *REFERENCES)), inside(AlertText))
    return {name: said for kind in reversed(kinds) for name, said in _of_answer(kind).items()}


def _of_answer(kind: Any) -> Mapping[str, str]:
    """What the fields of this type are, by the columns they are of; the first of a column says it."""
    found: dict[str, str] = {}
    for each in kind.__strawberry_definition__.fields:
        if isinstance(each.metadata.get(READS), ColumnValue) and each.description:
            found.setdefault(each.metadata[READS].name, each.description)
    return found


def name_inputs(kinds: Mapping[str, Any]) -> None:
    """Let the library read the inputs of commands by the names their services know."""
    for name, kind in kinds.items():
        if name in _INPUTS and isinstance(kind, GraphQLInputObjectType):
            for declared in _INPUTS[name].__strawberry_definition__.fields:
                shown = declared.graphql_name or to_camel_case(declared.python_name)
                kind.fields[shown].out_name = declared.python_name
