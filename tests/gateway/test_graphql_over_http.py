"""GraphQL over HTTP as its specification has it: the audits of npm's graphql-http, and what they do not ask.

`samples/graphql_http_audits.json` holds the 61 audits of graphql-http 1.23.1 (MIT): each request as the package sends
it, and the answers it takes, found by showing it answers of every kind.
"""

from pathlib import Path
from typing import Any

import httpx2
import orjson
import pytest
from runtime.access import Role
from testkit.trust import TestIssuer

from .conftest import OpenGateway
from .rows import Rows

AUDITS: list[dict[str, Any]] = orjson.loads((Path(__file__).parent / "samples/graphql_http_audits.json").read_bytes())
BY_GET = {"5A70", "D6D5", "6A70"}
"""MAY: queries in addresses. Ours are refused, for what is asked would stand in logs."""
GRAPHQL, JSON = "application/graphql-response+json", "application/json"


@pytest.mark.parametrize("audit", AUDITS, ids=lambda audit: f"{audit['id']}-{audit['name'].partition(' ')[0]}")
async def test_the_audits_of_graphql_http(
    gateway_on_port: OpenGateway, issuer: TestIssuer, audit: dict[str, Any]
) -> None:
    client = await gateway_on_port(environment="development")
    headers = {**audit["headers"], **issuer.bearer(Role.MEMBER)}
    answer = await client.request(
        audit["method"], "/graphql", params=audit.get("parameters"), content=audit.get("body"), headers=headers
    )
    if audit["id"] in BY_GET:
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
        return
    assert answer.status_code in audit.get("statuses", [answer.status_code])
    said = answer.headers["content-type"].partition(";")[0]
    assert said in audit.get("content_types", [said])
    assert not [name for name in audit.get("without", ()) if name in answer.json()]


def test_all_audits_are_here() -> None:
    levels = [audit["name"].partition(" ")[0] for audit in AUDITS]
    assert {level: levels.count(level) for level in set(levels)} == {"MUST": 13, "SHOULD": 23, "MAY": 25}


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("text/html", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (GRAPHQL, GRAPHQL),
        (GRAPHQL.upper(), GRAPHQL),
        (f"{GRAPHQL}, {JSON}", GRAPHQL),
        (f"{JSON}, {GRAPHQL}", GRAPHQL),
        (f"{GRAPHQL}; charset=utf-8, {JSON}; charset=utf-8", GRAPHQL),
        (f"{GRAPHQL};q=0.5, {JSON}", JSON),
        (f"{GRAPHQL};q=0, {JSON};q=0.1", JSON),
        (f"{GRAPHQL};q=0, */*", JSON),
        (f"{GRAPHQL};q=0.9, */*;q=0.8", GRAPHQL),
        (f"{GRAPHQL};q=nonsense", GRAPHQL),
        (f"x{GRAPHQL}", JSON),
    ],
)
async def test_the_type_is_the_one_wanted_more_and_decides_the_status(
    open_gateway: OpenGateway, issuer: TestIssuer, accept: str | None, expected: str
) -> None:
    client = await open_gateway()
    if accept is None:
        del client.headers["accept"]
    headers = issuer.bearer(Role.MEMBER) | ({} if accept is None else {"Accept": accept})
    right, wrong = [
        await client.post("/graphql", json={"query": query}, headers=headers) for query in ("{ __typename }", "{")
    ]
    assert {answer.headers["content-type"] for answer in (right, wrong)} == {f"{expected}; charset=utf-8"}
    assert (right.status_code, wrong.status_code) == (200, 400 if expected == GRAPHQL else 200)


@pytest.mark.parametrize(
    "body", [b'{"query": "{ __typename }", "operationName": ""}', b'{"query": "query A { __typename }"}']
)
async def test_no_name_means_the_one_operation(open_gateway: OpenGateway, issuer: TestIssuer, body: bytes) -> None:
    client = await open_gateway()
    headers = {**issuer.bearer(Role.MEMBER), "Content-Type": "application/json"}
    assert (await client.post("/graphql", content=body, headers=headers)).json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("accept", [GRAPHQL, JSON])
async def test_what_is_no_matter_of_the_query_keeps_its_status(
    open_gateway: OpenGateway, issuer: TestIssuer, accept: str
) -> None:
    client = await open_gateway()

    async def status(body: Any, headers: dict[str, str]) -> int:
        said = await client.post("/graphql", json=body, headers={"Accept": accept, **headers})
        assert said.headers["content-type"].startswith(accept)
        assert said.json()["errors"][0]["extensions"]["code"]
        return int(said.status_code)

    asked, member = {"query": "{ __typename }"}, issuer.bearer(Role.MEMBER)
    assert await status(asked, {}) == 401
    assert await status(asked, issuer.bearer(Role.PUBLIC)) == 403
    assert await status([asked], member) == 400
    assert await status({}, member) == 400
    assert await status({"query": "{ __schema { types { name } } }"}, member) == 403


def place(line: int, column: int) -> list[dict[str, int]]:
    return [{"line": line, "column": column}]


@pytest.mark.parametrize(
    ("query", "variables", "locations", "path", "field"),
    [
        ("{\n  nothing }", {}, place(2, 3), None, None),
        ("{ sectors { code }", {}, place(1, 19), None, None),
        ("query ($f: ReportFilter) { reports(filter: $f) { nodes { id } } }", {"f": {"x": 1}}, place(1, 8), None, None),
        ("{\n  many: areas(first: 0) { nodes { pcode } } }", {}, place(2, 3), ["many"], "first"),
        ('{\n  here: areas(country: "XX") { nodes { pcode } } }', {}, place(2, 3), ["here"], "country"),
        ('{\n a: organisations(filter: {area: "SY99"}) { nodes { id } } }', {}, place(2, 2), ["a"], "filter.area"),
    ],
)  # fmt: skip
async def test_an_error_says_where_and_names_what_was_asked_as_it_was_asked(
    open_gateway: OpenGateway,
    issuer: TestIssuer,
    query: str,
    variables: dict[str, Any],
    locations: list[dict[str, int]],
    path: list[str] | None,
    field: str | None,
) -> None:
    client = await open_gateway()
    answer = await client.post(
        "/graphql", json={"query": query, "variables": variables}, headers=issuer.bearer(Role.MEMBER)
    )
    [error] = answer.json()["errors"]
    assert (error["locations"], error.get("path")) == (locations, path)
    assert [each.get("field") for each in error["extensions"]["errors"]] == [field]


async def test_a_services_refusal_is_told_by_alias_and_argument(
    open_gateway: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str]
) -> None:
    service, address = rows
    problem = {
        "code": "invalid",
        "detail": "Ask for one `month`, or for the months `month_from` to `month_to`, not both.",
        "errors": [
            {"code": "x", "detail": "See `population_group`.", "field": field}
            for field in ("area", "filter.month_from")
        ],
    }
    service.problem = (422, orjson.dumps(problem))
    client = await open_gateway(reporting_url=address)
    query = '{ __typename\n  mine: progress(filter: {area: "SY07", monthFrom: "2026-01"}) { nodes { target } } }'
    answer = await client.post("/graphql", json={"query": query}, headers=issuer.bearer(Role.MEMBER))
    assert answer.status_code == 200
    assert answer.json()["data"] == {"__typename": "Query", "mine": None}
    [error] = answer.json()["errors"]
    assert (error["path"], error["locations"]) == (["mine"], place(2, 3))
    assert error["message"] == "Ask for one `month`, or for the months `monthFrom` to `monthTo`, not both."
    told = [(each["field"], each["detail"]) for each in error["extensions"]["errors"]]
    assert told == [("filter.area", "See `populationGroup`."), ("filter.monthFrom", "See `populationGroup`.")]


async def test_plain_execution_tells_places_as_a_plan_does(issuer: TestIssuer, open_gateway: OpenGateway) -> None:
    client = await open_gateway(environment="development")
    query = '{\n  here: areas(country: "XX") { nodes { pcode } } %s }'
    answers = [
        await client.post("/graphql", json={"query": query % more}, headers=issuer.bearer(Role.MEMBER))
        for more in ("", "__schema { queryType { name } }")
    ]
    planned, plain = (answer.json()["errors"] for answer in answers)
    assert planned == plain
    assert answers[1].status_code == httpx2.codes.OK
