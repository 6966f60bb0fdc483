"""The forms by which people come and go. After each the browser is sent on; a program that asks for JSON gets it."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request, Response
from runtime.answers import json_answer
from runtime.problems import Refusal, SessionEnded, problem_for
from runtime.routing import AuthorizedRoute

from gateway.access import FORMS
from gateway.errors import CrossSite, PasswordsDiffer
from gateway.signing_in import registry
from gateway.signing_in.cookie import SECRET, Cookie, DeviceCookie
from gateway.signing_in.forms import fields_of, needed, own_path, wants_json, with_query
from gateway.signing_in.middleware import own_origins
from gateway.signing_in.origin import is_own
from gateway.signing_in.sessions import ExchangedSession, signed_in_by


class FormRoute(AuthorizedRoute):
    """Takes what comes from our own pages; a refusal goes back to the page with its code."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            # With or without a cookie: another site must not sign anybody in as somebody else either.
            if not is_own(request.headers, own_origins(request)):
                raise CrossSite
            try:
                response: Response = await handle(request)
            except Refusal as refusal:
                if wants_json(request):
                    raise
                return _sent_on(getattr(request.state, "back", ReturnPage()).with_refusal(refusal))
            return response

        return answer


class ReturnPage:
    """Where a refusal is shown."""

    def __init__(self, path: str = "/", **parts: str) -> None:
        self._path = path
        self._parts = parts

    def with_refusal(self, refusal: Refusal) -> str:
        return with_query(self._path, **self._parts, refused=refusal.code)


router = APIRouter(route_class=FormRoute, include_in_schema=False)


@router.post("/sign-in")
@FORMS
async def sign_in(request: Request) -> Response:
    """Sign in: `email`, `password`, and `next`, a path of ours to go to."""
    fields = await fields_of(request)
    opened = await registry.open_session(request, needed(fields, "email"), needed(fields, "password"))
    return _signed_in(request, opened, own_path(fields.get("next")))


@router.post("/invitation")
@FORMS
async def accept_invitation(request: Request) -> Response:
    """Set the password an invitation was made for, and sign in: `token`, `password`, `password_again`."""
    fields = await fields_of(request)
    token = needed(fields, "token")
    request.state.back = (
        ReturnPage("/invitation", token=token) if SECRET.fullmatch(token) else ReturnPage("/invitation")
    )
    if needed(fields, "password") != needed(fields, "password_again"):
        raise PasswordsDiffer("password_again")
    return _signed_in(request, await registry.open_session_by_invitation(request, token, fields["password"]), "/")


@router.post("/sign-out")
@FORMS
async def sign_out(request: Request) -> Response:
    """Sign out. The cookie goes also where the registry can't be told now: then the page says so."""
    answer = _done(request, "/")
    try:
        if signed_in := _current_session(request):
            try:
                await registry.end_session(request, signed_in)
            finally:  # only now: what another request exchanged meanwhile would be kept
                request.app.state.sessions.forget(request.state.secret)
    except Refusal as refusal:
        answer = problem_for(request, refusal) if wants_json(request) else _sent_on(ReturnPage().with_refusal(refusal))
    answer.headers.append("set-cookie", _cookie(request).cleared())
    return answer


@router.post("/act-as")
@FORMS
async def act_as(request: Request) -> Response:
    """Act under another grant: `grant_id`, and `next`, a path of ours to go to."""
    signed_in = _current_session(request)
    if signed_in is None:
        raise SessionEnded
    fields = await fields_of(request)
    await registry.act_as(request, signed_in, needed(fields, "grant_id"))
    request.app.state.sessions.forget(request.state.secret)
    return _done(request, own_path(fields.get("next")))


def _current_session(request: Request) -> ExchangedSession | None:
    """Who is signed in. Raises what kept us from knowing."""
    if failed := getattr(request.state, "not_exchanged", None):
        raise failed
    return signed_in_by(request)


def _signed_in(request: Request, opened: Mapping[str, Any], following: str) -> Response:
    told = {name: value for name, value in opened.items() if name not in ("secret", "device")}
    answer = json_answer(told) if wants_json(request) else _sent_on(following)
    answer.headers.append("set-cookie", _cookie(request).holding(opened["secret"]))
    device_cookie: DeviceCookie = request.app.state.device_cookie
    answer.headers.append("set-cookie", device_cookie.holding(opened["device"], registry.devices_of(request)))
    return answer


def _done(request: Request, following: str) -> Response:
    return Response(status_code=HTTPStatus.NO_CONTENT) if wants_json(request) else _sent_on(following)


def _sent_on(path: str) -> Response:
    return Response(status_code=HTTPStatus.SEE_OTHER, headers={"Location": path})


def _cookie(request: Request) -> Cookie:
    cookie: Cookie = request.app.state.cookie
    return cookie
