"""Asking a service to change something: its route is called as a partner would call it, with the caller's token."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import httpx2
import orjson
from runtime.access import JSON
from runtime.problems import Unavailable

from gateway.pools import Upstreams
from gateway.proxy.api import room_of
from gateway.upstream.questions import InvalidServiceQuery, ServiceRefusal, failure_of, problem_in


class ServiceCommands:
    """Calls the services' routes that change something."""

    def __init__(self, upstreams: Upstreams) -> None:
        self._upstreams = upstreams

    async def carry_out(
        self, route: tuple[str, str, str], body: Mapping[str, Any] | list[Any] | None, headers: Mapping[str, str]
    ) -> dict[str, Any]:
        """What the service answers. Raises `Refused`, `PartBusy`, `Unavailable`, `ServiceTooSlow`."""
        service, method, path = route
        upstream = self._upstreams[room_of(method, service, path.encode())]
        sent: dict[str, Any] = (
            {} if body is None else {"content": orjson.dumps(body), "headers": {**headers, "content-type": JSON}}
        )
        async with upstream.pool.place():
            try:
                answer = await upstream.http.request(method, upstream.origin + path, **{"headers": headers, **sent})
            except httpx2.HTTPError as failed:
                late = isinstance(failed, httpx2.ReadTimeout | httpx2.WriteTimeout)
                raise failure_of(service, TimeoutError() if late else failed) from failed
        return _understood(service, answer)


def _understood(service: str, answer: httpx2.Response) -> dict[str, Any]:
    if answer.is_success:
        content: dict[str, Any] = orjson.loads(answer.content) if answer.content else {}
        return content
    if answer.status_code in (HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE):
        raise Unavailable
    if not HTTPStatus.BAD_REQUEST <= answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
        raise InvalidServiceQuery(f"{service} answered {answer.status_code}")
    problem = problem_in(answer.content)
    if "results" in problem:  # of rows sent together, each of which is refused by itself
        return dict(problem)
    raise ServiceRefusal(problem)
