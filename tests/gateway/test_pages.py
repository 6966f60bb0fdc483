"""Every page at the door: both languages, nothing of others, refusals that people can read."""

import re
from urllib.parse import quote

import httpx2
import pytest
from gateway.main import build
from gateway.pages.words import WORDS
from gateway.reference.memory import ReferenceMemory
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from runtime.access import Role
from runtime.problems import Unavailable
from testkit.trust import TestIssuer

from .conftest import SOURCE, OpenGateway, settings_of
from .reading_pages import ARABIC, BROWSER, FOLDER, Checked, Services, read


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


@pytest.mark.parametrize(("language", "words"), [("ar", "الشيفرة المصدرية"), ("en", "Source code")])
async def test_every_page_says_where_its_source_is(open_gateway: OpenGateway, language: str, words: str) -> None:
    client = await open_gateway()
    for path in ("/", "/guides/partners"):
        page = await read(client, path, **{"Accept-Language": language})
        assert SOURCE in [link["href"] for link in page.all("a")]
        assert words in page.text


def test_nobody_is_served_in_production_without_the_source() -> None:
    with pytest.raises(ValidationError, match="source_url"):
        settings_of(source_url=None)
    assert settings_of(source_url=None, environment="development").source_url is None


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
    for code in ("query_too_deep", "too_many_operations"):  # whose sentences tell facts that an address does not have
        told = (await read(client, f"/?refused={code}&lang=en")).text
        assert "can't be carried out" in told
        assert "…" not in told.partition("can't be carried out")[0].rpartition("could not be done")[2]


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
    app = build(settings_of(), memory=ReferenceMemory(), load_keys=issuer.load_keys())
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


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/", 200), ("GET", "/nothing", 404), ("POST", "/graphql", 401)]
)
async def test_every_answer_says_that_nobody_frames_it_or_guesses_its_kind(
    open_gateway: OpenGateway, method: str, path: str, status: int
) -> None:
    client = await open_gateway()
    answer = await client.request(method, path)
    assert answer.status_code == status
    said = {name: answer.headers[name] for name in ("x-frame-options", "x-content-type-options", "referrer-policy")}
    assert said == {"x-frame-options": "DENY", "x-content-type-options": "nosniff", "referrer-policy": "same-origin"}
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["strict-transport-security"].startswith("max-age=")
