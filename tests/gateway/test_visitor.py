"""Who reads a page: named, with what they may act as, and the way in and out."""

from uuid import UUID

import httpx2
from gateway.main import build
from gateway.reference.memory import ReferenceMemory
from gateway.signing_in.sessions import ExchangedSession, Grant, Person
from runtime.access import Role
from testkit.trust import TestIssuer

from .conftest import ORGANISATION, OpenGateway, settings_of
from .people import cookie
from .reading_pages import BROWSER, HOSTILE, Checked, read


class Sessions:
    """Knows one person's session without asking the registry."""

    def __init__(self, person: Person, token: str) -> None:
        self._signed_in = ExchangedSession(person, token)

    def knows(self, secret: str) -> bool:
        return True

    async def exchange(self, secret: str) -> ExchangedSession:
        return self._signed_in


async def _read_by(issuer: TestIssuer, memory: ReferenceMemory, person: Person, language: str) -> Checked:
    app = build(settings_of(), memory=memory, load_keys=issuer.load_keys())
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://gateway.test") as client,
    ):
        app.state.sessions = Sessions(person, issuer.token(Role.MEMBER))
        return await read(client, f"/?lang={language}", **cookie("A" * 43))


async def test_a_person_is_named_and_may_act_as_another(issuer: TestIssuer, memory: ReferenceMemory) -> None:
    first, second = UUID(int=1), UUID(int=2)
    grants = (Grant(first, "coordinator", None, ("WSH",), ("SY07",)), Grant(second, "member", UUID(int=3), (), ()))
    person = Person(UUID(int=4), f"Salma {HOSTILE}", "ar", grants, grants[1])
    page = await _read_by(issuer, memory, person, "en")
    assert f"Salma {HOSTILE}" in page.text
    assert [(form["method"], form["action"]) for form in page.all("form")] == [
        ("post", "/act-as"),
        ("post", "/sign-out"),
    ]
    assert page.all("select")[0]["name"] == "grant_id"
    assert [(option["value"], "selected" in option) for option in page.all("option")] == [
        (str(first), False),
        (str(second), True),
    ]
    assert "coordinator · WASH · Idleb" in page.text


async def test_what_a_person_acts_as_is_told_by_name_and_by_code_where_no_name_is_known(
    issuer: TestIssuer, memory: ReferenceMemory
) -> None:
    member = Grant(UUID(int=1), "member", ORGANISATION, (), ())
    unknown = Grant(UUID(int=2), "coordinator", UUID(int=9), ("XYZ",), ("SY07", "SY99"))
    person = Person(UUID(int=4), "سلمى", "ar", (member, unknown), member)
    page = await _read_by(issuer, memory, person, "ar")
    assert "منظمة عضو · منظمة الأمل" in page.text
    assert "منسّق مجموعة عمل · XYZ · إدلب · SY99" in page.text
    alone = Person(UUID(int=4), "سلمى", "ar", (member,), member)
    page = await _read_by(issuer, memory, alone, "ar")
    assert "الدور: منظمة عضو · منظمة الأمل" in page.text
    assert page.all("select") == []


async def test_a_program_with_a_token_is_offered_no_way_out(open_gateway: OpenGateway, issuer: TestIssuer) -> None:
    page = await read(await open_gateway(), "/?lang=en", **issuer.bearer(Role.HUB))
    assert page.all("form") == []
    assert "Signed in as: hub" in page.text


async def test_whoever_is_signed_out_may_sign_in(open_gateway: OpenGateway) -> None:
    page = await read(await open_gateway(), "/?lang=en")
    [form] = page.all("form")
    assert (form["method"], form["action"]) == ("post", "/sign-in")
    assert {field["name"] for field in page.all("input")} == {"email", "password", "next"}
    labelled = {label["for"] for label in page.all("label")}
    assert {field["id"] for field in page.all("input") if field.get("type") != "hidden"} == labelled


async def test_an_invitation_keeps_its_secret_to_itself(open_gateway: OpenGateway) -> None:
    client, token = await open_gateway(), "Ab0_-" * 9
    answer = await client.get(f"/invitation?token={token}", headers=BROWSER)
    page = Checked(answer.text)
    assert answer.headers["referrer-policy"] == "strict-origin"
    assert answer.headers["cache-control"] == "no-store"
    [form] = page.all("form")
    assert (form["method"], form["action"]) == ("post", "/invitation")
    names = {field["name"]: field.get("value") for field in page.all("input")}
    assert names == {"token": token, "password": None, "password_again": None}
    broken = await client.get("/invitation", params={"token": HOSTILE}, headers=BROWSER)
    assert Checked(broken.text).all("form") == []
