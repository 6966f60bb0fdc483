"""Links between services: what hangs on a row is what the list says under a filter that names it, for each role."""

from random import Random
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from gateway.graph.schema import graph
from gateway.graph.schema_types import connection_node, leads_to_node, node_kind
from gateway.reference.memory import ReferenceMemory
from runtime.access import Role
from testkit.trust import TestIssuer

from .conftest import ORGANISATION, OTHER_ORGANISATION, OpenGateway
from .conftest import area as known_area
from .conftest import organisation as known_organisation
from .rows import Rows
from .test_services import ALERT, REPORT, TARGET, Platform
from .test_services import platform as platform

READERS: list[tuple[Role, dict[str, Any]]] = [
    (Role.MEMBER, {"organisation_id": ORGANISATION}),
    (Role.MEMBER, {"organisation_id": OTHER_ORGANISATION}),
    (Role.COORDINATOR, {"sectors": ["WSH"], "areas": ["SY07"]}),
    (Role.COORDINATOR, {"sectors": ["EDU"], "areas": ["SY02"]}),
    (Role.HUB, {"areas": ["SY0700"]}),
    (Role.HUB, {"areas": ["SY02"]}),
    (Role.SECRETARIAT, {}),
]
AREAS = ("SY", "SY02", "SY07", "SY0700", "SY070004")
LINKS: dict[str, tuple[str, list[str]]] = {
    "coverage": ("coverage", ["", "level: 3", 'sector: "WSH"', 'populationGroup: "each"', 'monthFrom: "2026-03"']),
    "progress": ("progress", ["", "level: 3", 'month: "2026-03", populationGroup: "each"', 'sector: "WSH"']),
    "organisationsPresent": ("presence", ["", "allSectors: true", 'level: 3, sector: "EDU"', 'monthTo: "2026-02"']),
    "alerts": ("alerts", ["", "active: true", "severity: SEVERE", 'sector: "EDU"']),
}
OF_ORGANISATION: dict[str, list[str]] = {
    "presence": ["", "level: 3", "allSectors: true", 'level: 3, area: "SY07", monthTo: "2026-02"'],
    "reports": ["", 'area: "SY07"', "stage: SUBMITTED", 'sector: "EDU"', "includeWithdrawn: true"],
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def told(platform: Platform) -> Platform:
    """Reports, targets and alerts of two organisations in several areas, heard by reporting."""

    async def send(path: str, body: Any, role: Role, **claims: Any) -> None:
        headers = platform.issuer.bearer(role, **claims)
        answer = await platform.client.post(f"/api/{path}", json=body, headers=headers)
        assert answer.status_code in (200, 201), answer.text

    chance = Random(11)
    for number, organisation in enumerate((ORGANISATION, OTHER_ORGANISATION)):
        rows = [
            {
                **REPORT,
                "external_id": f"l-{number}-{place}",
                "sector": chance.choice(["WSH", "EDU"]),
                "area": chance.choice(["SY070004", "SY0700", "SY07"]),
                "month": chance.choice(["2026-02", "2026-03"]),
                "population_group": chance.choice(["idp", "returnee"]),
                "people": {"total": chance.randint(1, 200)},
                "sensitivity": chance.choice(["moderate", "high"]),
            }
            for place in range(12)
        ]
        await send("activities/v1/reports", rows, Role.MEMBER, organisation_id=organisation)
        found = await platform.client.get(
            "/api/activities/v1/reports", headers=platform.issuer.bearer(Role.SECRETARIAT)
        )
        decisions = [
            {
                "report_id": row["id"],
                "version": 1,
                "decision": decision,
                "comment": "Which camp?",
                "override_reason": "-",
            }
            for row, decision in zip(found.json()["items"], ("approved", "returned") * 50, strict=False)
            if row["version"] == 1
        ]
        answer = await platform.client.post(
            "/api/activities/v1/reviews", json=decisions, headers=platform.issuer.bearer(Role.SECRETARIAT)
        )
        assert answer.status_code in (200, 207), answer.text
    targets = [{**TARGET, "area": area, "people": 100} for area in ("SY070004", "SY07")]
    await send("plans/v1/targets", targets, Role.SECRETARIAT)
    for areas, severity in ((["SY0700"], "Severe"), (["SY02"], "Minor"), (["SY070004"], "Moderate")):
        await send("alerts/v1/alerts", {**ALERT, "areas": areas, "severity": severity}, Role.SECRETARIAT)
    await platform.let_reporting_hear_activities()
    await platform.let_reporting_hear_targets()
    return platform


def leaves(root: str) -> str:
    fields = connection_node(node_kind(graph()._schema.query_type.fields[root])).fields  # type: ignore[union-attr]
    return " ".join(name for name, field in fields.items() if not leads_to_node(field))


def page(root: str) -> str:
    return f"{{ nodes {{ {leaves(root)} }} pageInfo {{ hasNextPage hasPreviousPage }} }}"


def written(name: str, filter: str, first: int, selected: str) -> str:
    return f"{name}(filter: {{ {filter} }}, first: {first}) {selected}"


def of_area(pcode: str) -> str:
    return f'country: "SY", area: "{pcode}", '


@pytest.mark.parametrize(("role", "claims"), READERS)
@pytest.mark.parametrize("link", LINKS)
async def test_what_hangs_on_areas_is_what_the_list_says_of_them(
    told: Platform, link: str, role: Role, claims: dict[str, Any]
) -> None:
    root, filters = LINKS[link]
    for filter in filters:
        for first in (1, 2, 30):
            linked = await told.ask(
                f"{{ areas(first: 5) {{ nodes {{ pcode found: {written(link, filter, first, page(root))} }} }} }}",
                role,
                **claims,
            )
            assert "errors" not in linked, linked
            by_root = await told.ask(
                "{ "
                + " ".join(f"{pcode}: {written(root, of_area(pcode) + filter, first, page(root))}" for pcode in AREAS)
                + " }",
                role,
                **claims,
            )
            assert {area["pcode"]: area["found"] for area in linked["data"]["areas"]["nodes"]} == by_root["data"]


@pytest.mark.parametrize(("role", "claims"), READERS)
@pytest.mark.parametrize("link", OF_ORGANISATION)
async def test_what_hangs_on_organisations_is_what_the_list_says_of_them(
    told: Platform, link: str, role: Role, claims: dict[str, Any]
) -> None:
    for filter in OF_ORGANISATION[link]:
        for first in (1, 5, 30):
            rows = written(link, filter, first, page(link))
            linked = await told.ask(f"{{ organisations(first: 3) {{ nodes {{ id found: {rows} }} }} }}", role, **claims)
            assert "errors" not in linked, linked
            for organisation in linked["data"]["organisations"]["nodes"]:
                named = f'organisationId: "{organisation["id"]}", {filter}'
                by_root = await told.ask(f"{{ found: {written(link, named, first, page(link))} }}", role, **claims)
                assert organisation["found"] == by_root["data"]["found"]


VERSIONS = "version stage role at comment reviewedAs"


@pytest.mark.parametrize(("role", "claims"), READERS)
async def test_the_versions_of_reports_are_those_told_on_rest(
    told: Platform, role: Role, claims: dict[str, Any]
) -> None:
    query = "{ reports { nodes { id versions { nodes { %s } pageInfo { hasNextPage } } } } }"
    each = await told.ask(query % f"{VERSIONS} report {{ month comments people {{ total }} stage }}", role, **claims)
    assert "errors" not in each, each
    headed = await told.ask(query % VERSIONS, role, **claims)
    several = 0
    for report, alone in zip(each["data"]["reports"]["nodes"], headed["data"]["reports"]["nodes"], strict=True):
        path = f"/api/activities/v1/reports/{report['id']}/versions"
        answer = await told.client.get(path, headers=told.issuer.bearer(role, **claims))
        shown = [
            {
                **{name: version["reviewed_as" if name == "reviewedAs" else name] for name in VERSIONS.split()},
                "stage": version["stage"].upper(),
                "report": {
                    **{name: version["report"][name] for name in ("month", "comments")},
                    "people": {"total": version["report"]["people"]["total"]},
                    "stage": version["report"]["stage"].upper(),
                },
            }
            for version in answer.json()["items"]
        ]
        assert report["versions"] == {"nodes": shown, "pageInfo": {"hasNextPage": False}}
        assert alone["versions"]["nodes"] == [{n: v for n, v in each.items() if n != "report"} for each in shown]
        several += len(shown) > 1
    assert several or claims.get("areas") == ["SY02"] or not each["data"]["reports"]["nodes"]


async def test_versions_of_a_report_are_gone_on_with_and_say_where_they_were(told: Platform) -> None:
    query = (
        "{ reports(first: 1, filter: {stage: RETURNED}) { nodes { versions(first: 1%s) { nodes { version "
        "report { organisation { id } area { pcode } } } pageInfo { endCursor hasNextPage } } } } }"
    )

    async def asked(after: str) -> Any:
        answer = await told.ask(query % after, Role.MEMBER, organisation_id=ORGANISATION)
        return answer["data"]["reports"]["nodes"][0]["versions"]

    newest = await asked("")
    assert (newest["nodes"][0]["version"], newest["pageInfo"]["hasNextPage"]) == (2, True)
    assert newest["nodes"][0]["report"]["organisation"] == {"id": str(ORGANISATION)}
    first = await asked(f', after: "{newest["pageInfo"]["endCursor"]}"')
    assert (first["nodes"][0]["version"], first["pageInfo"]["hasNextPage"]) == (1, False)


async def test_a_look_at_high_fields_through_a_link_is_recorded(told: Platform) -> None:
    async def looks() -> int:
        async with told.databases["activities"].connection() as tx:
            count: int = await tx.fetchval("select count(*) from audit_entry where action = 'reports.look'")
            return count

    before = await looks()
    query = f'{{ organisation(id: "{ORGANISATION}") {{ reports {{ nodes {{ comments }} }} }} }}'
    seen = await told.ask(query, Role.SECRETARIAT)
    assert seen["data"]["organisation"]["reports"]["nodes"][0]["comments"] == "CANARY COMMENT"
    assert await looks() == before + 1
    await told.ask(query.replace("comments", "month"), Role.MEMBER, organisation_id=OTHER_ORGANISATION)
    assert await looks() == before + 1


async def test_a_look_at_an_alert_that_hangs_on_several_areas_is_recorded_once(told: Platform) -> None:
    alert = {**ALERT, "areas": ["SY070004"], "area_description": "Behind the mill"}
    bearer = told.issuer.bearer(Role.MEMBER, organisation_id=ORGANISATION)
    issued = await told.client.post("/api/alerts/v1/alerts", json=alert, headers=bearer)
    assert issued.status_code == httpx2.codes.CREATED, issued.text
    seen = await told.ask("{ areas(first: 5) { nodes { alerts { nodes { id areaDescription } } } } }", Role.SECRETARIAT)
    shown = [row for area in seen["data"]["areas"]["nodes"] for row in area["alerts"]["nodes"]]
    assert [row["areaDescription"] for row in shown if row["id"] == issued.json()["id"]] == ["Behind the mill"] * 4
    async with told.databases["alerts"].connection() as tx:
        looks = await tx.fetch("select object from audit_entry where action = 'alert.look'")
    assert [look["object"] for look in looks] == [f"alert:{issued.json()['id']}"]


async def test_a_list_in_a_list_is_gone_on_with_at_its_row_and_at_its_root(told: Platform) -> None:
    reports = "reports(first: 5%s) { nodes { id } pageInfo { endCursor hasNextPage } }"
    everything = await told.ask(
        f'{{ organisations {{ nodes {{ id {reports % ""} }} }} all: organisation(id: "{ORGANISATION}") '
        f"{{ {reports.replace('5', '30') % ''} }} }}",
        Role.SECRETARIAT,
    )
    [first] = [each for each in everything["data"]["organisations"]["nodes"] if each["id"] == str(ORGANISATION)]
    cursor = first["reports"]["pageInfo"]["endCursor"]
    behind = f', after: "{cursor}"'
    on = await told.ask(
        f'{{ organisation(id: "{ORGANISATION}") {{ {reports % behind} }} '
        f'reports(first: 5, filter: {{organisationId: "{ORGANISATION}"}}{behind}) {{ nodes {{ id }} }} }}',
        Role.SECRETARIAT,
    )
    every = [row["id"] for row in everything["data"]["all"]["reports"]["nodes"]]
    assert [row["id"] for row in first["reports"]["nodes"]] == every[:5]
    assert [row["id"] for row in on["data"]["organisation"]["reports"]["nodes"]] == every[5:10]
    assert [row["id"] for row in on["data"]["reports"]["nodes"]] == every[5:10]
    several = await told.ask(f"{{ organisations {{ nodes {{ {reports % behind} }} }} }}", Role.SECRETARIAT)
    assert [error["extensions"]["code"] for error in several["errors"]] == ["cursor_of_one"] * 3
    assert several["errors"][1]["path"] == ["organisations", "nodes", 1, "reports"]
    assert several["data"]["organisations"]["nodes"] == [{"reports": None}] * 3


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        ('alerts(filter: {area: "SY02"})', "filter_has_key", "filter.area"),
        ('coverage(filter: {sector: "XXX"})', "unknown_sector", "filter.sector"),
        ('coverage(filter: {monthFrom: "2026-03", monthTo: "2026-01"})', "months_reversed", "filter.monthTo"),
        ('progress(filter: {month: "2026-03", monthTo: "2026-04"})', "period_twice", "filter.month"),
        ("alerts(first: 0)", "too_small", "first"),
        ("alerts(first: 501)", "too_large", "first"),
    ],
)
async def test_a_link_is_refused_as_its_list_is(told: Platform, asked: str, code: str, field: str | None) -> None:
    query = f'{{ area(country: "SY", pcode: "SY07") {{ pcode linked: {asked} {{ nodes {{ __typename }} }} }} }}'
    answer = await told.ask(query, Role.SECRETARIAT)
    [error] = answer["errors"]
    assert (error["extensions"]["code"], error["path"]) == (code, ["area", "linked"])
    assert [each.get("field") for each in error["extensions"].get("errors", [])] == ([field] if field else [])
    if not code.startswith("too_"):
        assert answer["data"]["area"] == {"pcode": "SY07", "linked": None}


HUB = """{ areas(parent: "SY0700") { nodes { pcode names { ar }
    progress(filter: {month: "2026-03"}) { nodes { sectorCode target peopleReached } }
    organisationsPresent { nodes { sectorCode organisations { names { ar } } } }
    alerts(filter: {active: true}) { nodes { headline { ar } areas { alerts(first: 1) { nodes { id } } } } } } } }"""


async def test_each_level_is_one_question_to_one_service(
    open_gateway: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str]
) -> None:
    service, address = rows
    service.columns = {
        "country": ["SY", "SY"], "area": ["SY0700", "SY07"], "sector": ["WSH", "EDU"], "target": [3, 4],
        "people_reached": [1, 2], "organisation_ids": [[str(ORGANISATION)], []], "id": ["a", "b"],
        "areas": [["SY02", "SY07"], ["SY07"]], "info": [{"ar": {"headline": "فيضان"}}] * 2,
    }  # fmt: skip
    client = await open_gateway(alerts_url=address, reporting_url=address)
    answer = await client.post("/graphql", json={"query": HUB}, headers=issuer.bearer(Role.HUB, areas=["SY07"]))
    assert answer.status_code == httpx2.codes.OK
    assert "errors" not in answer.json()
    asked = sorted((tuple(each["columns"]), tuple(map(tuple, each["of"]))) for each in service.questions)
    assert asked == [
        (("areas", "country", "info"), (("SY", "SY070004"),)),
        (("id",), (("SY", "SY02"), ("SY", "SY07"))),
        (("organisation_ids", "sector"), (("SY", "SY070004"),)),
        (("people_reached", "sector", "target"), (("SY", "SY070004"),)),
    ]
    assert all(each["by"] == ["country", "area"] and each["cursors"] == "none" for each in service.questions)


async def test_lists_in_lists_are_counted_before_they_are_asked_for(
    open_gateway: OpenGateway, issuer: TestIssuer
) -> None:
    client = await open_gateway()

    async def code(areas: int, alerts: int) -> str:
        query = f"{{ areas(first: {areas}) {{ nodes {{ pcode alerts(first: {alerts}) {{ nodes {{ id }} }} }} }} }}"
        answer = await client.post("/graphql", json={"query": query}, headers=issuer.bearer(Role.HUB))
        [told, *_] = answer.json()["errors"]
        return str(told["extensions"]["code"])

    assert await code(500, 50) == "unavailable"  # nobody listens behind this gateway
    assert await code(500, 60) == "query_too_costly"


async def test_a_long_list_within_a_row_is_counted_as_long_as_it_is(
    open_gateway: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str], memory: ReferenceMemory
) -> None:
    service, address = rows
    service.columns = {"id": ["a"], "urgency": ["Immediate"]}
    pcodes = [f"SY07{number:04d}" for number in range(400)]
    memory.take([known_area(pcode, 3, pcode, pcode, "SY0700", "SY", "SY07", "SY0700") for pcode in pcodes])
    memory.take([known_organisation(ORGANISATION, "منظمة الأمل", "Hope", areas=tuple(pcodes), version=2)])
    client = await open_gateway(alerts_url=address)

    async def asked(first: int) -> dict[str, Any]:
        alerts = f"alerts(first: {first}) {{ nodes {{ id urgency }} }}"
        query = f'{{ organisation(id: "{ORGANISATION}") {{ areas {{ {alerts} }} }} }}'
        answer = await client.post("/graphql", json={"query": query}, headers=issuer.bearer(Role.HUB))
        found: dict[str, Any] = answer.json()
        return found

    assert "errors" not in await asked(30)
    assert sum(len(each["of"]) for each in service.questions) == 400
    refused = await asked(50)
    assert {error["extensions"]["code"] for error in refused["errors"]} == {"query_too_costly"}
    assert sum(len(each["of"]) for each in service.questions) == 400
