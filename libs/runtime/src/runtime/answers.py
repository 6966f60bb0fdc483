"""Answers that are made of rows: JSON at once, with the version as ETag where there is one."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from contracts.nouns import Versioned
from database import values_of
from fastapi import Response

from runtime.problems import VersionMismatch, VersionMissing

ETAG = re.compile(r'"v(\d{1,18})(?:-[0-9a-f]{1,64})?"', re.ASCII)
"""The version, and of an answer to a look a digest of it (`runtime.conditional`)."""
NO_VERSION = -1


def json_answer(content: object, status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None) -> Response:
    """The content as JSON."""
    return Response(orjson.dumps(content, default=str), status, headers, "application/json")


def versioned(
    row: Mapping[str, Any] | Versioned, status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None
) -> Response:
    """The row as JSON with the ETag of its version."""
    content = values_of(row)
    return json_answer(content, status, {"ETag": etag(content["version"]), **(headers or {})})


def etag(version: int) -> str:
    return f'"v{version}"'


def expected_version(if_match: str | None) -> int | None:
    """The version a change is made for; None for any. What is no ETag of ours matches no version.

    Raises `VersionMissing`.
    """
    if if_match is None:
        raise VersionMissing("If-Match")
    if if_match.strip() == "*":
        return None
    found = ETAG.fullmatch(if_match.strip())
    return int(found[1]) if found else NO_VERSION


def check_version(expected: int | None, current: int) -> None:
    """Raises `VersionMismatch` unless the change is made for the version that stands."""
    if expected is not None and expected != current:
        raise VersionMismatch("If-Match", current=current)
