"""The whole door before the real services: what each role sees through it, and that the graph asks what they know."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import httpx2
import orjson
import pytest
import pytest_asyncio
from contracts.event import Event
from contracts.examples import example_of
from contracts.reports import ReportChanged
from contracts.targets import TargetChanged
from database import Database, insert_row
from gateway.graph.fact_types import FACTS
from gateway.graph.linking import ServiceLink
from gateway.graph.schema import graph
from gateway.graph.schema_types import connection_node, leads_to_node, node_kind, reading_of
from gateway.main import build
from graphql import GraphQLObjectType
from reporting.counting import commands as counting
from runtime.access import Role
from runtime.application import build as build_service
from runtime.service import Service
from strawberry.utils.str_converters import to_camel_case, to_snake_case
from testkit.ports import listening
from testkit.service_clients import settings_of as service_settings
from testkit.services import Migrated, declared_services
from testkit.trust import TestIssuer

from .conftest import ORGANISATION, OTHER_ORGANISATION, REFERENCE, filled_memory, settings_of

SERVICES = declared_services()
CANARIES = ("36.2021987", "37.1342987", "CANARY SCHOOL", "CANARY COMMENT")
REPORT = {
    "external_id": "r-1",
    "sector": "WSH",
    "country": "SY",
    "area": "SY070004",
    "month": "2026-03",
    "status": "Completed",
    "population_group": "idp",
    "people": {"total": 120, "men": 60, "women": 60},
    "site_name": "CANARY SCHOOL",
    "latitude": 36.2021987,
    "longitude": 37.1342987,
    "comments": "CANARY COMMENT",
}
ALERT = {
    "country": "SY",
    "areas": ["SY0700"],
    "sectors": ["WSH"],
    "categories": ["Met"],
    "urgency": "Immediate",
    "severity": "Severe",
    "certainty": "Observed",
    "info": {"ar": {"event": "فيضان", "headline": "فيضان في إدلب"}},
}


TARGET = {"sector": "WSH", "area": "SY070004", "month": "2026-03", "people": 240, "population_group": "idp"}


@dataclass
class Platform:
    """All services and the gateway before them."""

    client: httpx2.AsyncClient
    databases: Mapping[str, Database]
    issuer: TestIssuer
    gateway: Any

    async def ask(self, query: str, role: Role, **claims: Any) -> dict[str, Any]:
        answer = await self.client.post("/graphql", json={"query": query}, headers=self.issuer.bearer(role, **claims))
        found: dict[str, Any] = answer.json()
        return found

    async def hear(self, service: str, *events: Event) -> None:
        async with self.databases[service].transaction() as tx:
            for kind, handler in SERVICES[service].projection.handlers.items():
                if of_kind := [event for event in events if type(event) is kind]:
                    await handler(tx, of_kind)

    async def let_reporting_hear_targets(self) -> None:
        """As the relay and the consumer would."""
        async with self.databases["plans"].connection() as tx:
            rows = await tx.fetch("select payload from event where type = 'plans.target.changed.v1'")
        await self.hear("reporting", *(TargetChanged.model_validate(_json(row["payload"])) for row in rows))

    async def let_reporting_hear_activities(self) -> None:
        """As the relay and the consumer would."""
        async with self.databases["activities"].connection() as tx:
            rows = await tx.fetch("select payload from event where type = 'activities.report.changed.v1'")
        await self.hear("reporting", *(ReportChanged.model_validate(_json(row["payload"])) for row in rows))
        async with self.databases["reporting"].transaction() as tx:
            await counting.complete(tx)  # all there was has been read


def _json(payload: Any) -> Any:
    return orjson.loads(payload) if isinstance(payload, bytes | str) else payload


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def platform(standing_migrated: Migrated, issuer: TestIssuer) -> AsyncIterator[Platform]:
    """One for all tests of this module: they only read what `reported` sends, or write apart from it."""
    async with AsyncExitStack() as stack:
        addresses, databases = {}, {}
        for name, service in SERVICES.items():
            url = await standing_migrated(service)
            addresses[f"{name}_url"] = await stack.enter_async_context(listening(_application(service, url, issuer)))
            databases[name] = await Database.connect(url, application="test", largest=2)
            stack.push_async_callback(databases[name].close)
        app = build(settings_of(**addresses), memory=filled_memory(), load_keys=issuer.load_keys())
        address = await stack.enter_async_context(listening(app))
        client = await stack.enter_async_context(httpx2.AsyncClient(base_url=address, timeout=120))
        opened = Platform(client, databases, issuer, app)
        for name in SERVICES:
            await opened.hear(name, *REFERENCE)
        yield opened


def _application(service: Service, url: str, issuer: TestIssuer) -> Any:
    trusting = replace(service, keys=lambda _: issuer.load_keys())
    return build_service(trusting, service_settings(service, url))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def reported(platform: Platform) -> Platform:
    """One report of the first organisation, one alert, one mapping, sent through the door, and heard by reporting; of
    each noun that the graph shows as its contract has it, the example."""
    headers = platform.issuer.bearer(Role.MEMBER, organisation_id=ORGANISATION)
    taken = await platform.client.post("/api/activities/v1/reports", json=REPORT, headers=headers)
    assert (taken.status_code, taken.json()["accepted"]) == (200, 1), taken.text
    setting = platform.issuer.bearer(Role.COORDINATOR, sectors=["WSH"], areas=["SY07"])
    set_ = await platform.client.post("/api/plans/v1/targets", json=TARGET, headers=setting)
    assert (set_.status_code, set_.json()["accepted"]) == (200, 1), set_.text
    issued = await platform.client.post("/api/alerts/v1/alerts", json=ALERT, headers=headers)
    assert issued.status_code == 201, issued.text
    assert issued.headers["location"].startswith("/api/alerts/v1/alerts/")
    mapping = {"name": "x", "fingerprint": "a" * 32, "profile": {"headings": [1], "columns": []}}
    loaded = await platform.client.post("/api/activities/v1/mappings", json=mapping, headers=headers)
    assert loaded.status_code == 201, loaded.text
    await platform.let_reporting_hear_activities()
    await platform.let_reporting_hear_targets()
    for noun in (fact.noun for fact in FACTS if fact.noun.about):
        async with platform.databases[noun.service].transaction() as tx:
            example = noun.row.model_validate(example_of(noun.row))
            # The example alone is looked at: not what its foreign keys refer to.
            await tx.execute("set local session_replication_role = replica")
            table = to_snake_case(noun.row.__name__)
            kept = await tx.fetch("select column_name from information_schema.columns where table_name = $1", table)
            await insert_row(tx, table, {name: value for (name,) in kept if (value := dict(example).get(name))})
    return platform


async def test_targets_are_found_under_the_service_they_stood_in_before(reported: Platform) -> None:
    headers, target = reported.issuer.bearer(Role.SECRETARIAT), {**TARGET, "area": "SY07"}
    former, present = "/api/activities/v1/targets", "/api/plans/v1/targets"
    [sent] = (await reported.client.post(former, json=target, headers=headers)).json()["results"]
    for path in (f"?sector=WSH&area={TARGET['area']}", f"/{sent['id']}"):
        answers = [await reported.client.get(f"{at}{path}", headers=headers) for at in (former, present)]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert answers[0].json() == answers[1].json()
    gone = await reported.client.delete(f"{former}/{sent['id']}", headers=headers)
    assert gone.json()["status"] == "withdrawn"
    for path in (f"{former}s", "/api/activities/v1/reports/targets", "/api/alerts/v1/targets"):
        assert (await reported.client.get(path, headers=headers)).status_code in (404, 422), path


def everything(kind: GraphQLObjectType, depth: int = 2) -> str:
    """A selection of all fields of a type."""
    chosen = []
    for name, field in kind.fields.items():
        if not leads_to_node(field):
            chosen.append(name)
        elif depth and not isinstance(reading_of(field), ServiceLink):
            chosen.append(f"{name} {everything(node_kind(field), depth - 1)}")
    return "{ " + " ".join(chosen or ["__typename"]) + " }"


ROOTS = {fact.noun.name: fact.noun for fact in FACTS}
NARROWED = {"progress": ', filter: {month: "2026-03", populationGroup: "idp", level: 3}'}


def whole_list(root: str) -> str:
    query = graph()._schema.query_type
    assert query is not None
    of_month = ', filter: {monthFrom: "2026-03"}' if "month_from" in ROOTS[root].filter.model_fields else ""
    narrowed = NARROWED.get(root, of_month)
    node = connection_node(node_kind(query.fields[to_camel_case(root)]))
    shown = everything(node, depth=1 if root == "presence" else 2)
    return f"{{ {to_camel_case(root)}(first: 5{narrowed}) {{ nodes {shown} }} }}"


@pytest.mark.parametrize("root", ROOTS)
async def test_every_field_of_the_graph_is_known_to_its_service(reported: Platform, root: str) -> None:
    answer = await reported.ask(whole_list(root), Role.SECRETARIAT)
    assert "errors" not in answer
    assert len(answer["data"][to_camel_case(root)]["nodes"]) == 1


async def test_one_row_by_its_id(reported: Platform) -> None:
    for root, one in (('reports(filter: {monthFrom: "2026-03"})', "report"), ("alerts", "alert")):
        listed = await reported.ask(f"{{ {root} {{ nodes {{ id version }} }} }}", Role.SECRETARIAT)
        (row,) = listed["data"][f"{one}s"]["nodes"]
        single = f'{{ {one}(id: "{row["id"]}") {{ id version }} none: {one}(id: "{UUID(int=0)}") {{ id }} }}'
        assert await reported.ask(single, Role.SECRETARIAT) == {"data": {one: row, "none": None}}


SEEN = """{ reports(filter: {monthFrom: "2026-03"}) { nodes {
    areaCode area { names { en } } organisation { names { ar } } siteName latitude longitude
    comments externalId people { total } } } }"""


@pytest.mark.parametrize(
    ("role", "claims", "rows", "site"),
    [
        (Role.MEMBER, {"organisation_id": ORGANISATION}, 1, True),
        (Role.MEMBER, {"organisation_id": OTHER_ORGANISATION}, 1, False),
        (Role.COORDINATOR, {"sectors": ["WSH"], "areas": ["SY07"]}, 1, True),
        (Role.COORDINATOR, {"sectors": ["EDU"], "areas": ["SY07"]}, 1, False),
        (Role.HUB, {"areas": ["SY07"]}, 1, False),
        (Role.HUB, {"areas": ["SY02"]}, 0, False),
        (Role.SECRETARIAT, {}, 1, True),
    ],
)
async def test_each_role_sees_what_the_service_lets_it(
    reported: Platform, role: Role, claims: dict[str, Any], rows: int, site: bool
) -> None:
    answer = await reported.ask(SEEN, role, **claims)
    nodes = answer["data"]["reports"]["nodes"]
    assert len(nodes) == rows
    text = orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode()
    assert all((canary in text) == site for canary in CANARIES)
    if rows:
        assert nodes[0]["area"] == {"names": {"en": "Maaret Tamsrin"}}
        assert nodes[0]["organisation"] == {"names": {"ar": "منظمة الأمل"}}
        assert nodes[0]["people"] == {"total": 120}


async def test_coverage_and_presence_come_with_names(reported: Platform) -> None:
    query = """{ coverage(filter: {level: 3, sector: "WSH", monthFrom: "2026-03"}) { nodes {
        area { names { ar } } sector { names { en } } month people { total men } organisationCount basis }
        asOf rebuilding }
        presence(filter: {level: 1}) { nodes { areaCode organisationCount organisations { names { en } } } } }"""
    answer = await reported.ask(query, Role.SECRETARIAT)
    assert answer["data"]["coverage"]["rebuilding"] is False
    assert answer["data"]["coverage"]["nodes"] == [
        {
            "area": {"names": {"ar": "معرة تمصرين"}},
            "sector": {"names": {"en": "WASH"}},
            "month": "2026-03",
            "people": {"total": 120, "men": 60},
            "organisationCount": 1,
            "basis": "provisional",
        }
    ]
    assert answer["data"]["presence"]["nodes"] == [
        {"areaCode": "SY07", "organisationCount": 1, "organisations": [{"names": {"en": "Hope"}}]}
    ]


async def test_a_target_comes_with_what_was_reached_of_it(reported: Platform) -> None:
    query = """{ targets(filter: {area: "SY07", populationGroup: IDP}) {
            nodes { area { names { ar } } people monthFrom monthTo populationGroup withdrawn } }
        progress(filter: {area: "SY07", month: "2026-03", populationGroup: "idp"}) { nodes {
            areaCode area { names { en } } target targetBasis areasWithTarget peopleReached coverage gap timeBasis basis
            reason } asOf rebuilding } }"""
    answer = await reported.ask(query, Role.HUB, areas=["SY07"])
    assert answer["data"]["targets"]["nodes"] == [
        {
            "area": {"names": {"ar": "معرة تمصرين"}},
            "people": 240,
            "monthFrom": "2026-03",
            "monthTo": "2026-03",
            "populationGroup": "IDP",
            "withdrawn": False,
        }
    ]
    [row] = answer["data"]["progress"]["nodes"]
    assert (row["areaCode"], row["area"], row["areasWithTarget"]) == ("SY07", {"names": {"en": "Idleb"}}, 1)
    assert (row["target"], row["targetBasis"], row["peopleReached"]) == (240, "summed", 120)
    assert (row["coverage"], row["gap"], row["timeBasis"], row["basis"], row["reason"]) == (
        0.5,
        120,
        "monthly",
        "provisional",
        None,
    )
    assert answer["data"]["progress"]["rebuilding"] is False


async def test_an_alert_is_told_with_its_headline(reported: Platform) -> None:
    query = "{ alerts { nodes { headline { ar en } areas { names { en } } } } }"
    answer = await reported.ask(query, Role.HUB, areas=["SY07"])
    assert answer["data"]["alerts"]["nodes"] == [
        {"headline": {"ar": "فيضان في إدلب", "en": None}, "areas": [{"names": {"en": "Idleb"}}]}
    ]


async def test_a_services_refusal_is_told_with_its_code(reported: Platform) -> None:
    unknown = await reported.ask('{ reports(filter: {area: "SY99"}) { nodes { id } } }', Role.SECRETARIAT)
    cursor = await reported.ask('{ alerts(after: "AAAA") { nodes { id } } }', Role.SECRETARIAT)
    assert unknown["errors"][0]["extensions"]["code"] == "unknown_area"
    assert cursor["errors"][0]["extensions"]["code"] == "invalid_cursor"


PAGES = """query ($after: String) { reports(filter: {monthTo: "2025-01"}, first: 2, after: $after) {
    nodes { externalId } pageInfo { hasNextPage endCursor } } }"""


async def test_pages_follow_each_other_through_the_door(reported: Platform) -> None:
    headers = reported.issuer.bearer(Role.MEMBER, organisation_id=ORGANISATION)
    more = [{**REPORT, "external_id": f"m-{number}", "month": "2025-01"} for number in range(5)]
    await reported.client.post("/api/activities/v1/reports", json=more, headers=headers)
    found: list[str] = []
    page: dict[str, Any] = {"pageInfo": {"endCursor": None, "hasNextPage": True}}
    while page["pageInfo"]["hasNextPage"]:
        body = {"query": PAGES, "variables": {"after": page["pageInfo"]["endCursor"]}}
        page = (await reported.client.post("/graphql", json=body, headers=headers)).json()["data"]["reports"]
        found += [node["externalId"] for node in page["nodes"]]
    assert sorted(found) == ["m-0", "m-1", "m-2", "m-3", "m-4"]


@pytest.mark.parametrize("name", sorted(SERVICES))
async def test_the_openapi_of_each_service_is_told(platform: Platform, name: str) -> None:
    document = (await platform.client.get(f"/api/{name}/openapi.json")).json()
    assert document["servers"] == [{"url": f"/api/{name}"}]
    assert all(path.startswith(("/v1/", "/oauth/", "/.well-known/")) for path in document["paths"])


@pytest.mark.parametrize(
    "path",
    [
        "activities/v1/reports",
        "alerts/v1/alerts",
        "reporting/v1/coverage",
        "reporting/v1/presence",
        "reporting/v1/progress",
        "plans/v1/targets",
        "registry/v1/areas",
    ],
)  # fmt: skip
async def test_rest_needs_a_token_and_takes_each_signed_in_role(platform: Platform, path: str) -> None:
    nobody = await platform.client.get(f"/api/{path}")
    assert (nobody.status_code, nobody.json()["code"]) == (401, "missing_token")
    for role in (Role.MEMBER, Role.COORDINATOR, Role.HUB, Role.SECRETARIAT):
        claims = {"organisation_id": ORGANISATION, "areas": ["SY07"], "sectors": ["WSH"]}
        answer = await platform.client.get(f"/api/{path}", headers=platform.issuer.bearer(role, **claims))
        assert answer.status_code == 200, answer.text


async def test_the_registrys_keys_and_token_endpoint_stand_at_the_door(platform: Platform) -> None:
    keys = await platform.client.get("/.well-known/jwks.json")
    assert keys.json()["keys"]
    refused = await platform.client.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=("a", "b"))
    assert refused.status_code == 401
    assert refused.json()["error"] == "invalid_client"


async def test_a_service_refuses_a_body_it_finds_too_large_through_the_door(platform: Platform) -> None:
    headers = {**platform.issuer.bearer(Role.MEMBER, organisation_id=ORGANISATION), "Content-Type": "application/json"}
    answer = await platform.client.post("/api/activities/v1/reports", content=b" " * 33 * 1024 * 1024, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    deep = await platform.client.post("/api/activities/v1/reports", content=b"[" * 200 + b"]" * 200, headers=headers)
    assert 400 <= deep.status_code < 500


REVIEW = """{ reports(filter: {monthFrom: "2025-11", monthTo: "2025-11", reviewable: true}) { nodes {
    id version stage reviewedAt reviewedByRole reviewedAs reviewComment } } }"""
SIDES = """{ coverage(filter: {level: 3, monthFrom: "2025-11", monthTo: "2025-11"}) { nodes {
    people { total } officialPeopleTotal officialReason reports officialReports basis } } }"""


async def test_a_report_is_reviewed_through_the_door_and_its_figures_become_official(reported: Platform) -> None:
    owner = reported.issuer.bearer(Role.MEMBER, organisation_id=ORGANISATION)
    report = {**REPORT, "external_id": "to-review", "month": "2025-11"}
    await reported.client.post("/api/activities/v1/reports", json=report, headers=owner)
    group: dict[str, Any] = {"subject": "wash", "sectors": ["WSH"], "areas": ["SY07"]}
    hub: dict[str, Any] = {"areas": ["SY07"]}
    await reported.let_reporting_hear_activities()
    assert await figures(reported, hub) == (120, None, "no_approved_reports", 1, 0, "provisional")

    for role, claims in ((Role.MEMBER, {"organisation_id": ORGANISATION}), (Role.HUB, hub)):
        assert (await reported.ask(REVIEW, role, **claims))["data"]["reports"]["nodes"] == []
    (waiting,) = (await reported.ask(REVIEW, Role.COORDINATOR, **group))["data"]["reports"]["nodes"]
    assert (waiting["stage"], waiting["reviewedAt"]) == ("SUBMITTED", None)
    decision = {"report_id": waiting["id"], "version": waiting["version"], "decision": "approved", "comment": "Seen."}
    headers = reported.issuer.bearer(Role.COORDINATOR, **group)
    taken = await reported.client.post("/api/activities/v1/reviews", json=[decision], headers=headers)
    assert (taken.status_code, taken.json()["accepted"]) == (200, 1)

    assert (await reported.ask(REVIEW, Role.COORDINATOR, **group))["data"]["reports"]["nodes"] == []
    shown = f'{{ report(id: "{waiting["id"]}") {{ stage reviewedByRole reviewedAs reviewComment }} }}'
    approved = {"stage": "APPROVED", "reviewedByRole": "coordinator", "reviewedAs": "working_group"}
    for role, claims, comment in ((Role.MEMBER, {"organisation_id": ORGANISATION}, "Seen."), (Role.HUB, hub, None)):
        answer = await reported.ask(shown, role, **claims)
        assert answer["data"]["report"] == {**approved, "reviewComment": comment}
    versions = await reported.client.get(f"/api/activities/v1/reports/{waiting['id']}/versions", headers=owner)
    assert [version["stage"] for version in versions.json()["items"]] == ["approved", "submitted"]
    await reported.let_reporting_hear_activities()
    assert await figures(reported, hub) == (120, 120, None, 1, 1, "official")


NAMED = """{ reports(filter: {namedAsImplementer: true}) { nodes { id implementerContest implementer { id } } } }"""
CONTESTED = """{ reports(filter: {implementerContest: OPEN}) { nodes { id implementerContest implementer { id } } } }"""
PRESENT = """{ presence(filter: {level: 3, monthFrom: "2025-10", monthTo: "2025-10"}) { nodes {
    organisations { id } } } }"""


async def test_who_is_named_by_another_contests_it_and_is_no_longer_shown_there(reported: Platform) -> None:
    by = {"organisation_id": OTHER_ORGANISATION, "subject": "another"}
    report = {**REPORT, "external_id": "named", "month": "2025-10", "implementing_organisation_id": str(ORGANISATION)}
    headers = reported.issuer.bearer(Role.MEMBER, **by)
    sent = await reported.client.post("/api/activities/v1/reports", json=report, headers=headers)
    assert sent.status_code == 200, sent.text
    await reported.let_reporting_hear_activities()
    assert await present(reported) == [str(ORGANISATION)]
    (node,) = (await reported.ask(NAMED, Role.MEMBER, organisation_id=ORGANISATION))["data"]["reports"]["nodes"]
    assert (node["implementerContest"], node["implementer"]) == (None, {"id": str(ORGANISATION)})
    contest = f"/api/activities/v1/reports/{node['id']}/contest"
    headers = {**reported.issuer.bearer(Role.MEMBER, organisation_id=ORGANISATION), "If-Match": "*"}
    taken = await reported.client.post(contest, json={"reason": "We never worked there."}, headers=headers)
    assert taken.status_code == 200, taken.text
    (shown,) = (await reported.ask(CONTESTED, Role.HUB, areas=["SY07"]))["data"]["reports"]["nodes"]
    assert shown == {"id": node["id"], "implementerContest": "OPEN", "implementer": None}
    await reported.let_reporting_hear_activities()
    assert await present(reported) == [str(OTHER_ORGANISATION)]


WITHDRAWN = """{ reports(filter: {stage: WITHDRAWN}) { nodes { id externalId stage withdrawalReason uploadId } } }"""
BY_EXTERNAL_ID = """{ reports(filter: {externalId: "twice"}) { nodes { id stage } } }"""
STANDING = """{ reports(filter: {monthFrom: "2025-09", monthTo: "2025-09"}) { nodes { id } } }"""
ALL_OF_IT = """{ reports(filter: {monthFrom: "2025-09", monthTo: "2025-09", includeWithdrawn: true}) {
    nodes { id } } }"""
SEPTEMBER = """{ coverage(filter: {area: "SY070004", level: 3, monthFrom: "2025-09", monthTo: "2025-09"}) {
    nodes { people { total } reports } }
    presence(filter: {level: 3, monthFrom: "2025-09", monthTo: "2025-09"}) { nodes { organisations { id } } } }"""


async def test_a_withdrawn_report_leaves_lists_figures_and_presence_and_comes_back(reported: Platform) -> None:
    headers = reported.issuer.bearer(Role.MEMBER, organisation_id=ORGANISATION)
    report = {**REPORT, "external_id": "twice", "month": "2025-09"}
    sent = await reported.client.post("/api/activities/v1/reports", json=report, headers=headers)
    [taken] = sent.json()["results"]
    hub, owner = {"areas": ["SY07"]}, {"organisation_id": ORGANISATION}

    async def told(question: str, role: Role, **claims: Any) -> list[Any]:
        nodes: list[Any] = (await reported.ask(question, role, **claims))["data"]["reports"]["nodes"]
        return nodes

    async def counted() -> tuple[list[Any], list[Any]]:
        await reported.let_reporting_hear_activities()
        data = (await reported.ask(SEPTEMBER, Role.HUB, **hub))["data"]
        return data["coverage"]["nodes"], data["presence"]["nodes"]

    before = await counted()
    assert before[0] and before[1]  # noqa: PT018
    path = f"/api/activities/v1/reports/{taken['id']}"
    headers["If-Match"] = "*"
    answer = await reported.client.post(f"{path}/withdraw", json={"reason": "Counted twice."}, headers=headers)
    assert (answer.status_code, answer.json()["stage"]) == (200, "withdrawn")
    assert await counted() == ([], [])
    gone = {"id": taken["id"], "externalId": "twice", "stage": "WITHDRAWN", "withdrawalReason": "Counted twice."}
    assert await told(WITHDRAWN, Role.MEMBER, **owner) == [{**gone, "uploadId": None}]
    assert await told(BY_EXTERNAL_ID, Role.MEMBER, **owner) == [{"id": taken["id"], "stage": "WITHDRAWN"}]
    assert await told(ALL_OF_IT, Role.MEMBER, **owner) == [{"id": taken["id"]}]
    assert await told(STANDING, Role.MEMBER, **owner) == []
    for question in (WITHDRAWN, BY_EXTERNAL_ID, ALL_OF_IT, STANDING):
        assert await told(question, Role.HUB, **hub) == []
    one = f'{{ report(id: "{taken["id"]}") {{ stage }} }}'
    assert (await reported.ask(one, Role.MEMBER, **owner))["data"]["report"] == {"stage": "WITHDRAWN"}
    assert (await reported.ask(one, Role.HUB, **hub))["data"]["report"] is None
    assert (await reported.client.post(f"{path}/restore", headers=headers)).status_code == 200
    assert await counted() == before
    assert await told(BY_EXTERNAL_ID, Role.HUB, **hub) == []


async def present(platform: Platform) -> list[str]:
    nodes = (await platform.ask(PRESENT, Role.HUB, areas=["SY07"]))["data"]["presence"]["nodes"]
    return [one["id"] for node in nodes for one in node["organisations"]]


async def figures(platform: Platform, claims: dict[str, Any]) -> tuple[Any, ...]:
    (node,) = (await platform.ask(SIDES, Role.HUB, **claims))["data"]["coverage"]["nodes"]
    return (node.pop("people")["total"], *node.values())


@pytest.mark.parametrize(
    ("role", "claims", "shown"),
    [
        (Role.MEMBER, {"organisation_id": OTHER_ORGANISATION}, True),
        (Role.COORDINATOR, {"sectors": ["WSH"], "areas": ["SY07"]}, True),
        (Role.HUB, {"areas": ["SY07"]}, True),
        (Role.HUB, {"areas": ["SY070004"]}, True),
        (Role.HUB, {"areas": ["SY02"]}, False),
        (Role.SECRETARIAT, {}, True),
    ],
)
async def test_the_start_page_shows_each_role_its_latest_figures(
    reported: Platform, role: Role, claims: dict[str, Any], shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.pages.status.WITHIN_SECONDS", 10)
    headers = {**reported.issuer.bearer(role, **claims), "Accept": "text/html"}
    page = (await reported.client.get("/?lang=en", headers=headers)).text
    assert page.count('class="works"') == len(SERVICES) + 1
    assert ('<bdi dir="ltr">2026-03</bdi>' in page) is shown
    assert ('<td class="n">120</td>' in page) is shown
    assert ("There are no figures here that you may see." in page) is not shown
    assert "CANARY" not in page


async def test_the_start_page_shows_every_row_there_is(reported: Platform) -> None:
    owner = reported.issuer.bearer(Role.MEMBER, organisation_id=ORGANISATION)
    areas, sectors = ("SY02", "SY0700", "SY070004"), ("WSH", "EDU")
    reports = [
        {**REPORT, "external_id": f"row-{area}-{sector}", "area": area, "sector": sector, "month": "2024-05"}
        for area in areas
        for sector in sectors
    ]
    taken = await reported.client.post("/api/activities/v1/reports", json=reports, headers=owner)
    assert taken.json()["accepted"] == len(reports), taken.text
    await reported.let_reporting_hear_activities()
    headers = {**reported.issuer.bearer(Role.SECRETARIAT), "Accept": "text/html"}
    query = '{ coverage(filter: {level: 1, monthFrom: "2024-05", monthTo: "2024-05"}) { nodes { areaCode } } }'
    answer = await reported.ask(query, Role.SECRETARIAT)
    cells = len(answer["data"]["coverage"]["nodes"])
    page = (await reported.client.get("/?lang=en&month=2024-05&level=1", headers=headers)).text
    assert cells >= 4
    table = page.partition('<table class="figures"')[2].partition("</table>")[0]
    assert table.count('<th scope="row">') == cells


async def test_routes_of_every_service_are_listed(platform: Platform) -> None:
    listed = [("registry", "GET /api/registry/v1/areas"), ("registry", "POST /oauth/token")]
    for service, route in (*listed, ("alerts", "POST /api/alerts/v1/alerts")):
        page = await platform.client.get(f"/docs/{service}?lang=ar", headers={"Accept": "text/html"})
        assert f'<code dir="ltr">{route}</code>' in page.text
        assert "/internal/" not in page.text
