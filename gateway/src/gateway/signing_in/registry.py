"""What is asked of the registry when somebody comes or goes. Each is sent once: a second try would count as one."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import httpx2
import structlog
from fastapi import Request
from runtime.problems import Unavailable

from gateway.pools import IDENTITY, Upstream
from gateway.signing_in.cookie import DeviceCookie
from gateway.signing_in.sessions import ExchangedSession
from gateway.upstream.questions import ServiceRefusal, problem_in

log = structlog.get_logger("signing_in")


class RegistryRefusal(ServiceRefusal):
    """The registry declined."""

    ar = "رفض السجل هذا الطلب."

    def __init__(self, answer: httpx2.Response) -> None:
        super().__init__(problem_in(answer.content))
        self.status = answer.status_code  # type: ignore[misc]
        self.headers = {name: answer.headers[name] for name in ("Retry-After",) if name in answer.headers}


async def ask(
    request: Request, method: str, path: str, body: Mapping[str, object] | None = None, token: str | None = None
) -> dict[str, Any]:
    """The registry's answer. Raises `RegistryRefusal`, `PartBusy`, `Unavailable`."""
    upstream: Upstream = request.app.state.upstreams[IDENTITY]
    headers = {"accept-language": request.headers.get("accept-language", "ar")}
    if token:
        headers["authorization"] = f"Bearer {token}"
    try:
        async with upstream.pool.place():
            answer = await upstream.http.request(method, upstream.origin + path, json=body, headers=headers)
    except httpx2.HTTPError as failed:
        log.warning("registry_unreachable", cause=type(failed).__name__)
        raise Unavailable from failed
    if answer.is_success:
        content: dict[str, Any] = answer.json() if answer.content else {}
        return content
    if HTTPStatus.BAD_REQUEST <= answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
        raise RegistryRefusal(answer)
    raise Unavailable


async def open_session(request: Request, email: str, password: str) -> dict[str, Any]:
    """A session, with its secret, for address and password."""
    return await ask(request, "POST", "/internal/sessions", {"email": email, "password": password, **_visitor(request)})


async def open_session_by_invitation(request: Request, token: str, password: str) -> dict[str, Any]:
    """A session for who sets the password that an invitation was made for."""
    body = {"token": token, "password": password, **_visitor(request)}
    return await ask(request, "POST", "/internal/sessions/by-invitation", body)


def _visitor(request: Request) -> dict[str, Any]:
    """Where the browser is, and what it was given when it came before."""
    address = request.client.host if request.client else ""
    return {"address": address, "devices": devices_of(request)}


def devices_of(request: Request) -> tuple[str, ...]:
    """The tokens this browser is known by."""
    cookie: DeviceCookie = request.app.state.device_cookie
    return cookie.tokens_in("; ".join(request.headers.getlist("cookie")))


async def end_session(request: Request, signed_in: ExchangedSession) -> None:
    await ask(request, "DELETE", "/v1/session", token=signed_in.token)


async def act_as(request: Request, signed_in: ExchangedSession, grant_id: str) -> None:
    """Act under another grant from now on."""
    await ask(request, "POST", "/v1/session/act-as", {"grant_id": grant_id}, signed_in.token)
