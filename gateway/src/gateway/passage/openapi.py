"""The OpenAPI of a service as it is through this door."""

from collections.abc import Mapping
from typing import Any

import httpx2
import orjson
from runtime.problems import Unavailable

OWN_PATHS = ("/oauth/", "/.well-known/")
"""Paths that stand at the root of the gateway, not under a service's name."""


async def openapi_of(http: httpx2.AsyncClient, service: str, origin: str) -> bytes:
    """The service's own document with its addresses told anew. Raises `Unavailable`."""
    try:
        answer = await http.get(f"{origin}/openapi.json")
        answer.raise_for_status()
    except httpx2.HTTPError as failed:
        raise Unavailable from failed
    return orjson.dumps(seen_from_outside(orjson.loads(answer.content), service))


def seen_from_outside(document: Mapping[str, Any], service: str) -> dict[str, Any]:
    """Without internal paths, and with the gateway's addresses."""
    paths = {
        path: {"servers": [{"url": "/"}], **item} if path.startswith(OWN_PATHS) else item
        for path, item in document["paths"].items()
        if path.startswith(("/v1/", *OWN_PATHS))
    }
    return {**document, "paths": paths, "servers": [{"url": f"/api/{service}"}]}
