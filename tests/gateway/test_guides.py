"""Guides, routes and what is published for programs: true to the platform, in both languages."""

import re
from collections.abc import Iterator

import orjson
import pytest
from contracts.event import PUBLISHED
from gateway.graph.schema import graph
from gateway.main import SCHEMA_FILE
from gateway.pages.guides import NAMES
from graphql import parse, validate
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from testkit.ports import listening

from .conftest import OpenGateway
from .reading_pages import ARABIC, BROWSER, FOLDER, HOSTILE, read


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


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_question_of_the_guide_for_hubs_is_one_the_schema_takes(language: str) -> None:
    guide = (FOLDER / "guides" / language / "hubs.md").read_text(encoding="utf-8")
    questions = re.findall(r"```graphql\n(.*?)```", guide, re.DOTALL)
    assert len(questions) == 3
    assert [validate(graph()._schema, parse(question)) for question in questions] == [[], [], []]


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
