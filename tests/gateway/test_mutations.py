"""Mutations: each command of REST, by the same route, with the same refusals."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest
from gateway.graph.commands import COMMANDS, TAKEN_FILE
from gateway.graph.schema import graph
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from runtime.access import Role
from strawberry.utils.str_converters import to_camel_case
from testkit import commands
from testkit.trust import TestIssuer

from .conftest import ORGANISATION, OTHER_ORGANISATION, OpenGateway
from .subscribing import Stage
from .test_services import ALERT, SERVICES, Platform
from .test_services import platform as platform

NO_MUTATIONS = {
    ("registry", "POST", "/v1/areas"): "a file",
    ("registry", "POST", "/v1/invitations/accept"): "for who has no token yet",
    ("registry", "POST", "/v1/session/act-as"): "of a session, which is a cookie here",
    ("registry", "DELETE", "/v1/session"): "of a session, which is a cookie here",
    ("registry", "DELETE", "/v1/sessions"): "of a session, which is a cookie here",
    ("activities", "POST", "/v1/uploads"): "a file",
    ("activities", "POST", "/v1/uploads/{id}/confirm"): "of a proposal, which the graph does not show",
    ("activities", "POST", "/v1/mappings"): "a file",
}
OPERATING = "/v1/operations/"
"""Dead letters of one service: for operators, who ask that service."""
ROLES: dict[Role, dict[str, Any]] = {
    Role.MEMBER: {"organisation_id": ORGANISATION},
    Role.COORDINATOR: {"sectors": ["WSH"], "areas": ["SY07"]},
    Role.HUB: {"areas": ["SY07"]},
    Role.SECRETARIAT: {},
}
SCALARS = {"UUID": str(UUID(int=77)), "Int": 1, "Float": 1.0, "Boolean": True, "String": "x", "JSON": {}}
SCALARS |= {"Date": "2026-03-01", "DateTime": "2026-03-01T00:00:00Z", "Decimal": "1"}


def test_every_command_of_rest_is_a_mutation_but_a_few() -> None:
    routes = {route for route in commands.commands(commands.documents()) if not route[2].startswith(OPERATING)}
    declared = {(each.service, each.method, each.path) for each in COMMANDS.values()}
    assert routes - declared == set(NO_MUTATIONS)
    assert declared <= routes
    mutation = graph()._schema.mutation_type
    assert mutation is not None
    assert set(mutation.fields) == {to_camel_case(name) for name in COMMANDS}


def test_what_the_commands_take_is_what_their_services_say() -> None:
    assert TAKEN_FILE.read_text(encoding="utf-8") == commands.text()


@pytest.mark.parametrize("name", [name for name, command in COMMANDS.items() if command.row])
def test_what_is_sent_is_described_as_the_row_that_answers_it(name: str) -> None:
    field = graph()._schema.mutation_type.fields[to_camel_case(name)]  # type: ignore[union-attr]
    if "input" not in field.args:
        return
    sent, answered = get_named_type(field.args["input"].type).fields, get_named_type(field.type).fields
    both = [each for each in sent.keys() & answered.keys() if is_leaf_type(get_named_type(sent[each].type))]
    both = [each for each in both if get_named_type(sent[each].type) == get_named_type(answered[each].type)]
    assert {each: sent[each].description for each in both} == {each: answered[each].description for each in both}


def sample(kind: GraphQLInputType) -> Any:
    """A value of this type that is there and no more."""
    inner = kind.of_type if is_non_null_type(kind) else kind
    if is_list_type(inner):
        return [sample(inner.of_type)]
    named = get_named_type(inner)
    if isinstance(named, GraphQLEnumType):
        return next(iter(named.values))
    if isinstance(named, GraphQLInputObjectType):
        return {name: sample(field.type) for name, field in named.fields.items() if is_non_null_type(field.type)}
    return SCALARS[named.name]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", COMMANDS)
async def test_who_may_by_rest_may_here(platform: Platform, name: str, role: Role) -> None:
    command, field = COMMANDS[name], graph()._schema.mutation_type.fields[to_camel_case(name)]  # type: ignore[union-attr]
    given = {argument: sample(each.type) for argument, each in field.args.items() if argument != "idempotencyKey"}
    declared = ", ".join(f"${argument}: {field.args[argument].type}" for argument in given)
    passed = "".join(f"{argument}: ${argument}, " for argument in given)
    text = f'({passed}idempotencyKey: "{uuid4()}") {{ __typename }}'
    answer = await ask(
        platform, f"mutation{declared and f' ({declared})'} {{ done: {field_name(name)}{text} }}", role, given
    )
    code = answer["errors"][0]["extensions"]["code"] if "errors" in answer else None
    rule = SERVICES[command.service].access[(command.method, command.path)]
    assert (code == "not_permitted") == (role not in rule.roles), answer
    if "errors" in answer:
        [error] = answer["errors"]
        assert (error["path"], answer["data"]) == (["done"], {"done": None})
        assert code not in ("internal", "unavailable"), answer


def field_name(name: str) -> str:
    return str(to_camel_case(name))


async def ask(
    platform: Platform, text: str, role: Role, variables: Mapping[str, Any] | None = None, **claims: Any
) -> dict[str, Any]:
    bearer = platform.issuer.bearer(role, subject=f"{role}-writes", **(claims or ROLES[role]))
    headers = {**bearer, "accept-language": "en"}
    body = {"query": text, "variables": variables or {}}
    answer = await platform.client.post("/graphql", json=body, headers=headers)
    found: dict[str, Any] = answer.json()
    return found


SUBMIT = """mutation ($rows: [SubmitReportsInput!]!, $key: String!) {
    submitReports(rows: $rows, idempotencyKey: $key) {
        accepted rejected results { row status id version flags errors { code field detail } } } }"""


def rows(*areas: str) -> list[dict[str, Any]]:
    people = {"total": 7, "age0To4": 3, "age5To11": 4}
    return [
        {"externalId": f"m-{uuid4()}", "sector": "WSH", "country": "SY", "area": area, "month": "2026-03",
         "status": "COMPLETED", "populationGroup": "IDP", "people": people}
        for area in areas
    ]  # fmt: skip


async def submitted(platform: Platform, *areas: str, key: str | None = None) -> dict[str, Any]:
    answer = await ask(platform, SUBMIT, Role.MEMBER, {"rows": rows(*areas), "key": key or str(uuid4())})
    assert "errors" not in answer, answer
    found: dict[str, Any] = answer["data"]["submitReports"]
    return found


async def test_rows_are_accepted_or_rejected_each_by_itself(platform: Platform) -> None:
    outcome = await submitted(platform, "SY070004", "SY99")
    assert (outcome["accepted"], outcome["rejected"]) == (1, 1)
    taken, refused = outcome["results"]
    assert (taken["row"], taken["version"], taken["errors"]) == (1, 1, [])
    assert (refused["row"], refused["id"], refused["errors"][0]["code"]) == (2, None, "unknown_area")
    none = await submitted(platform, "SY99")
    assert (none["accepted"], none["rejected"]) == (0, 1)
    report = f'{{ report(id: "{taken["id"]}") {{ areaCode people {{ total age0To4 }} status }} }}'
    seen = await ask(platform, report, Role.MEMBER)
    assert seen["data"]["report"] == {
        "areaCode": "SY070004",
        "people": {"total": 7, "age0To4": 3},
        "status": "COMPLETED",
    }


async def test_the_same_key_is_answered_as_the_first_time(platform: Platform) -> None:
    given = {"rows": rows("SY070004"), "key": str(uuid4())}
    first, again = [await ask(platform, SUBMIT, Role.MEMBER, given) for _ in range(2)]
    assert first == again
    other = await ask(platform, SUBMIT, Role.MEMBER, {**given, "rows": rows("SY0700")})
    [error] = other["errors"]
    assert (error["extensions"]["code"], other["data"]) == ("key_reused", {"submitReports": None})
    for key in ("", "مفتاح", " led by a space", "a\r\nauthorization: b", "x" * 201):
        [malformed] = (await ask(platform, SUBMIT, Role.MEMBER, {**given, "key": key}))["errors"]
        assert malformed["extensions"]["code"] == "malformed_key", key
        assert malformed["extensions"]["errors"][0]["field"] == "idempotencyKey"


WITHDRAW = """withdrawReport(
    id: "{id}", version: {version}, input: {{reason: "Sent twice"}}, idempotencyKey: "{key}"
) {{
    version stage withdrawalReason area {{ names {{ en }} }} }}"""
RESTORE = """restoreReport(id: "{id}", version: {version}, idempotencyKey: "{key}") {{ version stage }}"""


async def test_a_change_is_answered_with_its_row_and_several_are_made_one_after_the_other(platform: Platform) -> None:
    [row] = (await submitted(platform, "SY070004"))["results"]
    changes = [
        f"{name}: {text.format(id=row['id'], version=version, key=uuid4())}"
        for name, text, version in (("a", WITHDRAW, 1), ("b", RESTORE, 2), ("late", WITHDRAW, 1), ("c", WITHDRAW, 3))
    ]
    answer = await ask(platform, f"mutation {{ {' '.join(changes)} }}", Role.MEMBER)
    there = {"stage": "WITHDRAWN", "withdrawalReason": "Sent twice", "area": {"names": {"en": "Maaret Tamsrin"}}}
    assert answer["data"] == {
        "a": {"version": 2, **there},
        "late": None,
        "b": {"version": 3, "stage": "SUBMITTED"},
        "c": {"version": 4, **there},
    }
    [error] = answer["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["late"], "version_mismatch")
    assert error["extensions"]["errors"][0]["field"] == "version"
    other: dict[str, Any] = {"organisation_id": OTHER_ORGANISATION}
    text = f"mutation {{ {RESTORE.format(id=row['id'], version=4, key=uuid4())} }}"
    [refused] = (await ask(platform, text, Role.MEMBER, **other))["errors"]
    by_rest = await platform.client.post(
        f"/api/activities/v1/reports/{row['id']}/restore",
        headers={**platform.issuer.bearer(Role.MEMBER, **other), "If-Match": '"v4"'},
    )
    assert refused["extensions"]["code"] == by_rest.json()["code"]


async def test_what_is_wrong_is_told_of_the_argument(platform: Platform) -> None:
    text = """mutation ($input: IssueAlertInput!) { issueAlert(input: $input, idempotencyKey: "k") { id } }"""
    given = {
        "country": "SY", "areas": ["SY99"], "categories": ["MET"], "urgency": "IMMEDIATE", "severity": "SEVERE",
        "certainty": "OBSERVED", "info": ALERT["info"],
    }  # fmt: skip
    refused = await ask(platform, text, Role.SECRETARIAT, {"input": given})
    [error] = refused["errors"]
    assert [each["field"] for each in error["extensions"]["errors"]] == ["input.areas"]
    issued = await ask(platform, text.replace('"k"', '"l"'), Role.SECRETARIAT, {"input": {**given, "areas": ["SY07"]}})
    assert UUID(issued["data"]["issueAlert"]["id"])


async def test_an_answer_with_a_secret_is_told_once(platform: Platform) -> None:
    text = (
        """mutation { createClient(input: {name: "Bot", role: "secretariat"}, idempotencyKey: "%s") { id answer } }"""
    )
    made = (await ask(platform, text % "c-1", Role.SECRETARIAT))["data"]["createClient"]
    assert made["answer"]["client_secret"]
    [error] = (await ask(platform, text % "c-1", Role.SECRETARIAT))["errors"]
    assert error["extensions"]["code"] == "answer_not_kept"
    gone = 'mutation { revokeClient(id: "%s", idempotencyKey: "%s") { id answer } }'
    done = await ask(platform, gone % (made["id"], "c-2"), Role.SECRETARIAT)
    assert done["data"] == {"revokeClient": {"id": None, "answer": None}}
    for elsewhere in ("../people", "..", "x/../y", "%2e%2e", "a//b"):
        [error] = (await ask(platform, gone % (elsewhere, "c-3"), Role.SECRETARIAT))["errors"]
        assert error["extensions"]["code"] == "unsafe_path"


async def test_an_answer_with_a_secret_is_not_compressed(platform: Platform) -> None:
    long = "x" * 2000
    text = f"""mutation {{ createClient(input: {{name: "Bot", role: "secretariat"}}, idempotencyKey: "c-9") {{
        answer {long}: __typename }} }}"""
    bearer = platform.issuer.bearer(Role.SECRETARIAT)
    answer = await platform.client.post("/graphql", json={"query": text}, headers=bearer)
    assert answer.json()["data"]["createClient"]["answer"]["client_secret"]
    assert answer.request.headers["accept-encoding"].startswith("gzip")
    assert "content-encoding" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


async def test_changes_are_made_by_post_alone(stage: Stage) -> None:
    async with stage.opened("secretariat") as client:
        await client.subscribe('mutation { revokeClient(id: "c", idempotencyKey: "k") { id } }')
        told = await client.hear()
        assert (told["type"], told["payload"][0]["extensions"]["code"]) == ("error", "changes_by_post")


async def test_each_change_counts_as_the_request_it_is_by_rest(open_gateway: OpenGateway, issuer: TestIssuer) -> None:
    client = await open_gateway()
    text = f'mutation {{ testSubscription(id: "{UUID(int=1)}", idempotencyKey: "k") {{ id }} }}'
    bearer = issuer.bearer(Role.MEMBER)
    answers = [await client.post("/graphql", json={"query": text}, headers=bearer) for _ in range(11)]
    codes = [answer.json()["errors"][0]["extensions"]["code"] for answer in answers]
    assert codes == ["unavailable"] * 10 + ["too_many_requests"]
