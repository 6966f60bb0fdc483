"""Whatever bytes come to the door, a refusal goes back and nothing of ours is told."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from runtime.access import Role
from testkit.trust import TestIssuer

from .conftest import OpenGateway
from .rows import Rows

OURS = ("Traceback", "site-packages", "127.0.0.1", "aiohttp", "httpx", "/internal/")
IDS = "{ reports { nodes { id } } }"
TEXTS = st.one_of(
    st.text(max_size=60), st.sampled_from(["{", "{ sectors { code } }", IDS, '{ areas(search: "\u202e\U0001f4a9") }'])
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
BODIES = st.fixed_dictionaries({}, optional={"query": TEXTS | JSON, "variables": JSON, "operationName": JSON})
# A header value as HTTP parsers let it pass: any byte but controls.
VALUES = st.binary(max_size=40).map(lambda raw: bytes(byte for byte in raw if byte > 31 and byte != 127))


def told_well(status: int, body: bytes) -> None:
    assert status < 500, body
    assert not [word for word in OURS if word.encode() in body]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=BODIES | st.binary(max_size=60), language=VALUES, accept=VALUES)
async def test_any_body(
    open_gateway: OpenGateway, issuer: TestIssuer, body: Any, language: bytes, accept: bytes
) -> None:
    client = await open_gateway()
    bearer = issuer.bearer(Role.HUB)["Authorization"].encode()
    headers = [(b"authorization", bearer), (b"accept-language", language), (b"accept", accept)]
    sent = body if isinstance(body, bytes) else _json(body)
    headers.append((b"content-type", b"application/json"))
    answer = await client.post("/graphql", content=sent, headers=headers)
    told_well(answer.status_code, answer.content)
    assert b'"internal"' not in answer.content


def _json(body: Any) -> bytes:
    try:
        return orjson.dumps(body)
    except TypeError:  # lone surrogates, integers beyond 64 bits
        return repr(body).encode("utf-8", "surrogatepass")


async def raw(address: str, *lines: bytes) -> tuple[int, bytes]:
    """The status and the whole answer to a request as it is written here."""
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(address).port)
    writer.write(b"\r\n".join([*lines, b"host: a", b"connection: close", b"", b""]))
    answer = await asyncio.wait_for(reader.read(), 30)
    writer.close()
    return int(answer.split(b" ", 2)[1]), answer


async def test_any_header_passes_or_is_refused(
    gateway_on_port: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str]
) -> None:
    client = await gateway_on_port(activities_url=rows[1])
    address = str(client.base_url)
    for value in (b"\xff\xfe", b"\xd8\xa7", b"Bearer \xe9", b"a, b=%0d%0ax: y", b"q=nan", b"a%0d%0ax-evil:1=v"):
        for name in (b"authorization", b"accept-language", b"baggage", b"traceparent", b"connection", b"x-any"):
            for target in (b"/api/activities/v1/x", b"/api/activities/v1/%ff", b"/api/activities/v1/%252e%252e/x"):
                told_well(*await raw(address, b"GET " + target + b" HTTP/1.1", name + b": " + value))


async def test_nothing_of_the_callers_header_lines_goes_on_with_a_question(
    open_gateway: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str]
) -> None:
    service, address = rows
    service.columns = {"id": []}
    client = await open_gateway(activities_url=address)
    hostile = {"Accept-Language": "en;q=1, \xff", "baggage": "a%0d%0ax-evil:1=v,b=%0d%0ax-evil:2", "X-Role": "x"}
    token = issuer.token(Role.HUB)
    headers = {**hostile, "Authorization": f"bearer   {token}  "}
    raw_headers = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    answer = await client.post("/graphql", json={"query": IDS}, headers=raw_headers)
    assert answer.json() == {"data": {"reports": {"nodes": []}}}
    (seen,) = service.headers
    expected = {"host", "authorization", "accept-language", "content-type", "content-length", "traceparent"}
    assert set(seen) <= expected
    assert (seen["authorization"], seen["accept-language"]) == (f"Bearer {token}", "en")
