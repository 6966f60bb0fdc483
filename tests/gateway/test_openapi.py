"""What OpenAPI says is so: it is valid, every reference resolves, and no answer comes that it does not tell of."""

import asyncio
import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx2
import jsonschema_rs
import orjson
import pytest
from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser.errors import ErrorLevel
from openapi_spec_validator import validate
from runtime.access import Role

from .conftest import ORGANISATION
from .test_services import ALERT, REPORT, SERVICES, TARGET, Platform
from .test_services import platform as platform

PROBLEM = "application/problem+json"
BODIES: list[Any] = [
    {}, [{}], "x", None, {"country": "SY"}, [REPORT, {}], TARGET, ALERT, {"url": "x"},
    {"names": {"en": "A"}, "type_code": "441"}, {"sent": "0001-01-01T00:00:00+14:00"}, {"month": "9999-99"},
]  # fmt: skip
VALUES = ("", "x", "-1", "SY99", "XYZ", "9" * 30, "\u0000", "0001-01-01T00:00:00+14:00", "2026-13")
HEADERS: list[dict[str, str]] = [
    {},
    {"If-Match": '"v1"'},
    {"If-Match": "*", "Idempotency-Key": "k" * 201},
    {"Content-Type": "text/html"},
    {"Content-Type": "application/x-ndjson"},
    {"Content-Type": "text/csv"},
    {"Authorization": "Bearer nonsense"},
    {"Authorization": ""},
]


async def document_of(platform: Platform, name: str) -> dict[str, Any]:
    answer = await platform.client.get(f"/api/{name}/openapi.json")
    document: dict[str, Any] = answer.json()
    return document


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in ("get", "put", "post", "patch", "delete"):
            if method in item:
                yield method, path, item[method]


@pytest.mark.parametrize("name", sorted(SERVICES))
async def test_the_document_is_valid_and_its_references_resolve(platform: Platform, name: str) -> None:
    document = await document_of(platform, name)
    validate(document)
    for reference in re.findall(r'"\$ref":"([^"]+)"', orjson.dumps(document).decode()):
        found: Any = document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        assert isinstance(found, dict)
    text = orjson.dumps(document).decode()
    assert "HTTPValidationError" not in text
    assert '"x-refuses' not in text
    assert "$defs" not in text


@pytest.mark.parametrize("name", sorted(SERVICES))
async def test_every_refusal_is_told_as_the_problem_it_is(platform: Platform, name: str) -> None:
    document = await document_of(platform, name)
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    for method, path, operation in operations(document):
        refusals = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
        assert "503" in refusals
        if path.startswith("/oauth"):
            continue
        for status, answer in refusals.items():
            assert PROBLEM in answer["content"], (method, path, status)
        if {"bearer": []} in operation["security"]:
            assert "401" in refusals
            assert "403" in refusals or {} in operation["security"]
        if "{" in path:
            assert "404" in refusals
        if method != "get":
            assert {"409", "413", "415", "400"} <= set(refusals), (method, path)


async def test_what_is_no_longer_the_way_is_told_as_deprecated(platform: Platform) -> None:
    document = await document_of(platform, "activities")
    parameters = {each["name"]: each for each in document["paths"]["/v1/reports"]["get"]["parameters"]}
    assert parameters["updated_since"]["deprecated"] is True
    assert "changes_after" in parameters
    assert "410" in document["paths"]["/v1/reports"]["get"]["responses"]


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.MEMBER])
@pytest.mark.parametrize("name", sorted(SERVICES))
async def test_no_answer_comes_that_is_not_told(platform: Platform, name: str, role: Role) -> None:
    """A client that knows the document alone asks everything with everything, and finds no answer untold."""
    document = await document_of(platform, name)
    problem = {**document["components"]["schemas"]["Problem"], "components": document["components"]}
    valid = jsonschema_rs.validator_for(problem)
    signed = platform.issuer.bearer(role, organisation_id=ORGANISATION if role is Role.MEMBER else None)
    untold: set[tuple[Any, ...]] = set()
    at_once = asyncio.Semaphore(8)  # a door closes connections that are slow, and all processes are one here

    async def ask(method: str, request: dict[str, Any]) -> httpx2.Response:
        async with at_once:
            return await platform.client.request(method.upper(), **request)

    for method, path, operation in operations(document):
        if path.endswith(("/stream", "/replay")):
            continue  # an answer without an end, and one that empties the figures
        address = ("" if path.startswith(("/oauth", "/.well")) else f"/api/{name}") + path
        asked = [{**each, "headers": {**signed, **each["headers"]}} for each in questions(address, operation)]
        for answer in await asyncio.gather(*(ask(method, each) for each in asked)):
            told = operation["responses"].get(str(answer.status_code))
            kind = answer.headers.get("content-type", "").partition(";")[0]
            content = (told or {}).get("content") or {}
            if told is None or (answer.status_code >= 400 and kind not in content):
                untold.add((method, path, answer.status_code, kind, answer.text[:200]))
            elif kind == PROBLEM:
                assert valid.is_valid(answer.json()), answer.text
    assert sorted(untold) == []


def questions(path: str, operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Requests of every kind, each wrong or right in one place."""
    parameters = operation.get("parameters", ())
    query = [each["name"] for each in parameters if each["in"] == "query"]
    places = re.findall(r"{\w+}", path)
    good = re.sub(r"{\w+}", lambda found: "SY" if "country" in found[0] or "pcode" in found[0] else str(uuid4()), path)
    yield {"url": good, "headers": {}}
    for value in VALUES if places else ():
        if quote(value, safe=""):
            yield {"url": re.sub(r"{\w+}", quote(value, safe=""), path), "headers": {}}
    for name in query:
        yield from ({"url": good, "params": {name: value}, "headers": {}} for value in VALUES)
    for headers in HEADERS:
        yield {"url": good, "headers": headers, "content": b"{}" if "requestBody" in operation else None}
    if "requestBody" in operation:
        for body in BODIES:
            yield {"url": good, "json": body, "headers": {"If-Match": "*"}}
        yield {"url": good, "content": b"{", "headers": {"Content-Type": "application/json"}}
        yield {"url": good, "content": b"\xff\xfe", "headers": {"Content-Type": "text/csv"}}
        yield {"url": good, "content": b'{"a":1}\n{', "headers": {"Content-Type": "application/x-ndjson"}}


@pytest.mark.parametrize("name", sorted(SERVICES))
async def test_every_answer_has_a_schema_that_says_something(platform: Platform, name: str) -> None:
    document = await document_of(platform, name)
    for method, path, operation in operations(document):
        answers = {status: each for status, each in operation["responses"].items() if status[0] == "2"}
        assert answers, (method, path)
        for status, answer in answers.items():
            if status == "204":
                continue
            [content] = answer["content"].values()
            assert set(content["schema"]) - {"title", "type"} or content["schema"]["type"] == "string", (method, path)


async def test_a_client_made_of_the_document_works(platform: Platform, tmp_path: Path) -> None:
    """Nothing but the document is known to it: it reads a list, and one row of it."""
    document = tmp_path / "plans.json"
    document.write_bytes(orjson.dumps(await document_of(platform, "plans")))
    config = Config.from_sources(
        ConfigFile(post_hooks=[]),
        meta_type=MetaType.NONE,
        document_source=document,
        file_encoding="utf-8",
        overwrite=True,
        output_path=tmp_path / "made_client",
    )
    assert [
        error for error in await asyncio.to_thread(generate, config=config) if error.level is ErrorLevel.ERROR
    ] == []
    bearer = platform.issuer.bearer(Role.SECRETARIAT)
    await platform.client.post("/api/plans/v1/targets", json=TARGET, headers=bearer)
    sys.path.insert(0, str(tmp_path))
    try:
        made = importlib.import_module("made_client")
        api = "made_client.api.targets"
        listing = importlib.import_module(f"{api}.targets_list_v1_targets_get")
        detail = importlib.import_module(f"{api}.targets_detail_v1_targets_id_get")
    finally:
        sys.path.remove(str(tmp_path))
    address = f"{str(platform.client.base_url).rstrip(chr(47))}/api/plans"
    token = bearer["Authorization"].removeprefix("Bearer ")
    async with made.AuthenticatedClient(base_url=address, token=token) as client:
        listed = await listing.asyncio(client=client, sector="WSH")
        one = await detail.asyncio(client=client, id=listed.items[0].id)
    assert (one.sector, one.people, one.month_from) == ("WSH", TARGET["people"], "2026-03")
    assert one == listed.items[0]
