"""The forms by which people come and go, and where they lead."""

from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from gateway.reference.memory import ReferenceMemory
from gateway.signing_in.forms import own_path
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from runtime.process import server_config
from testkit.trust import TestIssuer

from gateway import main

from .conftest import settings_of
from .people import DEVICE, FORM, LINK, OWN, PASSWORD, Registry, cookie

pytestmark = pytest.mark.usefixtures("with_a_page")


async def test_sign_in_sets_a_cookie_that_no_script_reads_and_goes_on(
    gateway: httpx2.AsyncClient, registry: tuple[Registry, str]
) -> None:
    answer = await gateway.post("/sign-in", data={**FORM, "next": "/page?level=3"}, headers=OWN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/page?level=3")
    [secret] = registry[0].sessions
    line, device = answer.headers.get_list("set-cookie")
    assert line == f"__Host-tansiq={secret}; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax; Secure"
    assert device.startswith(f"__Host-tansiq-device={DEVICE}.")
    assert device.endswith("; Max-Age=15552000; Path=/; HttpOnly; SameSite=Strict; Secure")
    [(_, headers, body)] = registry[0].of("/internal/sessions")
    assert body == {**FORM, "address": "127.0.0.1", "devices": []}
    assert "cookie" not in headers
    seen = (await gateway.get("/page", headers=cookie(secret))).json()
    assert seen == {"role": "secretariat", "name": "رنا الخطيب", "grants": 2}


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
    memory: ReferenceMemory, issuer: TestIssuer, registry: tuple[Registry, str], proxies: str, forwarded: str, seen: str
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
    assert registry[0].of("/internal/sessions/by-invitation")[-1][2] == {
        "token": LINK,
        "password": PASSWORD,
        "address": "127.0.0.1",
        "devices": [],
    }


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
