"""Canaries: coordinates, a site and words that may be seen by few are looked for wherever anything comes out.

A report of the member's holds them, beside a row that is refused and a file with both. Each role then reads every
route it is let in to, and all of GraphQL; events, logs and dead letters are read as bytes.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import orjson
import psutil
import pytest
import pytest_asyncio
from aiokafka import AIOKafkaConsumer, TopicPartition  # type: ignore[import-untyped]
from aiokafka.admin import AIOKafkaAdminClient  # type: ignore[import-untyped]
from client import Refused, Tansiq
from client.transport import Call
from client.uploads import UploadDefaults
from contracts.services import SERVICES
from database import Database
from testkit.journeys import PlatformClients, eventually
from testkit.platform import Platform

SITE = "Canary Well 7f3a9c"
CANARIES = (b"36.204713", b"37.158329", b"7f3a9c", b"canary-words-51d8")
"""Bytes that stand for latitude, longitude, site and free text."""
MONTH = "2025-07"
OWNER, ALL_SEEING = "member", "secretariat"


def sensitive(**changes: Any) -> dict[str, Any]:
    row = {
        "external_id": "canary-report",
        "sector": "EDU",
        "area": "SY070004",
        "site_name": SITE,
        "site_type": "school",
        "latitude": 36.204713,
        "longitude": 37.158329,
        "activity_description": "canary-words-51d8",
        "comments": "canary-words-51d8",
        "month": MONTH,
        "status": "Completed",
        "people": {"total": 40},
        "newly_reached": True,
    }
    return {**row, **changes}


SHEET = f"""#activity+id,#sector,#adm3+code,#loc+name,#geo+lat,#geo+lon,#date+reported,#status,#reached+ind,#reached+new
canary-sheet-1,EDU,SY070004,{SITE},36.204713,37.158329,{MONTH},Completed,30,yes
canary-sheet-2,EDU,SY999999,{SITE},36.204713,37.158329,{MONTH},Completed,30,yes
canary-sheet-3,EDU,SY070004,{SITE},36.204713x,37.158329,{MONTH},{SITE},7f3a9c,yes
"""


@dataclass(frozen=True)
class Laid:
    """What was sent, and what the sender was told of the faults in it."""

    report_id: str
    upload_id: str
    told: bytes


@pytest_asyncio.fixture(scope="module")
async def laid(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Laid:
    """The canaries are in, and have come as far as they get."""
    file = tmp_path_factory.mktemp("canary") / "canary.csv"
    file.write_text(SHEET)
    async with platform.client(OWNER) as member, platform.client(ALL_SEEING) as secretariat:
        faulty = sensitive(external_id="canary-faulty", area="SY999999", longitude=None, status=SITE)
        (pushed,) = [answer async for answer in member.reports.push([sensitive(), faulty])]
        upload = await member.uploads.finished(await member.uploads.send(file, UploadDefaults(country="SY")))
        problems = [problem async for problem in member.uploads.problems(upload.id)]
        assert (pushed.accepted, upload.accepted) == (1, 1)

        async def counted() -> int:
            found = await secretariat.session.ask_json(Call("GET", "/api/reporting/v1/coverage", params=WHERE))
            return sum(item["reports"] for item in found["items"])

        await eventually(counted, lambda reports: reports == 2)
    told = orjson.dumps([result.model_dump(mode="json") for result in pushed.problems]) + orjson.dumps(
        [problem.model_dump(mode="json") for problem in problems]
    )
    (taken,) = [result for result in pushed.results if result.id]
    return Laid(str(taken.id), str(upload.id), told)


WHERE: dict[str, str | int] = {"level": 3, "area": "SY070004", "sector": "EDU", "month_from": MONTH, "month_to": MONTH}


def canaries_in(content: bytes) -> list[bytes]:
    return [canary for canary in CANARIES if canary in content]


async def routes(client: Tansiq, laid: Laid) -> AsyncIterator[str]:
    """Every GET route of every service, as its OpenAPI lists them; those of one thing for the canary's own."""
    for service in SERVICES:
        document = await client.session.ask_json(Call("GET", f"/api/{service}/openapi.json"))
        for template, methods in document["paths"].items():
            if "get" not in methods or not template.startswith("/v1") or is_endless(methods["get"]):
                continue
            path = template.replace("/v1/uploads/{id}", f"/v1/uploads/{laid.upload_id}")
            path = path.replace("/v1/reports/{id}", f"/v1/reports/{laid.report_id}")
            if "{" not in path:
                yield f"/api/{service}{path}"


def is_endless(route: Any) -> bool:
    """A stream of events: what it tells, and that it holds nothing high, is tested with the service."""
    return "text/event-stream" in route["responses"]["200"].get("content", {})


async def rest_of(client: Tansiq, laid: Laid) -> AsyncIterator[tuple[str, int, bytes]]:
    async for path in routes(client, laid):
        asked: dict[str, str | int] = {"first": 500} if path.endswith("s") else {}
        if path.endswith("/v1/reports"):
            asked |= {"month_from": MONTH, "month_to": MONTH, "sector": "EDU"}
        try:
            found = await client.session.ask(Call("GET", path, params=asked))
            yield path, found.status_code, found.content
        except Refused as refused:
            yield path, refused.status, f"{refused} {refused.errors}".encode()


REPORT = """
  id externalId areaCode community neighbourhood siteName siteType latitude longitude activityDescription comments
  month flags organisation { names { ar en } } area { names { en } latitude longitude }
"""
THERE = f'{{monthFrom: "{MONTH}", monthTo: "{MONTH}", sector: "EDU"}}'
"""Other journeys fill the platform too: a page of everything need not reach the canary."""
QUESTIONS: dict[str, str] = {
    "reports": f"{{ reports(filter: {THERE}, first: 500) {{ nodes {{ {REPORT} }} }} }}",
    "edges": f"{{ reports(filter: {THERE}, first: 500) {{ edges {{ node {{ {REPORT} }} }} }} }}",
    "all": f"{{ reports(first: 500) {{ nodes {{ {REPORT} }} }} }}",
    "report": f"query One($id: UUID!) {{ report(id: $id) {{ {REPORT} }} }}",
    "coverage": "{ coverage(filter: {level: 3}, first: 500) { nodes { areaCode reports people { total } } } }",
    "presence": "{ presence(filter: {level: 3}, first: 500) { nodes { areaCode organisationNames { ar en } } } }",
    "targets": "{ targets(first: 500) { nodes { areaCode sectorCode value } } }",
    "progress": "{ progress(filter: {level: 3}, first: 500) { nodes { areaCode peopleReached reports reason } } }",
    "alerts": "{ alerts(first: 100) { nodes { identifier headline { ar en } areaCodes } } }",
}


async def graph_of(client: Tansiq, laid: Laid) -> AsyncIterator[tuple[str, bytes]]:
    for name, text in QUESTIONS.items():
        try:
            found = await client.graph.ask(text, {"id": laid.report_id} if name == "report" else {})
            yield name, orjson.dumps(found)
        except Refused as refused:
            if refused.code == "invalid_query":
                raise  # a question the schema refuses would look for nothing
            yield name, str(refused).encode()


SEES = {OWNER: True, ALL_SEEING: True, "other_member": False, "coordinator": False, "hub": False}
"""The coordinator's working group is that of water, the canary is a school's."""


@pytest.mark.parametrize("name", SEES)
async def test_each_role_reads_everything_it_is_let_in_to(clients: PlatformClients, laid: Laid, name: str) -> None:
    client = clients.by_role()[name]
    seen: dict[str, list[bytes]] = {}
    read = 0
    async for path, status, content in rest_of(client, laid):
        assert status < 500, (path, content)
        read += 1
        seen[path] = canaries_in(content)
    async for question, content in graph_of(client, laid):
        read += 1
        seen[question] = canaries_in(content)
    print(f"\n{name}: {read} answers, canaries in {sorted(place for place, found in seen.items() if found)}")
    assert read > 20
    if not SEES[name]:
        assert {place: found for place, found in seen.items() if found} == {}
        return
    places = {
        "/api/activities/v1/reports",
        f"/api/activities/v1/reports/{laid.report_id}",
        f"/api/activities/v1/reports/{laid.report_id}/versions",
        f"/api/activities/v1/uploads/{laid.upload_id}",  # its causes quote what was refused, to its sender's side
        "reports",
        "report",
        "edges",
    }
    assert {place for place, found in seen.items() if found} - {"all"} == places


async def test_nobody_without_a_token_is_told_anything(
    platform: Platform, clients: PlatformClients, laid: Laid
) -> None:
    async with httpx2.AsyncClient(base_url=platform.url, timeout=60) as stranger:
        async for path in routes(clients.secretariat, laid):
            answer = await stranger.get(path)
            assert answer.status_code == 401, path
            assert canaries_in(answer.content) == []
        answer = await stranger.post("/graphql", json={"query": QUESTIONS["reports"]})
        assert answer.status_code == 401
        assert canaries_in(answer.content) == []


def test_problems_do_not_repeat_what_was_sent(laid: Laid) -> None:
    assert b"unknown_area" in laid.told
    assert canaries_in(laid.told) == []


async def test_events_hold_no_canary(platform: Platform, laid: Laid) -> None:
    """Every record of every topic, keys, headers and values as they lie in Kafka; dead letters are among them."""
    bootstrap = psutil.Process(platform.pids()["activities-worker"]).environ()["TANSIQ_KAFKA_BOOTSTRAP"]
    partitions = await _partitions(bootstrap)
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, group_id=None)
    await consumer.start()
    try:
        records = [record async for record in _records(consumer, partitions)]
    finally:
        await consumer.stop()
    topics = {partition.topic for partition in partitions}
    assert {"tansiq.activities.reports", "tansiq.operations.dead-letters"} <= topics
    assert any(laid.report_id.encode() in record for record in records)
    assert [record for record in records if canaries_in(record)] == []


async def _partitions(bootstrap: str) -> list[TopicPartition]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        topics = [topic for topic in await admin.list_topics() if topic.startswith("tansiq.")]
        described = await admin.describe_topics(topics)
    finally:
        await admin.close()
    return [TopicPartition(topic["topic"], each["partition"]) for topic in described for each in topic["partitions"]]


async def _records(consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition]) -> AsyncIterator[bytes]:
    consumer.assign(partitions)
    ends = await consumer.end_offsets(partitions)
    for partition, begin in (await consumer.beginning_offsets(partitions)).items():
        consumer.seek(partition, begin)
    while [partition for partition, end in ends.items() if await consumer.position(partition) < end]:
        for batch in (await consumer.getmany(timeout_ms=200)).values():
            for record in batch:
                headers = b"".join(name.encode() + value for name, value in record.headers)
                yield (record.key or b"") + headers + (record.value or b"")


def test_logs_and_files_hold_no_canary(platform: Platform, laid: Laid) -> None:
    """Logs and whatever else lies in the state folder; the databases hold what they must, under their own roles."""
    found = [str(file) for file, content in _files(platform) if canaries_in(content)]
    assert found == []


def _files(platform: Platform) -> Iterator[tuple[Path, bytes]]:
    apart = {platform.state / "postgres", platform.state / "kafka"}
    for file in platform.state.rglob("*"):
        with suppress(FileNotFoundError):  # what is kept for a moment goes while it is looked at
            if file.is_file() and apart.isdisjoint(file.parents):
                yield file, file.read_bytes()


async def test_dead_letters_show_no_bytes(clients: PlatformClients) -> None:
    for service in SERVICES:
        for letter in await clients.secretariat.operations.dead_letters(service):
            assert canaries_in(orjson.dumps(letter, default=str)) == []
            assert "payload" not in letter


async def test_the_look_of_the_secretariat_is_written_down(
    platform: Platform, clients: PlatformClients, laid: Laid
) -> None:
    """Each look at high data of another's is audited; the owner's own is not."""
    await clients.secretariat.reports.read(laid.report_id)
    url = psutil.Process(platform.pids()["activities"]).environ()["TANSIQ_DATABASE_URL"]
    database = await Database.connect(url, application=f"journeys-{uuid4().hex[:6]}", largest=2)
    try:
        async with database.connection() as connection:
            looks = await connection.fetchval(
                """
                select count(*) from audit_entry
                where role = 'secretariat' and action like 'report%' and object like $1
                """,
                f"%{laid.report_id}%",
            )
    finally:
        await database.close()
    assert looks >= 1
