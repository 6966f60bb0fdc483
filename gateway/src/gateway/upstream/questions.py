"""Asking a service, and hearing its refusal in its own words."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import aiohttp
import orjson
import structlog
from opentelemetry import propagate
from runtime.language import Language
from runtime.problems import Refusal, Unavailable

from gateway.errors import ServiceTooSlow
from gateway.pools import Pool
from gateway.upstream.session import MOST

log = structlog.get_logger("questions")
CLOSED = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)
"""The connection ended before any answer. A question changes nothing, so it is asked once more: a kept connection may
have been closed by the other side in the moment it was taken."""


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

    def __init__(
        self,
        session: aiohttp.ClientSession,
        origins: Mapping[str, str],
        *,
        seconds: float,
        most: int = MOST,
        room: str = "questions",
    ) -> None:
        self._session = session
        self._origins = origins
        self._seconds = seconds
        self.pools = {service: Pool(f"{service} {room}", most) for service in origins}

    async def ask(
        self, service: str, path: str, question: Mapping[str, Any], headers: Mapping[str, str]
    ) -> dict[str, Any]:
        """The service's answer. Raises `Refused`, `PartBusy`, `Unavailable`, `ServiceTooSlow`."""
        address, body, pool = self._origins[service] + path, orjson.dumps(question), self.pools[service]
        await pool.take()
        try:
            async with asyncio.timeout(self._seconds):
                status, answer = await self._answered(address, body, _with_trace(headers))
        except (aiohttp.ClientError, OSError) as failed:
            raise failure_of(service, failed) from failed
        finally:
            pool.give_back()
        return understood(service, status, answer)

    async def _answered(self, address: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        try:
            return await self._posted(address, body, headers)
        except CLOSED as closed:
            if isinstance(closed, aiohttp.ClientConnectorError):
                raise  # nobody listens there
            return await self._posted(address, body, headers)

    async def _posted(self, address: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        async with self._session.post(address, data=body, headers=headers, allow_redirects=False) as answer:
            return answer.status, await answer.read()


def _with_trace(headers: Mapping[str, str]) -> dict[str, str]:
    carried = {**headers, "content-type": "application/json"}
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
