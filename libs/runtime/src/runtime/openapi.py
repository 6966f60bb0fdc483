"""What a service's OpenAPI says beside FastAPI's own: every refusal as the problem it is, and references that resolve.

What any route of a kind can refuse is read off its row of the table of routes; what one refuses by itself it says with
`refuses`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from runtime.access import ANY_CONTENT, Role, RouteTable, Rule
from runtime.changes import UnknownPosition
from runtime.problems import (
    MEDIA_TYPE,
    AnswerNotKept,
    BodyTooLarge,
    Invalid,
    InvalidCursor,
    InvalidToken,
    KeyReused,
    MalformedBody,
    MalformedKey,
    MissingToken,
    NotFound,
    NotPermitted,
    NotYours,
    Refusal,
    StillRunning,
    Unavailable,
    UnsupportedContentType,
    VersionMismatch,
    VersionMissing,
)

Document = dict[str, Any]
METHODS = ("get", "put", "post", "delete", "patch")
OWN = "x-refuses"
"""Where `refuses` leaves what a route says, until the document is made."""
BEARER = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "A token of `POST /oauth/token`, good for five minutes.",
}
ERROR = {
    "type": "object",
    "required": ["code", "detail"],
    "properties": {
        "code": {"type": "string", "description": "Stable name of the reason."},
        "legacy_code": {
            "type": "string",
            "deprecated": True,
            "description": "What it was called in the release before, where it was called otherwise.",
        },
        "detail": {"type": "string", "description": "The reason in Arabic, or in English where that is preferred."},
        "field": {"type": "string", "description": "Path of the field."},
        "row": {"type": "integer", "description": "Number of the row, where rows were sent."},
    },
}
PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "description": "`urn:tansiq:problem:` and the code."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": ERROR["properties"]["code"],  # type: ignore[index]
        "legacy_code": ERROR["properties"]["legacy_code"],  # type: ignore[index]
        "detail": ERROR["properties"]["detail"],  # type: ignore[index]
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/ProblemError"}},
    },
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    "description": "Your own key of this request: sent again with it, within 24 hours, it is done once and the first "
    "answer comes again.",
}
BY_ITSELF = "x-refuses-by-itself"
FASTAPIS_OWN = ("HTTPValidationError", "ValidationError")


def refuses(*kinds: type[Refusal]) -> Document:
    """For `openapi_extra` of a route: what it refuses beside what all of its kind do."""
    return {OWN: [(int(kind.status), kind.code) for kind in kinds]}


def refuses_by_itself() -> Document:
    """For `openapi_extra` of a route that turns refusals into another form, which it documents itself."""
    return {BY_ITSELF: True}


def described(document: Document, access: RouteTable) -> Document:
    """The document FastAPI makes, with refusals, security, and definitions where references look for them."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for path, method, operation in operations_of(document):
        rule = access.get((method.upper(), path))
        if rule is not None:
            _describe(operation, method, path, rule)
    _gather(document, schemas)
    for name in FASTAPIS_OWN:
        schemas.pop(name, None)
    schemas |= {"Problem": PROBLEM, "ProblemError": ERROR}
    document["components"]["securitySchemes"] = {"bearer": BEARER}
    return document


def operations_of(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Document]]:
    """Path, method and operation."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def problem_answer(description: str) -> Document:
    """A refusal among the answers of an operation."""
    return {"description": description, "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}


def _describe(operation: Document, method: str, path: str, rule: Rule) -> None:
    answers = operation["responses"]
    _drop_fastapis_own(answers)
    if _keeps_answers(method, rule):
        operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
    operation["security"] = _security(rule)
    usual = [(int(kind.status), kind.code) for kind in _usual(operation, method, path, rule)]
    for status, codes in _by_status([*usual, *operation.pop(OWN, ())]).items():
        refusal = problem_answer(f"{HTTPStatus(status).phrase}: {', '.join(f'`{code}`' for code in codes)}.")
        if str(status) in answers:  # rows that were all refused, told row by row
            answers[str(status)]["content"] |= refusal["content"]
        else:
            answers[str(status)] = refusal
    for parameter in operation.get("parameters", ()):
        if parameter["schema"].pop("deprecated", False):
            parameter["deprecated"] = True


def _drop_fastapis_own(answers: Document) -> None:
    """A 422 of FastAPI's form is none of ours; what a route says of its own 422 was laid over it."""
    said = answers.get("422", {}).get("content", {}).get("application/json", {}).get("schema", {})
    if str(said.get("$ref", "")).endswith(FASTAPIS_OWN):
        del said["$ref"]
        if not said:
            del answers["422"]


def _security(rule: Rule) -> list[dict[str, list[str]]]:
    if rule.own_credentials:
        return []
    return [{"bearer": []}, {}] if Role.PUBLIC in rule.roles else [{"bearer": []}]


def _keeps_answers(method: str, rule: Rule) -> bool:
    return method != "get" and not rule.read_only


def _usual(operation: Document, method: str, path: str, rule: Rule) -> Iterator[type[Refusal]]:
    """What any route of this kind refuses."""
    yield Unavailable
    if operation.pop(BY_ITSELF, False):
        return
    named = {parameter["name"].lower() for parameter in operation.get("parameters", ())}
    has_body = "requestBody" in operation
    if not rule.own_credentials:
        yield from (InvalidToken,) if Role.PUBLIC in rule.roles else (MissingToken, InvalidToken, NotPermitted)
        if method != "get" and Role.PUBLIC not in rule.roles:
            yield NotYours
    if "{" in path:
        yield NotFound
    if has_body or named:
        yield Invalid
    if has_body:
        yield MalformedBody
    if method != "get":
        yield BodyTooLarge
        if rule.content_types is not ANY_CONTENT:
            yield UnsupportedContentType
    if "after" in named:
        yield InvalidCursor
    if "changes_after" in named:
        yield UnknownPosition
    if "if-match" in named:
        yield from (VersionMismatch, VersionMissing)
    if _keeps_answers(method, rule):
        yield from (MalformedKey, KeyReused, StillRunning, AnswerNotKept)


def _by_status(refused: Iterable[Sequence[Any]]) -> dict[int, list[str]]:
    found: dict[int, dict[str, None]] = {}
    for status, code in refused:
        found.setdefault(status, {})[code] = None
    return {status: list(codes) for status, codes in sorted(found.items())}


def _gather(node: Any, schemas: dict[str, Any]) -> None:
    """Definitions that lie inside a schema go to where all references point."""
    if isinstance(node, list):
        for each in node:
            _gather(each, schemas)
    elif isinstance(node, dict):
        if isinstance(definitions := node.pop("$defs", None), dict):
            for name, definition in definitions.items():
                _gather(definition, schemas)
                schemas.setdefault(name, definition)
        reference = node.get("$ref")
        if isinstance(reference, str) and reference.startswith("#/$defs/"):
            node["$ref"] = "#/components/schemas/" + reference.removeprefix("#/$defs/")
        for each in list(node.values()):
            _gather(each, schemas)
