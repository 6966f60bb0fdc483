"""The pages at the door: both languages, each role's own table, and nothing that should not be there."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import aiohttp
import gateway.pages
import httpx2
import orjson
import pytest
import pytest_asyncio
from contracts.event import PUBLISHED
from gateway.graph.schema import graph
from gateway.main import SCHEMA_FILE, build
from gateway.pages.coverage import MONTH, ROWS, Asked, Coverage, _following
from gateway.pages.guides import NAMES
from gateway.pages.standing import Standing
from gateway.pages.words import WORDS
from gateway.reference.memory import Memory
from gateway.signing_in.sessions import Grant, Person
from graphql import get_introspection_query, parse, validate
from hypothesis import given, settings
from hypothesis import strategies as st
from runtime.access import Caller, Principal, Reach, Role
from runtime.listing import LARGEST_PAGE
from runtime.problems import Unavailable
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from testkit.ports import dead_address, listening
from testkit.trust import TestIssuer

from .conftest import ORGANISATION, OpenGateway, Rows, area, settings_of

FOLDER = Path(gateway.pages.__file__).parent
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
HOSTILE = '<script>alert("x")</script>'
VOID = {"meta", "link", "input", "br", "hr", "img"}
ARABIC = re.compile("[\u0600-\u06ff]")


class Checked(HTMLParser):
    """Reads a page as a strict reader would: every element closed in its order, no id twice."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()
        assert self.open == []
        assert len(self.ids) == len(set(self.ids))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, names)
        assert not [name for name in names if name.startswith("on") or name == "style"], (tag, names)
        self.elements.append((tag, dict(attrs)))
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def figures(*given: dict[str, Any]) -> dict[str, list[Any]]:
    """Columns of coverage as reporting answers them."""
    usual = {
        "area": "SY07", "country": "SY", "level": 1, "sector": "WSH", "month": "2026-03", "reports": 7,
        "organisations": 3, "people_total": 1234, "official_people_total": 1100, "official_reports": 5,
        "suppressed_fields": [], "reason": None,
    }  # fmt: skip
    rows = [{**usual, **one} for one in given]
    return {name: [row[name] for row in rows] for name in usual}


async def read(client: httpx2.AsyncClient, path: str = "/", **headers: str) -> Checked:
    answer = await client.get(path, headers={**BROWSER, **headers})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return Checked(answer.text)


@dataclass
class Services:
    """Services that are only asked whether they are ready."""

    status: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    delay: dict[str, float] = field(default_factory=dict)


@pytest_asyncio.fixture(loop_scope="session")
async def services() -> AsyncIterator[tuple[Services, dict[str, str]]]:
    """Such services, and the settings that lead to them."""
    seen = Services()

    def application(name: str) -> Starlette:
        async def ready(_: Request) -> Response:
            seen.asked.append(name)
            await asyncio.sleep(seen.delay.get(name, 0))
            return Response(status_code=seen.status.get(name, 200))

        return Starlette(routes=[Route("/readyz", ready)])

    async with AsyncExitStack() as stack:
        yield (
            seen,
            {
                f"{name}_url": await stack.enter_async_context(listening(application(name)))
                for name in ("registry", "activities", "alerts", "reporting")
            },
        )


@pytest.mark.parametrize(
    ("path", "headers", "language"),
    [
        ("/", {}, "ar"),
        ("/", {"Accept-Language": "en-GB,en;q=0.9"}, "en"),
        ("/", {"Accept-Language": "tr"}, "ar"),
        ("/?lang=en", {"Accept-Language": "ar"}, "en"),
        ("/?lang=ar", {"Accept-Language": "en"}, "ar"),
        ("/?lang=xx", {"Accept-Language": "en"}, "en"),
        ("/", {"Cookie": "language=en"}, "en"),
        ("/", {"Cookie": 'language="><script>'}, "ar"),
        ("/?lang=ar", {"Cookie": "language=en"}, "ar"),
    ],
)
async def test_a_page_speaks_the_language_that_was_chosen(
    open_gateway: OpenGateway, path: str, headers: dict[str, str], language: str
) -> None:
    page = await read(await open_gateway(), path, **headers)
    [html] = page.all("html")
    assert html == {"lang": language, "dir": {"ar": "rtl", "en": "ltr"}[language]}
    assert ("تنسيق فعال" in page.text) is (language == "ar")


async def test_a_choice_of_language_is_remembered_and_nothing_else_is(open_gateway: OpenGateway) -> None:
    client = await open_gateway()
    chosen = await client.get("/?lang=en", headers=BROWSER)
    said = chosen.headers["set-cookie"].lower()
    assert said.startswith("language=en;")
    assert all(word in said for word in ("httponly", "samesite=lax", "path=/", "secure"))
    assert "set-cookie" not in (await client.get("/", headers=BROWSER)).headers
    developing = await open_gateway(environment="development")
    assert "secure" not in (await developing.get("/?lang=en")).headers["set-cookie"].lower()


@pytest.mark.parametrize(
    "path", ["/", "/?refused=missing_token", "/invitation?token=" + "a" * 43, "/guides/hubs", "/x"]
)
async def test_a_page_brings_nothing_of_others_and_no_script(open_gateway: OpenGateway, path: str) -> None:
    answer = await (await open_gateway()).get(path, headers=BROWSER)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none';")
    assert "script-src" not in policy
    assert "unsafe" not in policy
    for wall in ("form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'", "style-src 'self'"):
        assert wall in policy
    page = Checked(answer.text)
    assert page.all("script") == []
    [sheet] = [link["href"] for link in page.all("link") if link["rel"] == "stylesheet"]
    assert sheet is not None
    assert sheet.startswith("/assets/tansiq.")
    assert len(answer.content) <= 20_000


async def test_files_of_the_pages_are_kept_for_good_and_those_of_developers_are_theirs(
    open_gateway: OpenGateway,
) -> None:
    client, developing = await open_gateway(), await open_gateway(environment="development")
    sheet = next(link["href"] for link in (await read(client)).all("link") if link["rel"] == "stylesheet")
    answer = await client.get(str(sheet))
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    page = Checked((await developing.get("/graphql", headers=BROWSER)).text)
    for script in (str(script["src"]) for script in page.all("script")):
        assert (await client.get(script)).status_code == 404
        packed = await developing.get(script, headers={"Accept-Encoding": "gzip"})
        plain = await developing.get(script, headers={"Accept-Encoding": "identity"})
        assert packed.content == plain.content  # the client unpacks
        assert "content-encoding" not in plain.headers
    assert (await client.get("/assets/tansiq.000000000000.css")).status_code == 404
    assert (await client.get("/assets/..%2Fwords.py")).status_code == 404


async def test_the_state_of_each_part_is_told_in_words(
    open_gateway: OpenGateway, services: tuple[Services, dict[str, str]], memory: Memory
) -> None:
    seen, addresses = services
    seen.status = {"activities": 503, "alerts": 500}
    client = await open_gateway(**{**addresses, "registry_url": dead_address()})
    memory.complete.clear()
    page = await read(client, "/?lang=en")
    states = re.findall(r"(Works|Not ready yet|Does not respond)", page.text)
    assert states == ["Does not respond", "Not ready yet", "Does not respond", "Works", "Not ready yet"]
    assert "لا يستجيب" in (await read(client, "/?lang=ar")).text
    assert seen.asked.count("reporting") == 1  # remembered for a moment: a crowd of readers is no crowd of questions


async def test_a_part_that_hangs_holds_no_page(
    open_gateway: OpenGateway, services: tuple[Services, dict[str, str]]
) -> None:
    seen, addresses = services
    seen.delay["alerts"] = 30
    async with asyncio.timeout(5):
        page = await read(await open_gateway(**addresses), "/?lang=en")
    assert page.text.count("Does not respond") == 1


async def test_no_address_inside_the_platform_is_told(open_gateway: OpenGateway, issuer: TestIssuer) -> None:
    client = await open_gateway()
    for path in ("/?lang=en", "/docs/registry", "/invitation", "/guides/operators"):
        answer = await client.get(path, headers={**BROWSER, **issuer.bearer(Role.SECRETARIAT)})
        assert "127.0.0.1" not in answer.text
        assert "localhost" not in answer.text


SIGNED_IN = [role for role in Role if role is not Role.PUBLIC]


@pytest.mark.parametrize("role", SIGNED_IN)
async def test_each_role_sees_the_latest_month_by_its_own_token(
    open_gateway: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str], role: Role
) -> None:
    service, address = rows
    service.columns = figures({"month": "2026-02"}, {"month": "2026-03"})
    token = issuer.bearer(role, areas=["SY07"], sectors=["WSH"])
    client = await open_gateway(reporting_url=address)
    page = await read(client, "/?lang=en", **token)
    assert "Coverage in 2026-03" in " ".join(page.text.split())
    assert "Idleb" in page.text
    assert "SY07" in page.text
    assert "1,234" in page.text
    assert {headers["authorization"] for headers in service.headers} == {token["Authorization"]}
    shown = service.questions[-1]
    assert (shown["first"], shown["filter"]) == (ROWS, {"level": 1, "month_from": "2026-03", "month_to": "2026-03"})
    # Only a hub is kept from the country's own row, which knows every month.
    assert service.questions[0]["filter"] == {"level": 1 if role is Role.HUB else 0}
    assert "no-store" in (await client.get("/", headers=token)).headers["cache-control"]


async def test_the_public_is_told_how_to_come_in_and_asks_nothing(
    open_gateway: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str]
) -> None:
    service, address = rows
    client = await open_gateway(reporting_url=address)
    for headers in ({}, issuer.bearer(Role.PUBLIC)):
        page = await read(client, "/?lang=en", **headers)
        assert "POST /oauth/token" in page.text
        assert "figures" not in [table.get("class") for table in page.all("table")]
    assert service.questions == []


async def test_the_latest_month_is_found_also_where_figures_fill_more_than_a_page() -> None:
    asked: list[dict[str, Any]] = []
    held = sorted((f"SY{number:02}", month) for number in range(80) for month in _months(number))

    class Reporting:
        async def ask(self, _: str, __: str, question: dict[str, Any], ___: Mapping[str, str]) -> dict[str, Any]:
            asked.append(question)
            since = question["filter"].get("month_from", "")
            months = [month for _, month in held if month >= since]
            page = months[: question["first"]]
            return {"columns": {"month": page}, "cursors": page, "has_next": len(months) > len(page)}

    found = await _coverage(Reporting())._latest_month(_asked_by_a_hub())
    assert found == "2026-08"  # told of one late area alone, far behind the first page
    assert len(held) > LARGEST_PAGE
    assert [question["filter"].get("month_from") for question in asked] == [None, "2026-08"]


def _months(number: int) -> list[str]:
    last = 9 if number == 79 else 8
    return [f"2026-{month:02}" for month in range(1, last)]


def _coverage(questions: Any) -> Coverage:
    return Coverage(questions, Memory(), Caller(Principal("hub", Role.HUB), Reach.ANY), "en")


def _asked_by_a_hub() -> Asked:
    return Asked(level=1, area=None, month=None, after=None, bounded=True)


@given(st.integers(min_value=1000, max_value=9998), st.integers(min_value=1, max_value=12))
def test_the_month_after_is_the_next_one(year: int, month: int) -> None:
    told = f"{year}-{month:02}"
    following = _following(told)
    assert MONTH.match(following)
    assert following > told
    assert int(following[:4]) * 12 + int(following[5:]) == year * 12 + month + 1


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        ({"people_total": None, "official_people_total": None, "reason": "small_count",
          "suppressed_fields": ["people_total", "official_people_total"]}, ["Suppressed", "small count"]),
        ({"people_total": None, "official_people_total": None, "reason": "few_organisations",
          "suppressed_fields": ["people_total"]}, ["Suppressed", "fewer than three"]),
        ({"people_total": None, "official_people_total": None, "reason": "services_only"}, ["services are counted"]),
        ({"people_total": None, "official_people_total": None, "reason": "no_people_counted"}, ["no report counts"]),
        ({"people_total": None, "official_people_total": None, "reason": HOSTILE}, ["no reason is given"]),
        ({"official_people_total": None, "official_reports": 2}, ["no report counts people", "1,234"]),
        ({"official_people_total": None, "reason": "small_count", "suppressed_fields": ["official_people_total"]},
         ["Suppressed", "small count", "1,234"]),
        ({"official_people_total": None, "official_reports": 0}, ["no report is approved yet", "1,234"]),
        ({"official_people_total": 0, "people_total": 0}, ["0"]),
    ],
)  # fmt: skip
async def test_a_count_that_is_not_there_says_why(
    open_gateway: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str], figure: dict[str, Any], words: list[str]
) -> None:
    service, address = rows
    service.columns = figures(figure)
    client = await open_gateway(reporting_url=address)
    answer = await client.get("/?lang=en", headers={**BROWSER, **issuer.bearer(Role.HUB, areas=["SY07"])})
    table = answer.text[answer.text.index("<tbody>") : answer.text.index("</tbody>")]
    assert [word for word in words if word not in table] == []
    assert ("Suppressed" in table) is bool(figure.get("suppressed_fields"))
    assert HOSTILE not in answer.text


async def test_hostile_names_and_addresses_are_shown_as_text(
    open_gateway: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str], memory: Memory
) -> None:
    service, address = rows
    memory.take([area("SY0799", 2, HOSTILE, HOSTILE, "SY07", "SY", "SY07")])
    service.columns = figures({"area": "SY0799", "level": 2}, {"area": HOSTILE, "sector": HOSTILE})
    client = await open_gateway(reporting_url=address)
    query = {"area": "SY0799", "month": HOSTILE, "after": HOSTILE, "refused": HOSTILE, "level": HOSTILE}
    answer = await client.get("/", params=query, headers={**BROWSER, **issuer.bearer(Role.SECRETARIAT)})
    page = Checked(answer.text)
    assert page.all("script") == []
    assert "<script" not in answer.text
    assert page.text.count(HOSTILE) >= 3


async def test_rows_open_the_sub_districts_of_a_governorate_and_pages_follow(
    open_gateway: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str]
) -> None:
    service, address = rows
    service.columns = figures({}, {"sector": "EDU"})
    client = await open_gateway(reporting_url=address)
    token = issuer.bearer(Role.SECRETARIAT)
    hrefs = [link["href"] for link in (await read(client, **token)).all("a")]
    assert "?level=3&area=SY07&month=2026-03" in hrefs
    following = next(str(href) for href in hrefs if "after=" in str(href))
    await read(client, "/" + following, **token)
    assert service.questions[-1]["after"] == "c1"
    service.questions.clear()
    page = await read(client, "/?level=3&area=SY07&month=2026-03&lang=en", **token)
    [question] = service.questions  # the month is known, so one question is enough
    wanted = {"level": 3, "area": "SY07", "month_from": "2026-03", "month_to": "2026-03"}
    assert question["filter"] == wanted
    assert "Inside: Idleb" in page.text


async def test_a_full_page_is_light_enough_for_a_poor_line(
    open_gateway: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str]
) -> None:
    service, address = rows
    hidden = {"people_total": None, "reason": "few_organisations", "suppressed_fields": ["people_total"]}
    service.columns = figures(*[{"sector": "WSH", **(hidden if number % 2 else {})} for number in range(60)])
    client = await open_gateway(reporting_url=address)
    answer = await client.get("/?month=2026-03", headers={**BROWSER, **issuer.bearer(Role.SECRETARIAT)})
    assert answer.text.count('<th scope="row"><a') == ROWS
    assert len(answer.content) <= 20_000


async def test_figures_that_are_incomplete_say_so(
    open_gateway: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str]
) -> None:
    service, address = rows
    service.columns = figures({})
    service.freshness = {"as_of": "2026-03-05T10:00:00+00:00", "rebuilding": True}
    page = await read(await open_gateway(reporting_url=address), "/?lang=en", **issuer.bearer(Role.MEMBER))
    assert "incomplete" in page.text
    assert "2026-03-05 10:00 UTC" in page.text


@pytest.mark.parametrize("problem", [(400, b'{"code":"invalid_cursor","detail":"No such cursor."}'), (500, b"{}")])
async def test_a_page_whose_figures_fail_is_a_page(
    open_gateway: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str], problem: tuple[int, bytes]
) -> None:
    service, address = rows
    service.problem = problem
    page = await read(await open_gateway(reporting_url=address), "/?lang=en", **issuer.bearer(Role.MEMBER))
    assert ("No such cursor." if problem[0] == 400 else "does not answer now") in page.text
    dead = await read(await open_gateway(), "/?lang=en", **issuer.bearer(Role.MEMBER))
    assert "does not answer now" in dead.text


async def test_slow_figures_are_not_waited_for(
    open_gateway: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    service, address = rows
    service.delay = 20
    monkeypatch.setattr("gateway.pages.api.FIGURES_SECONDS", 0.2)
    async with asyncio.timeout(5):
        page = await read(await open_gateway(reporting_url=address), "/?lang=en", **issuer.bearer(Role.MEMBER))
    assert "did not answer in time" in page.text


async def test_codes_of_refusals_come_back_as_sentences_and_nothing_else_does(open_gateway: OpenGateway) -> None:
    client = await open_gateway()
    assert Unavailable.ar in (await read(client, "/?refused=unavailable")).text
    assert Unavailable.en in (await read(client, "/?refused=unavailable&lang=en")).text
    assert (
        "The e-mail address or the password is wrong." in (await read(client, "/?refused=sign_in_refused&lang=en")).text
    )
    unknown = await read(client, "/?refused=your_account_is_closed&lang=en")
    assert "your_account_is_closed" not in unknown.text
    assert "can't be carried out" in unknown.text
    assert "alert" not in [paragraph.get("role") for paragraph in (await read(client)).all("p")]


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


class Sessions:
    """Knows one person without asking the registry."""

    def __init__(self, person: Person | None) -> None:
        self._person = person

    async def person(self, request: Any) -> Person | None:
        return self._person


async def _with_sessions(
    issuer: TestIssuer, memory: Memory, person: Person | None, headers: dict[str, str], path: str = "/?lang=en"
) -> Checked:
    app = build(settings_of(), memory=memory, load_keys=issuer.load_keys())
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://gateway.test") as client,
    ):
        app.state.sessions = Sessions(person)
        return await read(client, path, **headers)


async def test_a_person_is_named_and_may_act_as_another(issuer: TestIssuer, memory: Memory) -> None:
    first, second = UUID(int=1), UUID(int=2)
    grants = (Grant(first, "coordinator", None, ("WSH",), ("SY07",)), Grant(second, "member", UUID(int=3), (), ()))
    person = Person(UUID(int=4), f"Salma {HOSTILE}", "ar", grants, grants[1])
    page = await _with_sessions(issuer, memory, person, issuer.bearer(Role.MEMBER))
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
    assert "working-group coordinator · WASH · Idleb" in page.text


async def test_what_a_person_acts_as_is_told_by_name_and_by_code_where_no_name_is_known(
    issuer: TestIssuer, memory: Memory
) -> None:
    member = Grant(UUID(int=1), "member", ORGANISATION, (), ())
    unknown = Grant(UUID(int=2), "coordinator", UUID(int=9), ("XYZ",), ("SY07", "SY99"))
    person = Person(UUID(int=4), "سلمى", "ar", (member, unknown), member)
    page = await _with_sessions(issuer, memory, person, issuer.bearer(Role.MEMBER), "/?lang=ar")
    assert "منظمة عضو · منظمة الأمل" in page.text
    assert "منسّق مجموعة عمل · XYZ · إدلب · SY99" in page.text
    alone = Person(UUID(int=4), "سلمى", "ar", (member,), member)
    page = await _with_sessions(issuer, memory, alone, issuer.bearer(Role.MEMBER), "/?lang=ar")
    assert "الدور: منظمة عضو · منظمة الأمل" in page.text
    assert page.all("select") == []


async def test_a_program_with_a_token_is_offered_no_way_out(issuer: TestIssuer, memory: Memory) -> None:
    page = await _with_sessions(issuer, memory, None, issuer.bearer(Role.HUB))
    assert page.all("form") == []
    assert "regional coordination hub" in page.text


async def test_whoever_is_signed_out_may_sign_in(issuer: TestIssuer, memory: Memory) -> None:
    page = await _with_sessions(issuer, memory, None, {})
    [form] = page.all("form")
    assert (form["method"], form["action"]) == ("post", "/sign-in")
    assert {field["name"] for field in page.all("input")} == {"email", "password", "next"}
    labelled = {label["for"] for label in page.all("label")}
    assert {field["id"] for field in page.all("input") if field.get("type") != "hidden"} == labelled


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("name", NAMES)
async def test_guides_are_told_in_both_languages(open_gateway: OpenGateway, name: str, language: str) -> None:
    page = await read(await open_gateway(), f"/guides/{name}?lang={language}")
    assert bool(ARABIC.search(page.text.split("\n", 8)[-1])) or language == "en"
    assert len([pre for pre in page.all("pre") if pre["dir"] == "ltr"]) == len(page.all("pre")) > 0
    assert len(page.all("h1")) == 1


def test_guides_of_both_languages_hold_the_same_code() -> None:
    for name in NAMES:
        arabic, english = (
            list(_code((FOLDER / "guides" / which / f"{name}.md").read_text())) for which in ("ar", "en")
        )
        assert arabic == english, name


def _code(guide: str) -> Iterator[str]:
    """Code without its remarks and sentences, which are in the language of the guide."""
    for block in re.findall(r"```\w+\n(.*?)```", guide, re.DOTALL):
        yield re.sub(r'"detail": "[^"]*"', "", re.sub(r" +# .*", "", block))


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_field_the_guide_for_hubs_speaks_of_is_in_the_schema(language: str) -> None:
    guide = (FOLDER / "guides" / language / "hubs.md").read_text(encoding="utf-8")
    prose = "".join(guide.split("```")[::2])
    named = {part for words in re.findall("`([a-zA-Z.]+)`", prose) for part in words.split(".")}
    schema = SCHEMA_FILE.read_text(encoding="utf-8")
    of_figures = {word for word in named if re.search("[A-Z]", word[1:]) and not word.isupper()}
    assert {"suppressedFields", "officialPeopleTotal"} <= of_figures
    assert {word for word in of_figures if not re.search(rf"^ +{word}[(:]", schema, re.MULTILINE)} == set()
    progress = schema.partition("\ntype Progress ")[2].partition("\n}")[0]
    assert re.search(r"`(\w+)` (?:is|هي) R/T", prose)[1] + ": Float" in progress  # type: ignore[index]


def test_the_query_of_the_guide_for_hubs_is_one_the_schema_takes() -> None:
    guide = (FOLDER / "guides" / "en" / "hubs.md").read_text()
    query, variables = re.findall(r"<<'END'\n(.*?)\nEND", guide, re.DOTALL)
    assert validate(graph()._schema, parse(query)) == []
    wanted = orjson.loads(variables)["filter"]
    assert set(wanted) <= set(graph()._schema.type_map["CoverageFilter"].fields)  # type: ignore[attr-defined]


async def test_links_between_pages_lead_somewhere(
    open_gateway: OpenGateway, services: tuple[Services, dict[str, str]]
) -> None:
    client = await open_gateway(environment="development", **services[1])
    seen: set[str] = set()
    pending = ["/"]
    while pending:
        path = pending.pop()
        if path in seen or path.startswith(("/docs/", "/api/")):  # those are the services' own
            continue
        seen.add(path)
        answer = await client.get(path, headers=BROWSER)
        assert answer.status_code == 200, path
        if answer.headers["content-type"].startswith("text/html"):
            hrefs = [str(each["href"]) for each in (*Checked(answer.text).all("a"), *Checked(answer.text).all("link"))]
            pending += [href for href in hrefs if href.startswith("/")]
    assert {"/guides/alerts", "/asyncapi.json", "/schema.graphql", "/graphql"} <= seen


async def test_routes_of_a_service_are_listed(gateway_on_port: OpenGateway) -> None:
    document = {
        "paths": {
            "/v1/things": {"post": {"summary": "Make", "description": f"Make one. {HOSTILE}\n\nMore."}, "get": {}},
            "/internal/things": {"get": {"description": "hidden"}},
        }
    }

    async def told(request: Request) -> Response:
        return Response(orjson.dumps(document), media_type="application/json")

    async with listening(Starlette(routes=[Route("/openapi.json", told)])) as address:
        client = await gateway_on_port(registry_url=address)
        page = await read(client, "/docs/registry?lang=en")
        assert f"Make one. {HOSTILE}" in page.text
        assert "POST /api/registry/v1/things" in page.text
        assert "hidden" not in page.text
        assert (await client.get("/docs/nothing", headers=BROWSER)).status_code == 404
        down = await client.get("/docs/alerts", headers=BROWSER)
        assert (down.status_code, down.headers["content-type"]) == (503, "text/html; charset=utf-8")


async def test_events_and_the_schema_are_published(open_gateway: OpenGateway) -> None:
    client = await open_gateway()
    document = (await client.get("/asyncapi.json")).json()
    payloads = [message["payload"]["$ref"] for message in document["components"]["messages"].values()]
    assert len(payloads) == len(PUBLISHED)
    for payload in payloads:
        schema = await client.get(f"/{payload}")
        assert schema.status_code == 200
        assert "x-sensitivity" in schema.text
    assert (await client.get("/schemas/nothing.json")).status_code == 404
    assert (await client.get("/schema.graphql")).text == SCHEMA_FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["ar", "en"])
async def test_an_unknown_address_is_a_page_for_people_and_a_problem_for_programs(
    open_gateway: OpenGateway, language: str
) -> None:
    client = await open_gateway()
    answer = await client.get(f"/nowhere?lang={language}", headers=BROWSER)
    assert answer.status_code == 404
    assert Checked(answer.text).all("html")[0]["lang"] == language
    for path, headers in (("/nowhere", {}), ("/nowhere", {"Accept": "*/*"}), ("/api/nothing/v1/x", BROWSER)):
        told = await client.get(path, headers=headers)
        assert (told.status_code, told.headers["content-type"]) == (404, "application/problem+json")


async def test_methods_a_page_does_not_take_are_named(open_gateway: OpenGateway) -> None:
    client = await open_gateway()
    assert (await client.head("/")).status_code == 200
    refused = await client.delete("/", headers=BROWSER)
    assert (refused.status_code, refused.json()["code"]) == (405, "method_not_allowed")
    assert "GET" in refused.headers["allow"]


async def test_a_bad_token_is_a_page_in_a_browser(open_gateway: OpenGateway) -> None:
    client = await open_gateway()
    answer = await client.get("/?lang=en", headers={**BROWSER, "Authorization": "Bearer x.y.z"})
    assert answer.status_code == 401
    assert "bearer token is not valid" in Checked(answer.text).text
    assert (await client.get("/", headers={"Authorization": "Bearer x.y.z"})).json()["code"] == "invalid_token"


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=200), st.text(max_size=50))
async def test_whatever_the_address_says_is_no_failure(word: str, value: str) -> None:
    issuer = TestIssuer()
    app = build(settings_of(), memory=Memory(), load_keys=issuer.load_keys())
    async with app.router.lifespan_context(app):
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://gateway.test") as client:
            query = dict.fromkeys(("lang", "level", "area", "month", "after", "refused", "token"), value)
            for path in ("/", "/invitation"):
                answer = await client.get(path, params=query, headers=BROWSER | issuer.bearer(Role.MEMBER))
                assert answer.status_code == 200
                Checked(answer.text)
            name = quote(word.replace("/", ""), safe="", errors="ignore") or "x"
            assert (await client.get(f"/guides/{name}", headers=BROWSER)).status_code in {200, 400, 404}


async def test_graphiql_is_there_in_development_alone(open_gateway: OpenGateway) -> None:
    developing, client = await open_gateway(environment="development"), await open_gateway()
    for language in ("ar", "en"):
        answer = await developing.get(f"/graphql?lang={language}", headers=BROWSER)
        page = Checked(answer.text)
        assert page.all("html")[0]["lang"] == language
        assert bool(ARABIC.search(page.text.replace("العربية", "").replace("تنسيق", ""))) is (language == "ar")
        assert {str(script["src"]).partition(".")[0] for script in page.all("script")} == {
            "/assets/graphiql",
            "/assets/start",
        }
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "connect-src 'self';" in policy
    refused = await client.get("/graphql", headers=BROWSER)
    assert refused.status_code == 400
    assert Checked(refused.text).all("script") == []
    assert "GraphiQL" not in (await read(client)).text
    assert (await developing.get("/graphql?query={sectors{code}}", headers=BROWSER)).status_code == 400


async def test_tools_may_ask_for_the_whole_schema_in_development(open_gateway: OpenGateway, issuer: TestIssuer) -> None:
    developing = await open_gateway(environment="development")
    query = {"query": get_introspection_query(descriptions=True)}
    answer = await developing.post("/graphql", json=query, headers=issuer.bearer(Role.MEMBER))
    assert {kind["name"] for kind in answer.json()["data"]["__schema"]["types"]} >= {"Coverage", "Query"}


@pytest.mark.parametrize(
    "inside",
    ["fields { type { " * 4 + "name" + " } }" * 4, "name " + "ofType { " * 20 + "name" + " }" * 20],
)
async def test_a_schema_asked_for_without_end_is_refused(
    open_gateway: OpenGateway, issuer: TestIssuer, inside: str
) -> None:
    developing = await open_gateway(environment="development")
    query = {"query": f'{{ __type(name: "Area") {{ {inside} }} }}'}
    answer = await developing.post("/graphql", json=query, headers=issuer.bearer(Role.MEMBER))
    assert answer.json()["errors"][0]["extensions"]["code"] in {"invalid_query", "query_too_deep"}


def test_every_word_of_a_template_is_there_in_both_languages_and_none_is_idle() -> None:
    templates = "".join(path.read_text() for path in (FOLDER / "templates").glob("*.html"))
    used = set(re.findall(r"\bt\.(\w+)", templates))
    families = set(re.findall(r't\["(\w+_)" \+', templates)) | {"why_", "refused_"}
    assert used <= set(WORDS)
    idle = {word for word in WORDS if word not in used and not word.startswith(tuple(families))}
    assert idle - {"works", "not_ready", "silent"} == set()
    for word, (arabic, english) in WORDS.items():
        assert arabic.strip(), word
        assert english.strip(), word
        assert bool(ARABIC.search(arabic)) or word == "other_language", word
        assert not ARABIC.search(english) or word == "other_language", word
        assert re.findall(r"{\w+}", arabic) == re.findall(r"{\w+}", english), word


async def test_readers_in_a_crowd_wait_for_one_answer(
    services: tuple[Services, dict[str, str]], memory: Memory
) -> None:
    seen, addresses = services
    now = 0.0
    async with aiohttp.ClientSession() as session:
        origins = {name.removesuffix("_url"): address for name, address in addresses.items()}
        standing = Standing(session, origins, memory, clock=lambda: now)
        await asyncio.gather(*(standing.parts() for _ in range(20)))
        assert len(seen.asked) == len(origins)
        now = 10.0
        await standing.parts()
        assert len(seen.asked) == 2 * len(origins)
