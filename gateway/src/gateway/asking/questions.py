"""Asking a service, and hearing its refusal in its own words."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from opentelemetry import propagate
from runtime.language import Language
from runtime.problems import Refusal, Unavailable

from gateway.asking.lines import Lines
from gateway.errors import ServiceTooSlow

log = structlog.get_logger("questions")


class Refused(Refusal):
    """A service refused, in its own words."""

    ar = "رفضت إحدى الخدمات الطلب."

    def __init__(self, problem: Mapping[str, Any]) -> None:
        super().__init__()
        self.code = str(problem.get("code", "refused"))  # type: ignore[misc]
        self.errors = problem.get("errors")
        self._detail = str(problem.get("detail", ""))

    def sentence(self, language: Language) -> str:
        return self._detail


class WrongQuestion(RuntimeError):
    """A service did not understand what the gateway asked: a fault of ours."""


class Questions:
    """Asks the services' internal queries."""

    def __init__(self, origins: Mapping[str, str], *, seconds: float) -> None:
        self._lines = {service: Lines(origin) for service, origin in origins.items()}
        self._seconds = seconds

    async def ask(
        self, service: str, path: str, question: Mapping[str, Any], headers: Mapping[str, str]
    ) -> dict[str, Any]:
        """The service's answer. Raises `Refused`, `Unavailable`, `ServiceTooSlow`."""
        lines = self._lines[service]
        request = _written(lines.authority, path, orjson.dumps(question), headers)
        try:
            async with asyncio.timeout(self._seconds):
                answer = await lines.ask(request)
        except TimeoutError as slow:
            log.warning("slow", service=service)
            raise ServiceTooSlow from slow
        except OSError as failed:
            log.warning("unreachable", service=service, cause=type(failed).__name__)
            raise Unavailable from failed
        return understood(service, answer.status, answer.body)

    def close(self) -> None:
        for lines in self._lines.values():
            lines.close()


def _written(authority: bytes, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """The question as it goes over the line, with the trace it belongs to."""
    carried = dict(headers)
    propagate.inject(carried)
    # Values were parsed from a request's own header lines, so none of them can hold a line break.
    told = "".join(f"{name}: {value}\r\n" for name, value in carried.items()).encode("latin-1")
    start = b"POST %b HTTP/1.1\r\nhost: %b\r\ncontent-type: application/json\r\n" % (path.encode(), authority)
    return b"%b%bcontent-length: %d\r\n\r\n%b" % (start, told, len(body), body)


def understood(service: str, status: int, body: bytes) -> dict[str, Any]:
    """The content of an answer, or the refusal it is."""
    if status == HTTPStatus.OK:
        content: dict[str, Any] = orjson.loads(body)
        return content
    if status in (HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE):
        raise Unavailable
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise WrongQuestion(f"{service} answered {status}")
    raise Refused(_problem(body))


def _problem(body: bytes) -> Mapping[str, Any]:
    try:
        problem = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return problem if isinstance(problem, dict) else {}
