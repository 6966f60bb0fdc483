"""The door of GraphQL: who is let in, what is refused, how failures are told."""

import base64
import json
import re
import time
from pathlib import Path
from typing import Any

import gateway.main
import httpx2
import pytest
from gateway.graph.limits import COST, DEPTH
from gateway.graph.schema import graph
from joserfc import jwt
from joserfc.jwk import OKPKey
from runtime.access import Role
from testkit.trust import TestIssuer

from .conftest import APPLICANT, ORGANISATION, OpenGateway
from .rows import Rows

SECTORS = "{ sectors { code names { ar en } } }"


async def ask(
    client: httpx2.AsyncClient, query: str, headers: dict[str, str] | None = None, **variables: Any
) -> httpx2.Response:
    return await client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)


def code(answer: httpx2.Response) -> str:
    error = answer.json()["errors"][0]
    assert error["message"]
    return str(error["extensions"]["code"])


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PUBLIC])
async def test_each_role_reads_reference_data(open_gateway: OpenGateway, issuer: TestIssuer, role: Role) -> None:
    client = await open_gateway()
    answer = await ask(client, SECTORS, issuer.bearer(role))
    assert answer.status_code == 200
    assert {"code": "WSH", "names": {"ar": "المياه", "en": "WASH"}} in answer.json()["data"]["sectors"]


async def test_the_public_sees_nothing(open_gateway: OpenGateway, issuer: TestIssuer) -> None:
    client = await open_gateway()
    nobody, public = await ask(client, SECTORS), await ask(client, SECTORS, issuer.bearer(Role.PUBLIC))
    assert (nobody.status_code, code(nobody)) == (401, "missing_token")
    assert nobody.headers["www-authenticate"] == "Bearer"
    assert (public.status_code, code(public)) == (403, "not_permitted")
    assert "data" not in nobody.json()


def _forged(issuer: TestIssuer) -> dict[str, str]:
    good = issuer.token(Role.MEMBER)
    header, body, signature = good.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    raised = base64.urlsafe_b64encode(json.dumps({**claims, "role": "secretariat"}).encode()).rstrip(b"=").decode()
    none = base64.urlsafe_b64encode(b'{"alg":"none","kid":"test"}').rstrip(b"=").decode()
    stranger = OKPKey.generate_key("Ed25519", {"kid": "test"})
    claims["exp"] = int(time.time()) + 300
    return {
        "expired": issuer.token(Role.MEMBER, expires_in=-60),
        "tampered": f"{header}.{raised}.{signature}",
        "none": f"{none}.{body}.",
        "audience": issuer.token(Role.MEMBER, audience="other"),
        "issuer": issuer.token(Role.MEMBER, issuer="http://elsewhere.test"),
        "stranger": jwt.encode({"alg": "Ed25519", "kid": "test"}, claims, stranger, algorithms=["Ed25519"]),
        "garbage": "a.b.c",
        "long": "x" * 9000,
    }


@pytest.mark.parametrize(
    "fault", ["expired", "tampered", "none", "audience", "issuer", "stranger", "garbage", "long", "basic"]
)
async def test_a_bad_token_is_a_graphql_error(open_gateway: OpenGateway, issuer: TestIssuer, fault: str) -> None:
    client = await open_gateway()
    header = "Basic YTpi" if fault == "basic" else f"Bearer {_forged(issuer)[fault]}"
    answer = await ask(client, SECTORS, {"Authorization": header, "Accept-Language": "en"})
    assert (answer.status_code, code(answer)) == (401, "invalid_token")


NESTED = '{ area(country: "SY", pcode: "SY070004") ' + "{ parent " * DEPTH + "{ pcode }" + " }" * DEPTH + " }"


def bomb(levels: int) -> str:
    """Three times as many areas a level."""
    inside = [" ".join(f"{name}: parent {{ ...F{n + 1} }}" for name in "abc") for n in range(levels)]
    fragments = " ".join(f"fragment F{n} on Area {{ {fields} }}" for n, fields in enumerate(inside))
    return f'{{ area(country: "SY", pcode: "SY") {{ ...F0 }} }} {fragments} fragment F{levels} on Area {{ pcode }}'


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ sectors { code ", "invalid_query"),
        ("{ sectors { } }", "invalid_query"),
        ("{ nothing }", "invalid_query"),
        ("mutation { nothing }", "invalid_query"),
        ("{ " * 200, "invalid_query"),
        ("{ sectors { code } } " * 1000, "query_too_long"),
        (NESTED, "query_too_deep"),
        ("{ " + " ".join(f"a{n}: __typename" for n in range(31)) + " }", "too_many_aliases"),
        ("{ sectors { " + "code " * 30 + "} }", "too_many_repeats"),
        (bomb(8), "too_many_selections"),
        ("{ reports(first: 501) { nodes { id } } }", "too_large"),
        ("{ reports(first: 0) { nodes { id } } }", "too_small"),
        ('{ report(id: "x") { id } }', "invalid_query"),
        ("query A { sectors { code } } query B { sectors { code } }", "unknown_operation"),
        ("{ __schema { types { name } } }", "introspection_off"),
        ("{ ...F } fragment F on Query { __type(name: \"Report\") { name } }", "introspection_off"),
        ("subscription { reports }", "invalid_query"),
    ],
)  # fmt: skip
async def test_a_query_beyond_the_limits_is_refused(
    open_gateway: OpenGateway, issuer: TestIssuer, query: str, expected: str
) -> None:
    client = await open_gateway()
    answer = await ask(client, query, issuer.bearer(Role.MEMBER))
    assert code(answer) == expected
    assert answer.status_code == (403 if expected == "introspection_off" else 200)
    headers = {**issuer.bearer(Role.MEMBER), "Accept": "application/graphql-response+json"}
    assert (await ask(client, query, headers)).status_code == (403 if expected == "introspection_off" else 400)


async def test_an_answer_that_could_grow_too_large_is_refused(open_gateway: OpenGateway, issuer: TestIssuer) -> None:
    client = await open_gateway()
    areas = "areas { pcode level names { ar en } parent { pcode names { ar en } parent { pcode } } }"
    query = f"query ($n: Int) {{ organisations(first: $n) {{ nodes {{ id {areas} }} }} }}"
    assert code(await ask(client, query, issuer.bearer(Role.HUB), n=500)) == "query_too_costly"
    assert (await ask(client, query, issuer.bearer(Role.HUB), n=10)).json()["data"]["organisations"]
    assert COST > 500


async def test_what_is_counted_when_asked_for_costs_more_than_what_it_says(
    open_gateway: OpenGateway, issuer: TestIssuer
) -> None:
    client = await open_gateway()

    def many(root: str, aliases: int) -> str:
        return "{ " + " ".join(f"a{n}: {root}(first: 500) {{ nodes {{ target }} }}" for n in range(aliases)) + " }"

    for aliases, expected in ((1, "unavailable"), (3, "unavailable"), (4, "query_too_costly")):
        answer = await ask(client, many("progress", aliases), issuer.bearer(Role.HUB))
        assert code(answer) == expected, aliases


@pytest.mark.parametrize(
    ("body", "content_type", "status", "expected"),
    [
        (b"[" * 200 + b"]" * 200, "application/json", 400, "batch_refused"),
        (b'{"query":' + b"[" * 2000, "application/json", 400, "malformed_body"),
        (b'{"query": "{ sectors { code } }"', "application/json", 400, "malformed_body"),
        (b'{"query": "\\ud800"}', "application/json", 400, "malformed_body"),
        (b'{"query": "\x00"}', "application/json", 400, "malformed_body"),
        (b'{"query": "\xff"}', "application/json", 400, "malformed_body"),
        (b'[{"query": "{ __typename }"}]', "application/json", 400, "batch_refused"),
        (b"{}", "application/json", 400, "missing_query"),
        (b'{"query": 1}', "application/json", 400, "missing_query"),
        (b'{"query": "{ __typename }", "variables": []}', "application/json", 400, "missing_query"),
        (b"{ sectors { code } }", "application/graphql", 415, "unsupported_content_type"),
        (b"query=%7B__typename%7D", "application/x-www-form-urlencoded", 415, "unsupported_content_type"),
        (b" " * (128 * 1024 + 1), "application/json", 413, "body_too_large"),
    ],
)
async def test_a_bad_body_is_refused(
    open_gateway: OpenGateway, issuer: TestIssuer, body: bytes, content_type: str, status: int, expected: str
) -> None:
    client = await open_gateway()
    headers = {**issuer.bearer(Role.MEMBER), "Content-Type": content_type}
    answer = await client.post("/graphql", content=body, headers=headers)
    assert (answer.status_code, code(answer)) == (status, expected)


async def test_variables_nested_deeply_are_refused(open_gateway: OpenGateway, issuer: TestIssuer) -> None:
    client = await open_gateway()
    nested: Any = {}
    for _ in range(200):
        nested = {"area": nested}
    query = "query ($f: ReportFilter) { reports(filter: $f) { nodes { id } } }"
    assert code(await ask(client, query, issuer.bearer(Role.MEMBER), f=nested)) == "invalid_variables"


async def test_queries_by_get_are_refused(open_gateway: OpenGateway, issuer: TestIssuer) -> None:
    client = await open_gateway()
    answer = await client.get("/graphql", params={"query": SECTORS}, headers=issuer.bearer(Role.SECRETARIAT))
    assert (answer.status_code, code(answer), answer.headers["allow"]) == (405, "queries_by_post", "POST")
    developing = await open_gateway(environment="development")
    assert (await developing.get("/graphql")).headers["content-type"].startswith("text/html")


async def test_the_schema_is_told_in_development_and_to_the_secretariat(
    open_gateway: OpenGateway, issuer: TestIssuer
) -> None:
    asked = "{ __schema { queryType { name } } }"
    client, developing = await open_gateway(), await open_gateway(environment="development")
    assert (await ask(client, asked, issuer.bearer(Role.SECRETARIAT))).json()["data"]["__schema"]
    assert (await ask(developing, asked, issuer.bearer(Role.MEMBER))).json()["data"]["__schema"]


async def test_names_are_suggested_to_who_may_read_the_schema(open_gateway: OpenGateway, issuer: TestIssuer) -> None:
    async def reasons(client: httpx2.AsyncClient, role: Role) -> str:
        query = "query ($f: ReportFilter) { reports(filter: $f) { nodes { mont } } sectors { codes } }"
        answers = [
            await ask(client, query, issuer.bearer(role)),
            await ask(
                client, query.replace("mont ", "month ").replace("codes", "code"), issuer.bearer(role), f={"secto": 1}
            ),
        ]
        return "".join(answer.text for answer in answers)

    client, developing = await open_gateway(), await open_gateway(environment="development")
    assert "Did you mean" not in await reasons(client, Role.MEMBER)
    for told in (await reasons(client, Role.SECRETARIAT), await reasons(developing, Role.MEMBER)):
        assert all(f"Did you mean '{name}'" in told for name in ("month", "code", "sector"))


async def test_the_schema_and_rows_are_told_in_one_answer(open_gateway: OpenGateway, issuer: TestIssuer) -> None:
    client = await open_gateway(environment="development")
    query = """query ($name: String!) { kind: __type(name: $name) { ...F } __schema { queryType { name } }
        sectors { code } __typename } fragment F on __Type { name kind fields { name } }"""
    data = (await ask(client, query, issuer.bearer(Role.MEMBER), name="Sector")).json()["data"]
    assert list(data) == ["kind", "__schema", "sectors", "__typename"]
    assert {"name": "code"} in data["kind"]["fields"]
    assert ({"code": "WSH"} in data["sectors"], data["__schema"]) == (True, {"queryType": {"name": "Query"}})


async def test_errors_speak_arabic_unless_english_is_preferred(open_gateway: OpenGateway, issuer: TestIssuer) -> None:
    client = await open_gateway()
    query = "{ reports(first: 0) { nodes { id } } }"
    arabic = await ask(client, query, issuer.bearer(Role.MEMBER))
    english = await ask(client, query, {**issuer.bearer(Role.MEMBER), "Accept-Language": "en"})
    assert arabic.json()["errors"][0]["message"].startswith("يجب")
    assert english.json()["errors"][0]["message"].startswith("The value")


@pytest.mark.parametrize(
    ("query", "arabic", "reason"),
    [
        ("{ nothing }", "الحقل nothing (السطر 1، العمود 3)", "Cannot query field 'nothing' on type 'Query'."),
        ("{ sectors(x: 1) { code } }", "الوسيط x (السطر 1، العمود 11)", "Unknown argument 'x' on field"),
        ("{ sectors { code } ", "الصياغة (السطر 1، العمود 20)", "Syntax Error"),
        ("query ($f: No) { __typename }", "النوع No (السطر 1، العمود 12)", "Unknown type 'No'"),
        ("query ($f: ReportFilter) { __typename }", "المتغير f (السطر 1، العمود 8)", "is never used"),
        ("{ reports(filter: {x: 1}) { nodes { id } } }", "الحقل x (السطر 1، العمود 20)", "ReportFilter"),
        ("{ reports(first: FEW) { nodes { id } } }", "القيمة FEW (السطر 1، العمود 18)", "Int cannot represent"),
        ("{ sectors { ...Some } }", "الاسم Some (السطر 1، العمود 16)", "Unknown fragment"),
        ('{ report(id: "x") { id } }', "القيمة x (السطر 1، العمود 14)", "expected an id (UUID)"),
        ("{ sectors @no { code } }", "التوجيه no (السطر 1، العمود 11)", "Unknown directive"),
    ],
)
async def test_a_faulty_query_is_told_by_part_and_place_and_with_the_librarys_reason(
    open_gateway: OpenGateway, issuer: TestIssuer, query: str, arabic: str, reason: str
) -> None:
    client = await open_gateway()
    bearer = issuer.bearer(Role.MEMBER)
    errors = (await ask(client, query, bearer)).json()["errors"]
    [told] = [error for error in errors if arabic in error["message"]]
    assert told["message"].startswith("الاستعلام غير صالح، والخطأ في: ")
    assert not re.search("[a-z]{9}", told["message"])  # no sentence in English
    [fault] = told["extensions"]["errors"]
    assert reason in fault["reason"]
    [place] = told["locations"]
    assert f"السطر {place['line']}، العمود {place['column']}" in arabic
    english = (await ask(client, query, {**bearer, "Accept-Language": "en"})).json()["errors"]
    [told] = [error for error in english if reason in error["message"]]
    assert told["message"].startswith("The query is not valid: ")


async def test_a_condition_that_is_null_is_refused(open_gateway: OpenGateway, issuer: TestIssuer) -> None:
    client, bearer = await open_gateway(), issuer.bearer(Role.MEMBER)
    for directive in ("skip", "include"):
        query = f"query ($v: Boolean = true) {{ __typename sectors @{directive}(if: $v) {{ code }} }}"
        assert code(await ask(client, query, bearer, v=None)) == "invalid_variables"
        assert ("sectors" in (await ask(client, query, bearer)).json()["data"]) is (directive == "include")


async def test_faulty_variables_are_told_by_their_names(open_gateway: OpenGateway, issuer: TestIssuer) -> None:
    client = await open_gateway()
    query = "query ($f: ReportFilter) { reports(filter: $f) { nodes { id } } }"
    [told] = (await ask(client, query, issuer.bearer(Role.MEMBER), f={"nothing": 1})).json()["errors"]
    assert told["message"] == "أحد المتغيرات أو الوسائط غير صالح، والخطأ في: المتغير f (السطر 1، العمود 8)"
    [fault] = told["extensions"]["errors"]
    assert "nothing" in fault["reason"]


async def test_one_question_to_one_service_with_the_columns_selected_and_the_callers_token(
    open_gateway: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str]
) -> None:
    service, address = rows
    service.columns = {"organisation_id": [str(ORGANISATION)], "area": ["SY070004"], "country": ["SY"]}
    service.columns = {**service.columns, "month": ["2026-01"], "people_total": [7]}
    service.columns = {name: values * 6 for name, values in service.columns.items()}
    client = await open_gateway(activities_url=address)
    query = """query ($f: ReportFilter) { reports(filter: $f, first: 5) {
        nodes { month organisation { names { ar } } area { pcode names { en } } people { total } }
        pageInfo { hasNextPage endCursor } } }"""
    headers = {**issuer.bearer(Role.HUB), "Accept-Language": "en", "X-Forwarded-For": "10.0.0.1"}
    traced = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
    wanted = {"sector": "WSH", "area": "SY07", "monthFrom": "2026-01", "status": "COMPLETED"}
    answer = (await ask(client, query, {**headers, **traced}, f=wanted)).json()
    assert (
        answer["data"]["reports"]["nodes"]
        == [
            {
                "month": "2026-01",
                "organisation": {"names": {"ar": "منظمة الأمل"}},
                "area": {"pcode": "SY070004", "names": {"en": "Maaret Tamsrin"}},
                "people": {"total": 7},
            }
        ]
        * 5
    )
    page = answer["data"]["reports"]["pageInfo"]
    assert (page["hasNextPage"], len(page["endCursor"]) > 10) == (True, True)
    assert service.questions == [
        {
            "columns": ["area", "country", "month", "organisation_id", "people_total"],
            "filter": {"sector": "WSH", "area": "SY07", "month_from": "2026-01", "status": "Completed"},
            "first": 5,
            "after": None,
        }
    ]
    assert service.headers[0]["authorization"] == headers["Authorization"]
    assert service.headers[0]["accept-language"] == "en"
    assert service.headers[0]["traceparent"].split("-")[1] == traced["traceparent"].split("-")[1]
    assert "x-forwarded-for" not in service.headers[0]


async def test_figures_say_when_they_are_incomplete(
    open_gateway: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str]
) -> None:
    service, address = rows
    service.columns = {"area": [], "country": []}
    service.freshness = {"as_of": None, "rebuilding": True}
    client = await open_gateway(reporting_url=address)
    query = "{ coverage { asOf rebuilding nodes { areaCode } } presence { asOf rebuilding } }"
    answer = (await ask(client, query, issuer.bearer(Role.HUB))).json()
    said = {"asOf": None, "rebuilding": True}
    assert answer == {"data": {"coverage": {**said, "nodes": []}, "presence": said}}


async def test_a_service_that_refuses_is_quoted(
    open_gateway: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str]
) -> None:
    service, address = rows
    problem = {
        "code": "unknown_area",
        "detail": "لا توجد",
        "errors": [{"code": "wrong_form", "field": "filter.month_from"}],
    }
    service.problem = (422, json.dumps(problem).encode())
    client = await open_gateway(activities_url=address)
    answer = (await ask(client, "{ mine: reports { nodes { id } } sectors { code } }", issuer.bearer(Role.HUB))).json()
    assert answer["data"]["mine"] is None
    assert answer["data"]["sectors"]
    (error,) = answer["errors"]
    assert error["path"] == ["mine"]
    assert error["message"] == "لا توجد"
    told = [{"code": "wrong_form", "field": "filter.monthFrom"}]  # as the graph calls it
    assert error["extensions"] == {"code": "unknown_area", "errors": told}


async def test_a_service_that_fails_is_told_without_its_data(
    open_gateway: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str], capfd: pytest.CaptureFixture[str]
) -> None:
    service, address = rows
    service.problem = (500, b'{"detail": "CANARY-36.2021"}')
    client = await open_gateway(activities_url=address)
    answer = await ask(client, "{ reports { nodes { id } } }", issuer.bearer(Role.HUB))
    assert code(answer) == "internal"
    service.problem = None
    service.columns = {"status": ["CANARY-36.2021"]}
    answer = await ask(client, "{ reports { nodes { status } } }", issuer.bearer(Role.HUB))
    assert code(answer) == "internal"
    assert "CANARY" not in answer.text + "".join(capfd.readouterr())


async def test_a_dead_service_leaves_the_others_alone(open_gateway: OpenGateway, issuer: TestIssuer) -> None:
    client = await open_gateway()
    answer = await ask(client, "{ alerts { nodes { id } } sectors { code } }", issuer.bearer(Role.HUB))
    assert code(answer) == "unavailable"
    assert answer.json()["data"]["sectors"]


async def test_a_slow_service_is_given_up(
    open_gateway: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str]
) -> None:
    service, address = rows
    service.delay = 20
    client = await open_gateway(reporting_url=address, question_seconds=0.2)
    begun = time.monotonic()
    answer = await ask(client, "{ coverage { nodes { areaCode } } }", issuer.bearer(Role.HUB))
    assert code(answer) == "service_too_slow"
    assert time.monotonic() - begun < 15


async def test_lists_of_memory_go_on_behind_their_cursor(open_gateway: OpenGateway, issuer: TestIssuer) -> None:
    client = await open_gateway()
    query = """query ($after: String) { areas(country: "SY", first: 2, after: $after) {
        edges { cursor node { pcode } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
    found: list[str] = []
    after = None
    while True:
        page = (await ask(client, query, issuer.bearer(Role.MEMBER), after=after)).json()["data"]["areas"]
        found += [edge["node"]["pcode"] for edge in page["edges"]]
        assert page["pageInfo"]["hasPreviousPage"] == (after is not None)
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert found == ["SY", "SY02", "SY07", "SY0700", "SY070004"]
    other = query.replace('"SY"', '"SY", level: 1')
    first = page["pageInfo"]["startCursor"]
    assert code(await ask(client, other, issuer.bearer(Role.MEMBER), after=first)) == "invalid_cursor"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ('search: "ادلب"', ["SY07", "SY0700"]),
        ('country: "SY", parent: "SY"', ["SY02", "SY07"]),
        ('country: "SY", level: 3', ["SY070004"]),
        ('search: "idleb", level: 2', ["SY0700"]),
        ('parent: "SY07"', ["SY0700"]),
        ('country: "SY", level: 4', []),
        ('within: "SY0700"', ["SY0700", "SY070004"]),
        ('within: "SY07", level: 3', ["SY070004"]),
        ('within: "SY07", search: "ادلب"', ["SY07", "SY0700"]),
    ],
)
async def test_areas_are_found(
    open_gateway: OpenGateway, issuer: TestIssuer, arguments: str, expected: list[str]
) -> None:
    client = await open_gateway()
    answer = await ask(client, f"{{ areas({arguments}) {{ nodes {{ pcode }} }} }}", issuer.bearer(Role.MEMBER))
    assert [area["pcode"] for area in answer.json()["data"]["areas"]["nodes"]] == expected


async def test_who_has_only_applied_is_shown_to_itself_and_the_secretariat(
    open_gateway: OpenGateway, issuer: TestIssuer
) -> None:
    client = await open_gateway()
    query = f'{{ organisations {{ nodes {{ id }} }} organisation(id: "{APPLICANT}") {{ status names {{ en }} }} }}'
    seen = {
        "member": await ask(client, query, issuer.bearer(Role.MEMBER, organisation_id=ORGANISATION)),
        "itself": await ask(client, query, issuer.bearer(Role.MEMBER, organisation_id=APPLICANT)),
        "secretariat": await ask(client, query, issuer.bearer(Role.SECRETARIAT)),
    }
    counts = {who: len(answer.json()["data"]["organisations"]["nodes"]) for who, answer in seen.items()}
    assert counts == {"member": 2, "itself": 3, "secretariat": 3}
    assert seen["member"].json()["data"]["organisation"] is None
    assert seen["itself"].json()["data"]["organisation"] == {"status": "APPLIED", "names": {"en": "New"}}


async def test_organisations_are_filtered(open_gateway: OpenGateway, issuer: TestIssuer) -> None:
    client = await open_gateway()
    query = "query ($f: OrganisationFilter) { organisations(filter: $f) { nodes { names { en } } } }"
    for wanted, expected in [
        ({"search": "amal"}, ["Hope"]),
        ({"sector": "EDU"}, ["Bonyan"]),
        ({"area": "SY07"}, ["Hope"]),
        ({"status": "VERIFIED", "typeCode": "441"}, ["Hope", "Bonyan"]),
        ({"status": "SUSPENDED"}, []),
    ]:
        answer = (await ask(client, query, issuer.bearer(Role.MEMBER), f=wanted)).json()
        assert [one["names"]["en"] for one in answer["data"]["organisations"]["nodes"]] == expected


@pytest.mark.parametrize(
    ("asked", "expected", "field"),
    [
        ('areas(country: "XX")', "unknown_country", "country"),
        ('areas(country: "S")', "unknown_country", "country"),
        ('areas(country: "")', "unknown_country", "country"),
        ('areas(parent: "SY99")', "unknown_area", "parent"),
        ('areas(country: "SY", parent: "sy07")', "unknown_area", "parent"),
        ('areas(country: "SY", parent: "SY99", search: "idleb", first: 1)', "unknown_area", "parent"),
        ('areas(country: "SY", within: "SY99")', "unknown_area", "within"),
        ('organisations(filter: {area: "SY99"})', "unknown_area", "filter.area"),
        ('organisations(filter: {area: "", search: "Hope"})', "unknown_area", "filter.area"),
        ('organisations(filter: {sector: "WASH"})', "unknown_sector", "filter.sector"),
        ('organisations(filter: {sector: "wsh", area: "SY07"})', "unknown_sector", "filter.sector"),
        ('areas(country: "SY", parent: "' + "x" * 9_000 + '")', "unknown_area", "parent"),
        ("organisations(filter: {status: GONE})", "invalid_query", None),
    ],
)
async def test_a_code_nobody_knows_is_refused_by_name_not_answered_by_silence(
    open_gateway: OpenGateway, issuer: TestIssuer, asked: str, expected: str, field: str | None
) -> None:
    client = await open_gateway()
    query = f"{{ found: {asked} {{ nodes {{ __typename }} }} }}"
    for language, letters in (("ar", "[\u0621-\u064a]"), ("en", "[a-z]{3}")):
        headers = {**issuer.bearer(Role.HUB, areas=["SY07"]), "Accept-Language": language}
        answer = await ask(client, query, headers)
        assert code(answer) == expected
        [error] = answer.json()["errors"]
        assert re.search(letters, error["message"])
        if field:
            assert error["path"] == ["found"]
            assert [each["field"] for each in error["extensions"]["errors"]] == [field]


async def test_all_codes_nobody_knows_are_named(open_gateway: OpenGateway, issuer: TestIssuer) -> None:
    query = '{ organisations(filter: {sector: "WASH", area: "SY99"}) { nodes { id } } }'
    answer = await ask(await open_gateway(), query, {**issuer.bearer(Role.MEMBER), "Accept-Language": "en"})
    assert code(answer) == "invalid"
    [error] = answer.json()["errors"]
    told = [(each["code"], each["field"], each["detail"]) for each in error["extensions"]["errors"]]
    assert told == [
        ("unknown_area", "filter.area", "No area is known by this code or name in the country: SY99."),
        ("unknown_sector", "filter.sector", "No sector is known by this code or name: WASH."),
    ]


async def test_headers_say_that_this_is_no_page(open_gateway: OpenGateway, issuer: TestIssuer) -> None:
    client = await open_gateway()
    headers = {"Origin": "https://evil.test", "Accept": "application/graphql-response+json"}
    answer = await ask(client, SECTORS, {**issuer.bearer(Role.MEMBER), **headers})
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "application/graphql-response+json; charset=utf-8"
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_the_committed_schema_is_the_schema() -> None:
    written = gateway.main.SCHEMA_FILE
    assert written == Path(__file__).parents[2] / "gateway" / "schema.graphql"
    assert written.read_text(encoding="utf-8") == graph().as_str() + "\n"


def test_everything_in_the_schema_is_described_in_both_languages() -> None:
    for name, kind in graph()._schema.type_map.items():
        if name.startswith("__") or name in {"String", "Int", "Float", "Boolean", "ID"}:
            continue
        for described in (kind, *getattr(kind, "fields", {}).values()):
            assert described.description, name
            assert any("؀" <= character <= "ۿ" for character in described.description), described.description
