"""What can go wrong: the platform refuses a request, or can't be reached."""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx2
import orjson
from contracts.uploads import UploadProblem
from pydantic import BaseModel, ConfigDict


class RowError(BaseModel):
    """One fault: its stable code, a sentence in the reader's language, and its place."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: str
    detail: str = ""
    field: str | None = None
    row: int | None = None
    sheet: str | None = None
    """Of a workbook: the sheet whose row it is."""


Problem = RowError | UploadProblem
"""What was wrong with a row that was sent, by itself or in a file."""


class Refused(Exception):
    """The platform understood the request and does not carry it out (RFC 9457)."""

    def __init__(self, status: int, code: str, detail: str, errors: Sequence[RowError] = ()) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = tuple(errors)
        self.retry_after: float | None = None
        """After how many seconds it may be asked again, where the platform said so."""

    @classmethod
    def by(cls, response: httpx2.Response) -> "Refused":
        """The refusal an answer of 4xx or 5xx holds; an answer without a problem is named by its status."""
        refused = cls._by(response, _object(response))
        refused.retry_after = seconds_wished(response)
        return refused

    @classmethod
    def _by(cls, response: httpx2.Response, body: Mapping[str, Any]) -> "Refused":
        if error := _of_graph(body):
            return cls.in_graph(response.status_code, error)
        code = body.get("code") or body.get("error") or f"http_{response.status_code}"
        detail = body.get("detail") or body.get("error_description") or response.reason_phrase
        return cls(response.status_code, str(code), str(detail), _errors(body))

    @classmethod
    def in_graph(cls, status: int, error: Mapping[str, Any]) -> "Refused":
        """The refusal an entry of GraphQL's `errors` holds."""
        said = error.get("extensions") or {}
        return cls(status, str(said.get("code", "graphql")), str(error.get("message", "")), _errors(said))


class Unreachable(Exception):
    """The platform did not answer, however often it was asked."""


def seconds_wished(response: httpx2.Response) -> float | None:
    """What `Retry-After` says, where it says seconds."""
    wished = response.headers.get("retry-after", "")
    return float(wished) if wished.isascii() and wished.isdigit() and len(wished) < 10 else None


def _object(response: httpx2.Response) -> Mapping[str, Any]:
    try:
        body = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}


def _of_graph(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    listed = body.get("errors")
    first = listed[0] if isinstance(listed, list) and listed else None
    return first if isinstance(first, dict) and "extensions" in first and "code" not in body else None


def _errors(body: Mapping[str, Any]) -> list[RowError]:
    listed = body.get("errors")
    return [RowError.model_validate(error) for error in listed or () if isinstance(error, dict) and "code" in error]
