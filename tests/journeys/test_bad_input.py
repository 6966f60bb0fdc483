"""Bad input through the one door: a row's fault is its row's, a request's fault is a 4xx with a code, no more."""

import base64
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import orjson
import psutil
import pytest
import pytest_asyncio
from database import Database
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey
from registry.identity.tokens.commands import signing_key
from testkit.journeys import PlatformClients
from testkit.platform import Platform

REPORTS = "/api/activities/v1/reports"
MIB = 1024 * 1024
NDJSON = {"Content-Type": "application/x-ndjson"}
GOOD: dict[str, Any] = {
    "external_id": "bad-input-good",
    "sector": "WSH",
    "area": "SY020000",
    "month": "2025-05",
    "status": "Completed",
    "people": {"total": 10},
}


@pytest.fixture(scope="module", autouse=True)
def started(platform: Platform) -> dict[str, int]:
    """Pids of the processes before anything bad was sent."""
    return platform.pids()


@pytest_asyncio.fixture
async def client(platform: Platform) -> AsyncIterator[httpx2.AsyncClient]:
    """The bare door, without the client's good manners, signed in as a member."""
    token = await token_of(platform, "member")
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    async with httpx2.AsyncClient(base_url=platform.url, headers=headers, timeout=60) as door:
        yield door


async def token_of(platform: Platform, name: str) -> str:
    credentials = platform.credentials(name)
    async with httpx2.AsyncClient(base_url=platform.url, timeout=60) as http:
        auth = (credentials.client_id, credentials.client_secret)
        answer = await http.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=auth)
    return str(answer.json()["access_token"])


def line(**changes: Any) -> bytes:
    row = {name: value for name, value in {**GOOD, **changes}.items() if value is not ...}
    return orjson.dumps(row)


ROWS: dict[str, tuple[bytes, str]] = {
    "unknown P-code": (line(area="SY999999"), "unknown_area"),
    "unknown sector": (line(sector="XXX"), "unknown_sector"),
    "dates reversed": (line(start_date="2025-05-20", end_date="2025-05-01"), "dates_reversed"),
    "negative people": (line(people={"total": -1}), "too_small"),
    "people as text with marks": (line(people={"total": "1.500"}), "not_whole"),
    "100,000 characters": (line(organisation="x" * 100_000), "text_too_long"),
    "invalid UTF-8": (line().replace(b"bad-input-good", b"bad-\xff\xfe"), "invalid_text"),
    "NUL": (line(external_id="a\x00b"), "invalid_text"),
    "lone surrogate": (line().replace(b"bad-input-good", b"bad-\\ud800"), "invalid_text"),
    "200 levels deep": (line(adm1_name="DEEP").replace(b'"DEEP"', b"[" * 200 + b"]" * 200), "not_text"),
    "no object": (b'"report"', "malformed_row"),
    "half a line": (line()[:-5], "malformed_row"),
    "an unknown field": (line(colour="red"), "unknown_field"),
    "no month": (line(month=...), "missing"),
}


@pytest.mark.parametrize("name", ROWS)
async def test_a_bad_row_is_refused_and_the_good_one_beside_it_taken(client: httpx2.AsyncClient, name: str) -> None:
    bad, code = ROWS[name]
    answer = await client.post(REPORTS, content=line() + b"\n" + bad + b"\n", headers=NDJSON)
    assert answer.status_code == 207, answer.text
    body = answer.json()
    assert (body["accepted"], body["rejected"]) == (1, 1)
    (refused,) = [result for result in body["results"] if result["status"] == "rejected"]
    assert refused["row"] == 2
    assert code in [error["code"] for error in refused["errors"]]


async def test_all_rows_bad(client: httpx2.AsyncClient) -> None:
    bad = b"\n".join(row for row, _ in ROWS.values())
    answer = await client.post(REPORTS, content=bad, headers=NDJSON)
    assert answer.status_code == 422
    assert answer.json()["rejected"] == len(ROWS)


@pytest.mark.parametrize(
    ("content", "headers", "status", "code"),
    [
        (b'{"a":', {"Content-Type": "application/json"}, 400, "malformed_body"),
        (b"[" * 100_000, {"Content-Type": "application/json"}, 400, "malformed_body"),
        (b"a;b", {"Content-Type": "application/xml"}, 415, "unsupported_content_type"),
        (b"", NDJSON, 422, "no_rows"),
        (line(), {**NDJSON, "Idempotency-Key": "k" * 300}, 400, "malformed_key"),
    ],
    ids=["half a document", "very deep", "wrong content type", "nothing", "endless key"],
)
async def test_a_bad_request_is_a_problem_with_a_code(
    client: httpx2.AsyncClient, content: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    answer = await client.post(REPORTS, content=content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_one_key_for_two_requests(client: httpx2.AsyncClient) -> None:
    headers = {**NDJSON, "Idempotency-Key": f"journey-{time.time_ns()}"}
    assert (await client.post(REPORTS, content=line(), headers=headers)).status_code == 200
    repeated = await client.post(REPORTS, content=line(), headers=headers)
    assert (repeated.status_code, repeated.headers["idempotency-replayed"]) == (200, "true")
    other = await client.post(REPORTS, content=line(month="2025-06"), headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "chunked"])
async def test_200_megabytes_are_refused_and_never_held(
    platform: Platform, client: httpx2.AsyncClient, announced: bool
) -> None:
    before = {name: platform.memory(name) for name in ("gateway", "activities")}
    row = line() + b"\n"
    block = row * (MIB // len(row) + 1)

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(200):
            yield block

    headers = {**NDJSON, "Content-Length": str(200 * len(block))} if announced else NDJSON
    try:
        answer = await client.post(REPORTS, content=endless(), headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    except (httpx2.WriteError, httpx2.ReadError, httpx2.RemoteProtocolError):
        # The door closed while we were still sending: refused as well, though a client may not get to read why.
        assert not announced
    grown = {name: platform.memory(name) - size for name, size in before.items()}
    assert max(grown.values()) < 96 * MIB, grown
    assert (await client.post(REPORTS, content=line(), headers=NDJSON)).status_code == 200


async def own_key(platform: Platform) -> OKPKey:
    """The key the registry signs with, as somebody who broke in there would have it."""
    environment = psutil.Process(platform.pids()["registry"]).environ()
    database = await Database.connect(environment["TANSIQ_DATABASE_URL"], application="journeys", largest=1)
    try:
        async with database.connection() as connection:
            return await signing_key(connection, environment["TANSIQ_SIGNING_KEY_SECRET"])
    finally:
        await database.close()


def _segment(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _forged(token: str, key: OKPKey, kind: str) -> str:
    header, claims, signature = token.split(".")
    payload = json.loads(base64.urlsafe_b64decode(claims + "=="))
    match kind:
        case "tampered":
            return ".".join([header, _segment({**payload, "role": "secretariat"}), signature])
        case "alg none":
            return f"{_segment({'alg': 'none'})}.{claims}."
        case "another's key":
            return _signed(payload, OKPKey.generate_key("Ed25519"), str(key.kid))
        case "HMAC with the public key":
            public = OctKey.import_key(str(key.as_dict(private=False)["x"]).ljust(64, "="))
            return jwt.encode({"alg": "HS256", "kid": str(key.kid)}, payload, public, algorithms=["HS256"])
        case "wrong audience":
            return _signed({**payload, "aud": "other"}, key, str(key.kid))
        case "wrong issuer":
            return _signed({**payload, "iss": "http://other"}, key, str(key.kid))
        case "expired":
            return _signed({**payload, "exp": int(time.time()) - 60}, key, str(key.kid))
        case "endless":
            return _signed({name: value for name, value in payload.items() if name != "exp"}, key, str(key.kid))
    return kind


def _signed(payload: dict[str, Any], key: OKPKey, kid: str) -> str:
    return jwt.encode({"alg": "Ed25519", "kid": kid}, payload, key, algorithms=["Ed25519"])


KINDS = (
    "tampered",
    "alg none",
    "another's key",
    "HMAC with the public key",
    "wrong audience",
    "wrong issuer",
    "expired",
    "endless",
    "nonsense",
    "a.b.c",
)
DOORS = (REPORTS, "/api/registry/v1/organisations", "/api/reporting/v1/coverage", "/api/alerts/v1/alerts", "/graphql")


@pytest.mark.parametrize("kind", KINDS)
async def test_a_token_that_is_not_ours_opens_no_door(
    platform: Platform, client: httpx2.AsyncClient, kind: str
) -> None:
    own = client.headers["authorization"].removeprefix("Bearer ")
    bearer = {"Authorization": f"Bearer {_forged(own, await own_key(platform), kind)}"}
    for path in DOORS:
        question = {"json": {"query": "{ sectors { code } }"}} if path == "/graphql" else {}
        answer = await client.request("POST" if question else "GET", path, headers=bearer, **question)  # type: ignore[arg-type]
        assert answer.status_code == 401, (path, answer.text)
        assert "invalid_token" in answer.text


async def test_the_key_that_forges_is_the_one_that_signs(platform: Platform, client: httpx2.AsyncClient) -> None:
    """Else the refusals above would prove nothing."""
    key = await own_key(platform)
    claims = client.headers["authorization"].split(".")[1]
    payload = json.loads(base64.urlsafe_b64decode(claims + "=="))
    bearer = {"Authorization": f"Bearer {_signed(payload, key, str(key.kid))}"}
    assert (await client.get(REPORTS, headers=bearer)).status_code == 200


async def test_nothing_else_was_disturbed(
    platform: Platform, clients: PlatformClients, started: dict[str, int]
) -> None:
    """After all of the above every process still is the one that ran before, and figures are served."""
    assert platform.pids() == started
    assert (await clients.hub.graph.ask("{ sectors { code } }"))["sectors"]
