"""Whatever a service answers in a test is what its OpenAPI says it answers: nothing missing, nothing besides."""

import re
from collections.abc import Mapping
from typing import Any

import httpx2
import jsonschema_rs
from fastapi import FastAPI
from runtime.openapi import operations_of

Operation = tuple[str, re.Pattern[str], Mapping[str, Any]]
NO_CONTENT = 204
_KNOWN: dict[str, "Answers"] = {}


class Answers:
    """The answers a document promises."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        closed = _closed(document)
        self._components = closed["components"]
        self._operations: list[Operation] = sorted(
            (
                (method, re.compile(re.sub(r"{\w+}", "[^/]+", path)), operation["responses"])
                for path, method, operation in operations_of(closed)
            ),
            key=lambda operation: operation[1].pattern.count("[^/]+"),  # `/alerts/stream` before `/alerts/{id}`
        )
        self._validators: dict[int, Any] = {}

    @classmethod
    def of(cls, app: FastAPI) -> "Answers":
        """Those of a service's application; made once for all of that service."""
        service = str(app.state.service.folder)
        if service not in _KNOWN:
            _KNOWN[service] = cls(app.openapi())
        return _KNOWN[service]

    async def check(self, response: httpx2.Response) -> None:
        """Raises `AssertionError` where this JSON is not what was promised; what is no JSON may have no end."""
        kind = response.headers.get("content-type", "").partition(";")[0]
        if not response.is_success or kind != "application/json" or response.status_code == NO_CONTENT:
            return
        schema = self._schema(response.request.method.lower(), response.request.url.path, response.status_code)
        if schema is None:
            return
        await response.aread()
        validator = self._validators.get(id(schema))
        if validator is None:
            whole = {**schema, "components": self._components}
            validator = self._validators[id(schema)] = jsonschema_rs.validator_for(whole, validate_formats=True)
        faults = [
            f"{'.'.join(map(str, fault.instance_path))}: {fault.message[:300]}"
            for fault in validator.iter_errors(response.json())
        ]
        assert not faults, (response.request.method, response.request.url.path, faults[:5])

    def _schema(self, method: str, path: str, status: int) -> Any:
        """The schema of an answer; nothing of what stands in no document, such as the gateway's own questions."""
        for known, pattern, answers in self._operations:
            if known == method and pattern.fullmatch(path):
                assert str(status) in answers, (method, path, status)
                return answers[str(status)]["content"]["application/json"]["schema"]
        return None


def _closed(node: Any) -> Any:
    """The document with objects that have nothing besides what it says."""
    if isinstance(node, list):
        return [_closed(each) for each in node]
    if not isinstance(node, dict):
        return node
    closed = {name: _closed(each) for name, each in node.items()}
    if isinstance(node.get("properties"), dict) and "additionalProperties" not in node and node.get("type") == "object":
        closed["additionalProperties"] = False
    return closed
