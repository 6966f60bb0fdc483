"""What tests of the client let the scripted platform answer, held against what the platform answers."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx2
import orjson
import pytest
import pytest_asyncio
from starlette.responses import Response
from testkit.alike import check_alike
from testkit.journeys import PlatformClients, eventually
from testkit.platform import Platform
from testkit.scripted import ScriptedPlatform

from tests.client.test_alerts import ALERT, alert
from tests.client.test_alerts import LISTED as LISTED_ALERT
from tests.client.test_command import LISTED as LISTED_UPLOAD
from tests.client.test_command import UPLOAD, answer
from tests.client.test_people import INVITATION, PERSON
from tests.client.test_review import take, waiting

REPORT = {"sector": "WSH", "country": "SY", "area": "SY070004", "month": "2024-02", "status": "Completed"}
SHEET = """#activity+id,#sector+code,#adm3+code,#date+reported,#status
{id},WSH,SY070004,2024-02,Completed
,WSH,SY99,2024-02,Completed
"""
NEW_ALERT = {
    "country": "SY", "areas": ["SY07"], "categories": ["Met"], "urgency": "Immediate", "severity": "Severe",
    "certainty": "Observed", "info": {"ar": {"event": "سيول", "headline": "سيول"}},
}  # fmt: skip


@pytest_asyncio.fixture
async def client(platform: Platform) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=platform.url, timeout=30) as client:
        yield client


async def bearer(client: httpx2.AsyncClient, platform: Platform, name: str) -> dict[str, str]:
    credentials = platform.credentials(name)
    told = await token_of(client, credentials.client_id, credentials.client_secret)
    return {"Authorization": f"Bearer {told.json()['access_token']}"}


async def token_of(client: httpx2.AsyncClient, client_id: str, secret: str) -> httpx2.Response:
    form = {"grant_type": "client_credentials"}
    return await client.post("/oauth/token", data=form, auth=(client_id, secret))


def body(said: Response) -> Any:
    return orjson.loads(said.body)


async def test_tokens_are_given_and_refused_alike(platform: Platform, client: httpx2.AsyncClient) -> None:
    scripted = ScriptedPlatform(valid_from=1)
    transport = httpx2.ASGITransport(app=scripted.application)
    credentials = platform.credentials("member")
    async with httpx2.AsyncClient(transport=transport, base_url="http://scripted.test") as script:
        for theirs, ours in (("secret", credentials.client_secret), ("wrong", "wrong")):
            told = await token_of(script, "olive", theirs)
            truth = await token_of(client, credentials.client_id, ours)
            assert told.status_code == truth.status_code
            check_alike(told.json(), truth.json())
        told = await script.get("/api/activities/v1/reports", headers={"Authorization": "Bearer t0"})
        truth = await client.get("/api/activities/v1/reports", headers={"Authorization": "Bearer t0"})
        assert (told.status_code, told.json()["code"]) == (truth.status_code, truth.json()["code"])
        check_alike(told.json(), truth.json())


async def test_rows_and_their_review_are_answered_alike(platform: Platform, client: httpx2.AsyncClient) -> None:
    member, coordinator = [await bearer(client, platform, name) for name in ("member", "coordinator")]
    rows = [{**REPORT, "external_id": f"alike-{uuid4()}"}, {**REPORT, "area": "SY99"}]
    sent = await client.post("/api/activities/v1/reports", json=rows, headers=member)
    told = answer(1, 2)
    assert told.status_code == sent.status_code
    refused = [row for row in sent.json()["results"] if row["status"] == "rejected"]
    check_alike(body(told), {**sent.json(), "results": refused})

    asked = {"reviewable": "true", "month_from": "2024-02", "month_to": "2024-02"}
    queue = await client.get("/api/activities/v1/reports", params=asked, headers=coordinator)
    [row] = [row for row in queue.json()["items"] if row["external_id"] == rows[0]["external_id"]]
    check_alike(waiting(row["id"]), row)
    decision = {"report_id": row["id"], "version": row["version"], "decision": "approved"}
    taken = await client.post("/api/activities/v1/reviews", json=[decision], headers=coordinator)
    check_alike(body(take(None, orjson.dumps(decision))), taken.json())  # type: ignore[arg-type]


async def test_uploads_are_answered_alike(platform: Platform, client: httpx2.AsyncClient) -> None:
    member = await bearer(client, platform, "member")
    files = {"file": ("alike.csv", SHEET.format(id=uuid4()).encode(), "text/csv")}
    sent = await client.post("/api/activities/v1/uploads", files=files, data={"country": "SY"}, headers=member)
    assert sent.status_code == 202, sent.text
    path = f"/api/activities/v1/uploads/{sent.json()['id']}"

    async def state() -> Any:
        return (await client.get(path, headers=member)).json()

    truth = await eventually(state, lambda found: found["state"] == "done", seconds=60)
    check_alike({**UPLOAD, "sheets": UPLOAD["sheets"][:1]}, truth)
    listed = await client.get("/api/activities/v1/uploads", headers=member)
    check_alike({"items": [LISTED_UPLOAD], "next": None}, listed.json())
    problem = {"row": 4, "field": "area", "code": "unknown_area", "detail": "لا توجد منطقة"}
    problems = (await client.get(f"{path}/problems", headers=member)).json()
    named = [each for each in problems["items"] if each["code"] == "unknown_area"]
    check_alike({"items": [problem], "next": None}, {**problems, "items": named})


async def test_people_are_answered_alike(platform: Platform, client: httpx2.AsyncClient) -> None:
    secretariat = await bearer(client, platform, "secretariat")
    new = {"email": f"alike-{uuid4()}@people.example", "name": "Alike", "grants": [{"role": "hub", "areas": ["SY07"]}]}
    invited = await client.post("/api/registry/v1/people/invitations", json=new, headers=secretariat)
    assert invited.status_code == 201
    check_alike(INVITATION, invited.json())
    listed = (await client.get("/api/registry/v1/people", headers=secretariat)).json()["items"]
    check_alike({**PERSON, "state": listed[0]["state"]}, listed[0])


async def test_alerts_are_told_alike(platform: Platform, client: httpx2.AsyncClient, clients: PlatformClients) -> None:
    member, hub = [await bearer(client, platform, name) for name in ("member", "hub")]
    async with client.stream("GET", "/api/alerts/v1/alerts/stream", headers=hub) as stream:
        lines = stream.aiter_lines()
        await anext(lines)
        issued = await client.post("/api/alerts/v1/alerts", json=NEW_ALERT, headers=member)
        assert issued.status_code == 201
        event: dict[str, str] = {}
        async for line in lines:
            name, colon, value = line.partition(": ")
            event |= {name: value} if colon else {}
            if not line and event.get("event") == "alert":
                break
    told = dict(line.split(": ", 1) for line in alert(5).strip().split("\n"))
    check_alike(dict.fromkeys(told, ""), event)
    truth = orjson.loads(event["data"])
    check_alike(orjson.loads(told["data"]) | {"info": {}}, truth)
    listed = (await client.get("/api/alerts/v1/alerts", headers=hub)).json()
    check_alike({"items": [{**LISTED_ALERT, "info": {}}], "next": None}, listed)
    for words in ALERT["info"].values():  # type: ignore[attr-defined]
        check_alike(words, truth["info"]["ar"])


@pytest.mark.parametrize("query", ["{ nothing }", '{ coverage(filter: {area: "xx"}) { nodes { areaCode } } }'])
async def test_a_refusal_of_graphql_is_told_alike(platform: Platform, client: httpx2.AsyncClient, query: str) -> None:
    told = {"errors": [{"message": "", "extensions": {"code": None, "errors": [{"code": None, "detail": ""}]}}]}
    hub = await bearer(client, platform, "hub")
    check_alike(told, (await client.post("/graphql", json={"query": query}, headers=hub)).json())
