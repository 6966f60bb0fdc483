"""The cookie in place of a token, and pages of other sites that would use it."""

import asyncio

import httpx2
import pytest
from gateway.signing_in.cookie import Cookie
from gateway.signing_in.origin import is_own, origins_of
from testkit.ports import dead_address
from testkit.trust import ISSUER, TestIssuer

from .conftest import OpenGateway
from .people import FORM, LINK, OWN, PASSWORD, Registry, cookie

pytestmark = pytest.mark.usefixtures("with_a_page")

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
    assert (
        len(signed_in.headers.get_list("set-cookie")) == 2
    )  # a new session, and the browser it is in; nothing is taken away


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


async def test_session_ended_at_the_registry_itself_is_not_kept_either(
    gateway: httpx2.AsyncClient, registry: tuple[Registry, str]
) -> None:
    secret = registry[0].signed_in()
    await gateway.delete("/api/registry/v1/session", headers={**cookie(secret), **OWN})
    assert (await gateway.get("/page", headers=cookie(secret))).json()["role"] == "public"


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
    line, device = answer.headers.get_list("set-cookie")
    assert line == f"tansiq={secret}; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax"
    assert device.startswith("tansiq-device=")
    assert "Secure" not in device
    assert (await gateway.get("/page", headers=cookie(secret, "tansiq"))).json()["role"] == "secretariat"


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
