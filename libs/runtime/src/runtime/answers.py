"""Answers that are made of rows: JSON at once, with the version as ETag where there is one."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import Response


def json_answer(content: object, status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None) -> Response:
    """The content as JSON."""
    return Response(orjson.dumps(content, default=str), status, headers, "application/json")


def versioned(
    content: Mapping[str, Any], status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None
) -> Response:
    """The content as JSON with the ETag of its version."""
    return json_answer(content, status, {"ETag": etag(content["version"]), **(headers or {})})


def etag(version: int) -> str:
    return f'"v{version}"'
