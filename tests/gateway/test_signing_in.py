"""People at the gateway: the cookie in place of a token, pages of other sites, forms and where they lead."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx2
import orjson
import pytest
import pytest_asyncio
from fastapi import APIRouter, FastAPI, Request
from gateway.asking.questions import Questions
from gateway.reference.memory import Memory
from gateway.signing_in.cookie import Cookie
from gateway.signing_in.forms import own_path
from gateway.signing_in.middleware import CookieInPlaceOfToken
from gateway.signing_in.origin import is_own, origins_of
from gateway.signing_in.sessions import KEPT_SECONDS, MOST, Sessions
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from runtime.access import EVERYONE, Caller, Rule
from runtime.edge import GateRoute
from runtime.problems import Unavailable
from runtime.process import server_config
from starlette.applications import Starlette
from starlette.requests import Request as StarletteRequest
from starlette.responses import Response
from starlette.routing import Route
from testkit.ports import dead_address, listening
from testkit.trust import ISSUER, TestIssuer

from gateway import access, main

from .conftest import OpenGateway, settings_of

PASSWORD = "Olive-harvest 1931"
LINK = "L" * 43
OWN = {"Origin": ISSUER}
FORM = {"email": "rana@people.example", "password": PASSWORD}


def grant(role: str) -> dict[str, Any]:
    return {"id": str(uuid4()), "role": role, "organisation_id": None, "sectors": [], "areas": []}


class Registry:
    """A registry of one person, that remembers what it was asked."""

    def __init__(self, issuer: TestIssuer) -> None:
        self.issuer = issuer
        self.sessions: dict[str, dict[str, Any]] = {}
        self.grants = [grant("secretariat"), grant("hub")]
        self.language = "ar"
        self.asked: list[tuple[str, str, dict[str, str], Any]] = []
        self.pause = 0.0
        self.pause_of: dict[str, float] = {}
        self.refusal: tuple[int, dict[str, Any], dict[str, str]] | None = None

    def of(self, path: str) -> list[tuple[str, dict[str, str], Any]]:
        return [(method, headers, body) for method, asked, headers, body in self.asked if asked == path]

    def signed_in(self) -> str:
        secret = f"{len(self.sessions):043d}"
        self.sessions[secret] = self.grants[0]
        return secret

    def _told(self, secret: str) -> dict[str, Any]:
        person = {"id": str(uuid4()), "name": "رنا الخطيب", "language": self.language}
        return {"kind": "person", "person": person, "grants": self.grants, "acting": self.sessions[secret]}

    async def answer(self, request: StarletteRequest) -> Response:
        raw = await request.body()
        body: Any = orjson.loads(raw) if raw else None
        self.asked.append((request.method, request.url.path, dict(request.headers), body))
        await asyncio.sleep(self.pause_of.get(request.method, self.pause))
        if self.refusal:
            status, problem, headers = self.refusal
            return Response(orjson.dumps(problem), status, headers)
        match request.method, request.url.path:
            case "POST", "/internal/sessions/token":
                return self._exchanged(body["secret"])
            case "POST", "/internal/sessions" | "/internal/sessions/by-invitation":
                secret = self.signed_in()
                return Response(orjson.dumps({"secret": secret, **self._told(secret)}), 201)
            case "POST", "/v1/session/act-as":
                for secret in self.sessions:
                    self.sessions[secret] = next(each for each in self.grants if each["id"] == body["grant_id"])
                return Response(b"{}")
            case "DELETE", "/v1/session":
                self.sessions.clear()
                return Response(status_code=204)
        return Response(b'{"seen":true}', headers={"Set-Cookie": "tansiq=stolen"})

    def _exchanged(self, secret: str) -> Response:
        if secret not in self.sessions:
            return Response(orjson.dumps({"code": "session_ended"}), 401)
        role = self.sessions[secret]["role"]
        token = self.issuer.token(role, subject="person-1", session_id=uuid4(), expires_in=60)
        return Response(orjson.dumps({"access_token": token, "expires_in": 60, **self._told(secret)}))


@pytest_asyncio.fixture(loop_scope="session")
async def registry(issuer: TestIssuer) -> AsyncIterator[tuple[Registry, str]]:
    service = Registry(issuer)
    app = Starlette(routes=[Route("/{path:path}", service.answer, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])])
    async with listening(app) as address:
        yield service, address


pages = APIRouter(route_class=GateRoute)


@pages.get("/page")
async def page(request: Request) -> dict[str, Any]:
    """A page as they are built beside: it knows its reader by `request.state.caller` and by name."""
    caller: Caller = request.state.caller
    person = await request.app.state.sessions.person(request)
    return {"role": caller.role, "name": person.name if person else None, "grants": person and len(person.grants)}


@pytest.fixture(autouse=True)
def with_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main, "ROUTERS", (*main.ROUTERS, pages))
    monkeypatch.setattr(main, "ACCESS", {**access.ACCESS, ("GET", "/page"): Rule(EVERYONE)})


@pytest_asyncio.fixture(loop_scope="session")
async def gateway(open_gateway: OpenGateway, registry: tuple[Registry, str]) -> httpx2.AsyncClient:
    """In production, as people meet it."""
    return await open_gateway(registry_url=registry[1], activities_url=registry[1])


def cookie(secret: str, name: str = "__Host-tansiq") -> dict[str, str]:
    return {"Cookie": f"language=ar; {name}={secret}; other=1"}


async def test_sign_in_sets_a_cookie_that_no_script_reads_and_goes_on(
    gateway: httpx2.AsyncClient, registry: tuple[Registry, str]
) -> None:
    answer = await gateway.post("/sign-in", data={**FORM, "next": "/page?level=3"}, headers=OWN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/page?level=3")
    [secret] = registry[0].sessions
    line = answer.headers["set-cookie"]
    assert line == f"__Host-tansiq={secret}; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax; Secure"
    [(_, headers, body)] = registry[0].of("/internal/sessions")
    assert body == {**FORM, "address": "127.0.0.1"}
    assert "cookie" not in headers
    seen = (await gateway.get("/page", headers=cookie(secret))).json()
    assert seen == {"role": "secretariat", "name": "رنا الخطيب", "grants": 2}


@pytest.mark.parametrize(
    ("language", "chosen", "shown"),
    [("ar", "", "ar"), ("en", "", "en"), ("en", "language=ar; ", "ar"), ("ar", "language=en; ", "en")],
)
async def test_pages_speak_the_language_of_who_is_signed_in_unless_another_was_chosen(
    gateway: httpx2.AsyncClient, registry: tuple[Registry, str], language: str, chosen: str, shown: str
) -> None:
    registry[0].language = language
    headers = {"Cookie": f"{chosen}__Host-tansiq={registry[0].signed_in()}", "Accept": "text/html"}
    for other in ("ar", "en"):
        answer = await gateway.get("/guides/hubs", headers={**headers, "Accept-Language": other})
        assert answer.headers["content-language"] == shown
    signed_out = await gateway.get("/guides/hubs", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert signed_out.headers["content-language"] == "en"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        ("", "203.0.113.9", "127.0.0.1"),
        ("127.0.0.0/8", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.0/8", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9", "127.0.0.1"),
    ],
)
async def test_guesses_are_counted_by_the_address_a_trusted_proxy_names_and_by_no_other(
    memory: Memory, issuer: TestIssuer, registry: tuple[Registry, str], proxies: str, forwarded: str, seen: str
) -> None:
    """Else each guess would come from an address of its own."""
    settings = settings_of(registry_url=registry[1], trusted_proxies=proxies)
    app = main.build(settings, memory=memory, load_keys=issuer.load_keys())
    served = server_config(app, settings)
    served.load()
    async with app.router.lifespan_context(app):
        transport = httpx2.ASGITransport(app=served.loaded_app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://gateway.test") as client:
            await client.post("/sign-in", data=FORM, headers={**OWN, "X-Forwarded-For": forwarded})
    [(_, _, body)] = registry[0].of("/internal/sessions")
    assert body["address"] == seen


@pytest.mark.parametrize("proxies", ["*", "proxy.example", "10.0.0.1,", "10.0.0.1/8"])
def test_proxies_are_addresses(proxies: str) -> None:
    with pytest.raises(ValidationError):
        settings_of(trusted_proxies=proxies)


async def test_what_is_asked_while_somebody_signs_out_does_not_keep_them_signed_in(
    gateway: httpx2.AsyncClient, registry: tuple[Registry, str]
) -> None:
    secret = registry[0].signed_in()
    await gateway.get("/page", headers=cookie(secret))
    registry[0].pause_of["DELETE"] = 0.3
    leaving = asyncio.create_task(gateway.post("/sign-out", headers={**cookie(secret), **OWN}))
    while not registry[0].of("/v1/session"):  # noqa: ASYNC110 (the registry tells nobody)
        await asyncio.sleep(0.005)
    assert (await gateway.get("/page", headers=cookie(secret))).json()["role"] == "secretariat"
    assert (await leaving).status_code == 303
    assert (await gateway.get("/page", headers=cookie(secret))).json()["role"] == "public"


async def test_cookie_in_development_goes_over_plain_http(
    open_gateway: OpenGateway, registry: tuple[Registry, str]
) -> None:
    gateway = await open_gateway(registry_url=registry[1], environment="development")
    answer = await gateway.post("/sign-in", data=FORM, headers={"Origin": "http://gateway.test"})
    [secret] = registry[0].sessions
    assert answer.headers["set-cookie"] == f"tansiq={secret}; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax"
    assert (await gateway.get("/page", headers=cookie(secret, "tansiq"))).json()["role"] == "secretariat"


async def test_program_that_asks_for_json_is_answered_in_json(
    gateway: httpx2.AsyncClient, registry: tuple[Registry, str]
) -> None:
    headers = {**OWN, "Accept": "application/json"}
    answer = await gateway.post("/sign-in", json=FORM, headers=headers)
    assert answer.status_code == 200
    [secret] = registry[0].sessions
    assert secret not in answer.text
    assert answer.json()["acting"]["role"] == "secretariat"
    problem = {"code": "too_many_attempts", "detail": "wait"}
    registry[0].refusal = (429, problem, {"Retry-After": "7"})
    refused = await gateway.post("/sign-in", json=FORM, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_attempts")
    assert refused.headers["retry-after"] == "7"
    assert "set-cookie" not in refused.headers


@pytest.mark.parametrize(
    ("sent", "code"),
    [({}, "malformed_form"), ({"email": "x"}, "malformed_form"), ({"email": "", "password": "x"}, "malformed_form")],
)
async def test_incomplete_form_goes_back_to_the_page(
    gateway: httpx2.AsyncClient, registry: tuple[Registry, str], sent: dict[str, str], code: str
) -> None:
    answer = await gateway.post("/sign-in", data=sent, headers=OWN)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/?refused={code}")
    assert registry[0].asked == []


@pytest.mark.parametrize(
    "body", [b"\xff\xfe", b"email=%FF&password=x", b"email=a&email=b&password=x", b"&" * 3000, b"x" * 20_000]
)
async def test_broken_form_goes_back_to_the_page(gateway: httpx2.AsyncClient, body: bytes) -> None:
    headers = {**OWN, "Content-Type": "application/x-www-form-urlencoded"}
    answer = await gateway.post("/sign-in", content=body, headers=headers)
    assert answer.status_code == 303
    assert answer.headers["location"] in {"/?refused=malformed_form", "/?refused=body_too_large"}


@pytest.mark.parametrize("body", [b"[]", b'{"email": 1}', b'"x"', b"{", b'{"email": "\\ud800"}'])
async def test_json_that_is_no_form_is_refused(gateway: httpx2.AsyncClient, body: bytes) -> None:
    headers = {**OWN, "Content-Type": "application/json", "Accept": "application/json"}
    answer = await gateway.post("/sign-in", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_form")


async def test_refusal_of_the_registry_is_told_by_its_code(
    gateway: httpx2.AsyncClient, registry: tuple[Registry, str]
) -> None:
    registry[0].refusal = (401, {"code": "sign_in_refused"}, {})
    answer = await gateway.post("/sign-in", data=FORM, headers=OWN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?refused=sign_in_refused")
    registry[0].refusal = (500, {}, {})
    answer = await gateway.post("/sign-in", data=FORM, headers=OWN)
    assert answer.headers["location"] == "/?refused=unavailable"
    assert len(registry[0].asked) == 2  # none was sent twice


ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/\n/evil.example",
    "/x\r\nSet-Cookie: a=b",
    " /page",
    "page",
    "",
    "/é",
    "/" + "x" * 2001,
    "/x\\..\\evil",
]


@pytest.mark.parametrize("wanted", ELSEWHERE)
async def test_nobody_is_sent_to_another_site(gateway: httpx2.AsyncClient, wanted: str) -> None:
    answer = await gateway.post("/sign-in", data={**FORM, "next": wanted}, headers=OWN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert answer.headers.get_list("set-cookie")[0].startswith("__Host-tansiq=0")


@given(st.text(alphabet=st.characters(max_codepoint=0x17F), max_size=40))
def test_path_of_ours_stays_on_our_site(wanted: str) -> None:
    path = own_path(wanted)
    seen_by_browser = path.replace("\\", "/").translate({9: None, 10: None, 13: None})
    parts = urlsplit(seen_by_browser)
    assert (parts.scheme, parts.netloc) == ("", "")
    assert seen_by_browser.startswith("/")
    assert not seen_by_browser.startswith("//")


CSRF = [
    ({"Origin": ISSUER}, True),
    ({"Sec-Fetch-Site": "same-origin"}, True),
    ({"Sec-Fetch-Site": "none"}, True),
    ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, True),
    ({}, False),
    ({"Origin": "null"}, False),
    ({"Origin": "https://evil.example"}, False),
    ({"Origin": ISSUER + ".evil.example"}, False),
    ({"Origin": ISSUER.replace("http:", "https:")}, False),
    ({"Origin": ISSUER + ":8000"}, False),
    ({"Referer": ISSUER + "/"}, False),
    ({"Sec-Fetch-Site": "cross-site"}, False),
    ({"Sec-Fetch-Site": "same-site"}, False),
    ({"Sec-Fetch-Site": "cross-site", "Origin": ISSUER}, False),
    ({"Origin": "http://gateway.test"}, False),
]
UNSAFE = [
    ("POST", "/graphql"),
    ("POST", "/api/activities/v1/reports"),
    ("PUT", "/api/registry/v1/countries/SY"),
    ("PATCH", "/api/registry/v1/organisations/x"),
    ("DELETE", "/api/registry/v1/clients/x"),
    ("POST", "/sign-out"),
    ("POST", "/act-as"),
    ("POST", "/sign-in"),
    ("POST", "/invitation"),
]


@pytest.mark.parametrize(("headers", "own"), CSRF)
@pytest.mark.parametrize(("method", "path"), UNSAFE)
async def test_change_with_a_cookie_comes_from_our_own_pages(
    gateway: httpx2.AsyncClient,
    registry: tuple[Registry, str],
    method: str,
    path: str,
    headers: dict[str, str],
    own: bool,
) -> None:
    secret = registry[0].signed_in()
    sent = {**cookie(secret), **headers, "Content-Type": "application/json"}
    answer = await gateway.request(method, path, json={"query": "{ __typename }"}, headers=sent)
    if own:
        assert answer.status_code < 400, answer.text
    else:
        assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
        assert registry[0].asked == []


@pytest.mark.parametrize("path", ["/sign-in", "/invitation"])
async def test_other_site_signs_nobody_in_as_somebody_else(gateway: httpx2.AsyncClient, path: str) -> None:
    form = {**FORM, "token": LINK, "password_again": PASSWORD}
    answer = await gateway.post(path, data=form, headers={"Origin": "https://evil.example"})
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
    assert "set-cookie" not in answer.headers


def test_our_host_in_development_is_our_own_and_only_there() -> None:
    assert is_own({"origin": "http://localhost:8000"}, origins_of("http://127.0.0.1:8000", "localhost:8000"))
    assert not is_own({"origin": "http://localhost:8000"}, origins_of("http://127.0.0.1:8000", None))
    assert not is_own({}, origins_of("http://127.0.0.1:8000", None))


async def test_cookie_stands_for_a_token_and_goes_no_further(
    gateway: httpx2.AsyncClient, registry: tuple[Registry, str]
) -> None:
    secret = registry[0].signed_in()
    answer = await gateway.get("/api/activities/v1/reports?sector=WSH", headers=cookie(secret))
    assert answer.json() == {"seen": True}
    assert "set-cookie" not in answer.headers
    [(_, headers, _)] = registry[0].of("/v1/reports")
    assert headers["authorization"].startswith("Bearer ey")
    assert "cookie" not in headers
    assert secret not in str(headers)
    question = {"query": "{ reports(first: 1) { nodes { id } } }"}
    await gateway.post("/graphql", json=question, headers={**cookie(secret), **OWN})
    [(_, headers, _)] = registry[0].of("/internal/reports/query")
    assert headers["authorization"].startswith("Bearer ey")
    assert "cookie" not in headers
    assert len(registry[0].of("/internal/sessions/token")) == 1


async def test_token_of_its_own_comes_before_a_cookie(
    gateway: httpx2.AsyncClient, registry: tuple[Registry, str], issuer: TestIssuer
) -> None:
    secret = registry[0].signed_in()
    bearer = issuer.bearer("hub")
    answer = await gateway.get("/page", headers={**cookie(secret), **bearer})
    assert answer.json() == {"role": "hub", "name": None, "grants": None}
    posted = await gateway.post("/api/activities/v1/reports", json={}, headers={**cookie(secret), **bearer})
    assert posted.status_code == 200  # no browser sends a token by itself
    [(_, headers, _)] = registry[0].of("/v1/reports")
    assert headers["authorization"] == bearer["Authorization"]
    assert registry[0].of("/internal/sessions/token") == []


@pytest.mark.parametrize("secret", ["9" * 43, "", "x", "A" * 5000, "A" * 42 + '"'])
async def test_session_that_ended_is_signed_out_on_pages_and_refused_to_programs(
    gateway: httpx2.AsyncClient, registry: tuple[Registry, str], secret: str
) -> None:
    cleared = "__Host-tansiq=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure"
    answer = await gateway.get("/page", headers=cookie(secret))
    assert (answer.status_code, answer.json()["role"]) == (200, "public")
    assert answer.headers["set-cookie"] == cleared
    for method, path in (("GET", "/api/activities/v1/reports"), ("POST", "/graphql")):
        answer = await gateway.request(method, path, json={}, headers={**cookie(secret), **OWN})
        assert (answer.status_code, answer.json()["code"]) == (401, "session_ended")
        assert answer.headers["set-cookie"] == cleared
    assert registry[0].of("/v1/reports") == []
    signed_in = await gateway.post("/sign-in", data=FORM, headers={**cookie(secret), **OWN})
    assert signed_in.headers.get_list("set-cookie")[0].startswith("__Host-tansiq=0")
    assert len(signed_in.headers.get_list("set-cookie")) == 1


async def test_cookie_named_otherwise_is_nobodys(gateway: httpx2.AsyncClient, registry: tuple[Registry, str]) -> None:
    answer = await gateway.get("/page", headers=cookie(registry[0].signed_in(), "tansiq"))
    assert answer.json()["role"] == "public"
    assert "set-cookie" not in answer.headers


def test_cookie_given_twice_with_two_secrets_is_none() -> None:
    kept = Cookie.of("production")
    one, other = "A" * 43, "B" * 43
    assert kept.secret_in(f"__Host-tansiq={one}; x=1") == one
    assert kept.secret_in(f"__Host-tansiq={one}; __Host-tansiq={one}") == one
    assert kept.secret_in(f"__Host-tansiq={one}; __Host-tansiq={other}") == ""
    assert kept.secret_in(f"x__Host-tansiq={one}; __Host-tansiq2={one}") is None


async def test_registry_that_is_away_signs_nobody_out(open_gateway: OpenGateway) -> None:
    gateway = await open_gateway(registry_url=dead_address())
    answer = await gateway.get("/api/activities/v1/reports", headers=cookie("A" * 43))
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    shown = await gateway.get("/page", headers=cookie("A" * 43))
    assert (shown.status_code, shown.json()["role"]) == (200, "public")
    assert "set-cookie" not in shown.headers
    left = await gateway.post("/sign-out", headers={**cookie("A" * 43), **OWN})
    assert left.headers["location"] == "/?refused=unavailable"
    assert "Max-Age=0" in left.headers["set-cookie"]
    assert (await gateway.post("/sign-in", data=FORM, headers=OWN)).headers["location"] == "/?refused=unavailable"


async def test_registry_that_fails_takes_no_page_along(
    gateway: httpx2.AsyncClient, registry: tuple[Registry, str]
) -> None:
    secret = registry[0].signed_in()
    registry[0].refusal = (500, {}, {})
    shown = await gateway.get("/page", headers=cookie(secret))
    assert (shown.status_code, shown.json()["role"]) == (200, "public")
    assert "set-cookie" not in shown.headers
    assert (await gateway.get("/api/activities/v1/reports", headers=cookie(secret))).status_code == 503
    registry[0].refusal = None
    assert (await gateway.get("/page", headers=cookie(secret))).json()["role"] == "secretariat"


async def test_sign_out_ends_the_session_and_what_was_kept_of_it(
    gateway: httpx2.AsyncClient, registry: tuple[Registry, str]
) -> None:
    secret = registry[0].signed_in()
    assert (await gateway.get("/page", headers=cookie(secret))).json()["role"] == "secretariat"
    answer = await gateway.post("/sign-out", headers={**cookie(secret), **OWN})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "Max-Age=0" in answer.headers["set-cookie"]
    [(_, headers, _)] = registry[0].of("/v1/session")
    assert headers["authorization"].startswith("Bearer ey")
    assert (await gateway.get("/page", headers=cookie(secret))).json()["role"] == "public"
    assert (await gateway.post("/sign-out", headers=OWN)).status_code == 303  # who is out already


async def test_session_ended_at_the_registry_itself_is_not_kept_either(
    gateway: httpx2.AsyncClient, registry: tuple[Registry, str]
) -> None:
    secret = registry[0].signed_in()
    await gateway.delete("/api/registry/v1/session", headers={**cookie(secret), **OWN})
    assert (await gateway.get("/page", headers=cookie(secret))).json()["role"] == "public"


async def test_acting_under_another_grant_holds_from_the_next_request(
    gateway: httpx2.AsyncClient, registry: tuple[Registry, str]
) -> None:
    secret, wanted = registry[0].signed_in(), registry[0].grants[1]["id"]
    await gateway.get("/page", headers=cookie(secret))
    answer = await gateway.post("/act-as", data={"grant_id": wanted}, headers={**cookie(secret), **OWN})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert (await gateway.get("/page", headers=cookie(secret))).json()["role"] == "hub"
    nobody = await gateway.post("/act-as", data={"grant_id": wanted}, headers=OWN)
    assert nobody.headers["location"] == "/?refused=session_ended"


async def test_invitation_is_accepted_with_a_password_said_twice(
    gateway: httpx2.AsyncClient, registry: tuple[Registry, str]
) -> None:
    form = {"token": LINK, "password": PASSWORD, "password_again": PASSWORD}
    differing = await gateway.post("/invitation", data={**form, "password_again": "x"}, headers=OWN)
    assert differing.headers["location"] == f"/invitation?token={LINK}&refused=passwords_differ"
    registry[0].refusal = (422, {"code": "password_too_common"}, {})
    common = await gateway.post("/invitation", data=form, headers=OWN)
    assert common.headers["location"] == f"/invitation?token={LINK}&refused=password_too_common"
    hostile = await gateway.post("/invitation", data={**form, "token": "x&refused=y"}, headers=OWN)
    assert parse_qs(urlsplit(hostile.headers["location"]).query) == {"refused": ["password_too_common"]}
    registry[0].refusal = None
    answer = await gateway.post("/invitation", data=form, headers=OWN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert answer.headers["set-cookie"].startswith("__Host-tansiq=0")
    assert registry[0].of("/internal/sessions/by-invitation")[-1][2] == {"token": LINK, "password": PASSWORD}


@pytest.mark.parametrize("path", ["/internal/sessions/token", "/internal/sessions"])
async def test_doors_that_deal_in_secrets_are_not_passed_on_to(
    gateway: httpx2.AsyncClient, registry: tuple[Registry, str], path: str
) -> None:
    for through in (f"/api/registry{path}", f"/api/registry/v1/..{path}", f"/api/registry/v1/%2e%2e{path}", path):
        answer = await gateway.post(through, json={"secret": registry[0].signed_in()}, headers=OWN)
        assert answer.status_code in {400, 404}
    assert registry[0].asked == []


async def test_one_exchange_serves_all_that_wait(gateway: httpx2.AsyncClient, registry: tuple[Registry, str]) -> None:
    secret = registry[0].signed_in()
    registry[0].pause = 0.1
    answers = await asyncio.gather(*(gateway.get("/page", headers=cookie(secret)) for _ in range(20)))
    assert {answer.json()["role"] for answer in answers} == {"secretariat"}
    assert len(registry[0].of("/internal/sessions/token")) == 1


async def test_socket_of_our_own_page_is_signed_in_and_of_no_other(issuer: TestIssuer) -> None:
    async def seen(**headers: str) -> dict[str, Any]:
        heard: dict[str, Any] = {}

        async def behind(scope: Any, receive: Any, send: Any) -> None:
            heard.update(scope)

        app = FastAPI()
        app.state.settings, app.state.cookie = settings_of(), Cookie.of("production")
        app.state.sessions = Sessions(Scripted(issuer))
        raw = [(name.lower().encode(), value.encode()) for name, value in {**cookie("A" * 43), **headers}.items()]
        scope = {"type": "websocket", "path": "/graphql", "headers": raw, "app": app}
        await CookieInPlaceOfToken(behind)(scope, None, None)  # type: ignore[arg-type]
        return {name.decode(): value.decode() for name, value in heard["headers"]}

    assert (await seen(Origin=ISSUER))["authorization"].startswith("Bearer ey")
    assert "authorization" not in await seen(Origin="https://evil.example")
    assert "authorization" not in await seen()
    assert (await seen(Origin="https://evil.example", Authorization="Bearer x"))["authorization"] == "Bearer x"


class Scripted(Questions):
    """Answers exchanges without a registry."""

    def __init__(self, issuer: TestIssuer) -> None:
        self.registry = Registry(issuer)
        self.asked = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.failing = False

    async def ask(self, service: str, path: str, question: Any, headers: Any) -> dict[str, Any]:
        self.asked += 1
        await self.gate.wait()
        if self.failing:
            raise Unavailable
        self.registry.sessions.setdefault(question["secret"], self.registry.grants[0])
        told: dict[str, Any] = orjson.loads(self.registry._exchanged(question["secret"]).body)
        return told


async def test_exchange_is_kept_shorter_than_its_token_lives(issuer: TestIssuer) -> None:
    clock = [0.0]
    questions = Scripted(issuer)
    sessions = Sessions(questions, clock=lambda: clock[0])
    for now, asked in ((0.0, 1), (KEPT_SECONDS - 1, 1), (KEPT_SECONDS, 2)):
        clock[0] = now
        assert await sessions.exchange("A" * 43) is not None
        assert questions.asked == asked


async def test_memory_of_sessions_is_bounded_and_holds_no_secret(issuer: TestIssuer) -> None:
    questions = Scripted(issuer)
    sessions = Sessions(questions)
    for number in range(MOST + 50):
        sessions._keep(str(number).encode(), None, 1e12)  # type: ignore[arg-type]
    assert len(sessions._kept) == MOST
    await sessions.exchange("A" * 43)
    assert "A" * 43 not in repr(vars(sessions))


async def test_sign_out_during_an_exchange_keeps_nothing(issuer: TestIssuer) -> None:
    questions = Scripted(issuer)
    sessions = Sessions(questions)
    questions.gate.clear()
    waiting = asyncio.create_task(sessions.exchange("A" * 43))
    await asyncio.sleep(0)
    sessions.forget("A" * 43)
    questions.gate.set()
    await waiting
    await sessions.exchange("A" * 43)
    assert questions.asked == 2


async def test_failed_exchange_is_tried_anew(issuer: TestIssuer) -> None:
    questions = Scripted(issuer)
    sessions = Sessions(questions)
    questions.failing = True
    with pytest.raises(Unavailable):
        await sessions.exchange("A" * 43)
    questions.failing = False
    assert await sessions.exchange("A" * 43) is not None


async def test_logs_hold_no_secret_and_no_address(
    gateway: httpx2.AsyncClient, registry: tuple[Registry, str], capfd: pytest.CaptureFixture[str]
) -> None:
    secret = registry[0].signed_in()
    await gateway.post("/sign-in", data=FORM, headers=OWN)
    await gateway.get("/page", headers=cookie(secret))
    await gateway.post("/sign-out", headers={**cookie(secret), **OWN})
    await gateway.get(f"/invitation?token={LINK}")
    logged = "".join(capfd.readouterr())
    assert "/sign-in" in logged
    for word in (*registry[0].sessions, secret, FORM["email"], PASSWORD, LINK, "رنا"):
        assert word not in logged
