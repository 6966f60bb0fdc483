"""The OpenAPI of a service as it is through this door."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import httpx2
import orjson
from runtime.openapi import operations_of, problem_answer
from runtime.problems import Unavailable

from gateway.errors import ServiceTooSlow, UnsafePath

OWN_PATHS = ("/oauth/", "/.well-known/")
"""Paths that stand at the root of the gateway, not under a service's name."""


async def openapi_of(http: httpx2.AsyncClient, service: str, origin: str) -> bytes:
    """The service's own document with its addresses told anew. Raises `Unavailable`."""
    try:
        answer = await http.get(f"{origin}/openapi.json")
        answer.raise_for_status()
    except httpx2.HTTPError as failed:
        raise Unavailable from failed
    return orjson.dumps(public_document(orjson.loads(answer.content), service))


def public_document(document: Mapping[str, Any], service: str) -> dict[str, Any]:
    """Without internal paths, and with the gateway's addresses."""
    paths = {
        path: {"servers": [{"url": "/"}], **item} if path.startswith(OWN_PATHS) else item
        for path, item in document["paths"].items()
        if path.startswith(("/v1/", *OWN_PATHS))
    }
    told = {**document, "paths": paths, "servers": [{"url": f"/api/{service}"}]}
    for path, _, operation in operations_of(told):
        _describe_own_refusals(path, operation.setdefault("responses", {}))
    return told


def _describe_own_refusals(path: str, answers: dict[str, Any]) -> None:
    """What this door refuses by itself, before a service hears of it or where that is too slow."""
    own = {str(int(kind.status)): kind.code for kind in (ServiceTooSlow, *((UnsafePath,) if "{" in path else ()))}
    own["401"] = "a token that does not hold"
    own["503"] = "this part is busy or away"
    own["429"] = "too many requests for one client, person or address"
    for status, said in own.items():
        answers.setdefault(status, problem_answer(f"{HTTPStatus(int(status)).phrase}: {said}."))
