"""Asking a service, and hearing its refusal in its own words."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any, Self

import aiohttp
import orjson
import structlog
from opentelemetry import propagate
from runtime.language import Language
from runtime.problems import Refusal, Unavailable

from gateway.errors import ServiceTooSlow
from gateway.pools import Pool
from gateway.upstream.connections import QuestionConnections

log = structlog.get_logger("questions")
MOST = 100
"""Questions under way to one service; counted for each, so that a slow one takes none from the others."""


class ServiceRefusal(Refusal):
    """A part of the platform refused what was asked."""

    ar = "رفض أحد أجزاء المنصة هذا الطلب."

    def __init__(self, problem: Mapping[str, Any]) -> None:
        super().__init__()
        self.code = str(problem.get("code", "refused"))  # type: ignore[misc]
        self.formerly(problem.get("legacy_code"))
        self.errors: list[Mapping[str, Any]] | None = problem.get("errors")
        self._detail = problem.get("detail")

    def about(self, fields: Mapping[str, str]) -> "ServiceRefusal":
        """The same, with its fields called as the asker calls them."""
        self.errors = [_renamed(error, fields) for error in self.errors or ()] or None
        return self

    def sentence(self, language: Language) -> str:
        return str(self._detail or super().sentence(language))


def _renamed(error: Mapping[str, Any], fields: Mapping[str, str]) -> Mapping[str, Any]:
    field = error.get("field")
    if not isinstance(field, str):
        return error
    name, dot, inside = field.partition(".")  # such as `area.0`, the first of several
    return {**error, "field": fields.get(field) or f"{fields.get(name, name)}{dot}{inside}"}


class InvalidServiceQuery(RuntimeError):
    """A service did not understand what the gateway asked: a fault of ours."""


class ServiceQueries:
    """Asks the services' internal queries."""

    def __init__(self, connections: Mapping[str, QuestionConnections], seconds: float, room: str = "questions") -> None:
        self._connections = connections
        self._seconds = seconds
        self.pools = {service: Pool(f"{service} {room}", MOST) for service in connections}

    @classmethod
    @asynccontextmanager
    async def opened(cls, origins: Mapping[str, str], seconds: float, room: str = "questions") -> AsyncIterator[Self]:
        """Questions to the services at these origins."""
        connections = {service: QuestionConnections(origin) for service, origin in origins.items()}
        try:
            yield cls(connections, seconds, room)
        finally:
            for each in connections.values():
                each.close()

    async def ask(
        self, service: str, path: str, question: Mapping[str, Any], headers: Mapping[str, str]
    ) -> dict[str, Any]:
        """The service's answer. Raises `Refused`, `PartBusy`, `Unavailable`, `ServiceTooSlow`."""
        body, pool = orjson.dumps(question), self.pools[service]
        await pool.take()
        try:
            async with asyncio.timeout(self._seconds):
                status, answer = await self._connections[service].post(path, body, _with_trace(headers))
        except OSError as failed:
            raise failure_of(service, failed) from failed
        finally:
            pool.give_back()
        return understood(service, status, answer)


def _with_trace(headers: Mapping[str, str]) -> dict[str, str]:
    carried = dict(headers)
    propagate.inject(carried)
    return carried


def failure_of(service: str, failed: Exception) -> Refusal:
    """What a failed connection to a service is to who asked."""
    # A connection that can't be made in time is a service that can't be reached, not a slow one.
    slow = isinstance(failed, TimeoutError) and not isinstance(failed, aiohttp.ConnectionTimeoutError)
    log.warning("slow" if slow else "unreachable", service=service, cause=type(failed).__name__)
    return ServiceTooSlow() if slow else Unavailable()


def understood(service: str, status: int, body: bytes) -> dict[str, Any]:
    """The content of an answer, or the refusal it is."""
    if status == HTTPStatus.OK:
        content: dict[str, Any] = orjson.loads(body)
        return content
    if status in (HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE):
        raise Unavailable
    if not HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        raise InvalidServiceQuery(f"{service} answered {status}")
    raise ServiceRefusal(problem_in(body))


def problem_in(body: bytes) -> Mapping[str, Any]:
    """The problem details of a refusal, where it has any."""
    try:
        problem = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return problem if isinstance(problem, dict) else {}
