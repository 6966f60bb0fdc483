"""What of HTTP is bounded before there is a request: tried by hand on a real socket."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from runtime.wire import protocol
from runtime.wire.bounds import LARGEST_HEAD, LONGEST_ADDRESS, MOST_HEADERS, MOST_PIPELINED, Bounds, one_place
from testkit.ports import listening
from testkit.raw import Line, line_to

HEAD = b"GET / HTTP/1.1\r\nHost: tansiq.test\r\n"
POST = b"POST / HTTP/1.1\r\nHost: tansiq.test\r\n"
BRISK = Bounds(head_seconds=0.6, patience_seconds=0.6, body_seconds=3, unread_seconds=1)


class Echo:
    """Answers with what it was sent, and keeps what it saw."""

    def __init__(self) -> None:
        self.scopes: list[dict[str, Any]] = []
        self.ended = asyncio.Event()
        self.bytes = 0
        self.released = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            for _ in range(2):
                await send({"type": (await receive())["type"] + ".complete"})
            return
        self.scopes.append(scope)
        if scope["path"] == "/held":
            await self.released.wait()
        if scope["path"] == "/early":
            await self._say(send, b"no")
            return
        if scope["path"] == "/large":
            await self._flood(send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.ended.set()
                return
            body, more = body + message["body"], message["more_body"]
            self.bytes = len(body)
        await self._say(send, scope["path"].encode() + b" " + body)

    async def _say(self, send: Any, body: bytes) -> None:
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _flood(self, send: Any) -> None:
        try:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            for _ in range(1000):
                await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})
                await asyncio.sleep(0)
        finally:
            self.ended.set()


@asynccontextmanager
async def open_line(bounds: Bounds = BRISK) -> AsyncIterator[tuple[Line, Echo]]:
    echo = Echo()
    async with listening(echo, bounds) as address, line_to(address) as line:
        yield line, echo


async def refused(sent: bytes, *, code: str, status: int) -> None:
    """It is refused so, in words of both languages, and the connection ends."""
    async with open_line() as (line, echo):
        await line.send(sent)
        answer = await line.answer(within=3)
        assert (answer.status, answer.json()["code"]) == (status, code)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["connection"] == "close"
        assert await line.closed(within=4)
        assert not echo.scopes


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 400, "host_missing"),
        (b"GET / HTTP/1.1\r\nHost:\r\n\r\n", 400, "host_missing"),
        (HEAD + b"Host: other.test\r\n\r\n", 400, "host_missing"),
        (b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, "host_missing"),
        (b"GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400, "host_missing"),
        (b"GET http://other.test/ HTTP/1.1\r\nHost: tansiq.test\r\n\r\n", 400, "hosts_differ"),
        (b"GET ftp://tansiq.test/ HTTP/1.1\r\nHost: tansiq.test\r\n\r\n", 400, "unreadable_request"),
        (b"GET * HTTP/1.1\r\nHost: tansiq.test\r\n\r\n", 400, "unreadable_request"),
        (b"CONNECT other.test:443 HTTP/1.1\r\nHost: other.test\r\n\r\n", 400, "unreadable_request"),
        (b"BREW / HTTP/1.1\r\nHost: tansiq.test\r\n\r\n", 501, "unknown_method"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, "unreadable_request"),
        (b"GET /\xff HTTP/1.1\r\nHost: tansiq.test\r\n\r\n", 400, "unreadable_request"),
        (HEAD + b"Bad Name: 1\r\n\r\n", 400, "unreadable_request"),
        (HEAD + b"X: a\x00b\r\n\r\n", 400, "unreadable_request"),
        (HEAD + b"X: a\r\n folded\r\n\r\n", 400, "unreadable_request"),
        (HEAD + b"X: a\n\n", 400, "unreadable_request"),
        (POST + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\na", 400, "unreadable_request"),
        (POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400, "unreadable_request"),
        (POST + b"Content-Length: 1, 1\r\n\r\na", 400, "unreadable_request"),
        (POST + b"Content-Length: +1\r\n\r\na", 400, "unreadable_request"),
        (
            POST + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
            400,
            "unreadable_request",
        ),
        (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501, "unknown_transfer_coding"),
        (POST.replace(b"1.1", b"1.0") + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "unreadable_request"),
        (POST + b"Expect: tea\r\nContent-Length: 1\r\n\r\n", 417, "unknown_expectation"),
        (HEAD + b"Authorization: a\r\nAuthorization: b\r\n\r\n", 400, "doubled_header"),
        (POST + b"Idempotency-Key: a\r\nidempotency-key: a\r\nContent-Length: 0\r\n\r\n", 400, "doubled_header"),
        (POST + b"Content-Type: a/b\r\nContent-Type: a/b\r\nContent-Length: 0\r\n\r\n", 400, "doubled_header"),
        (POST + b'If-Match: "v1"\r\nIf-Match: "v2"\r\nContent-Length: 0\r\n\r\n', 400, "doubled_header"),
        (b"GET /" + b"a" * LONGEST_ADDRESS + b" HTTP/1.1\r\n", 414, "address_too_long"),
        (HEAD + b"X: " + b"a" * LARGEST_HEAD + b"\r\n\r\n", 431, "head_too_large"),
        (HEAD + b"X: 1\r\n" * MOST_HEADERS + b"\r\n", 431, "head_too_large"),
    ],
)
async def test_bad_heads_are_refused(sent: bytes, status: int, code: str) -> None:
    await refused(sent, code=code, status=status)


async def test_every_refusal_is_the_same_byte_by_byte() -> None:
    async with open_line(Bounds()) as (line, _):
        for byte in HEAD + b"Host: other.test\r\n\r\n":
            await line.send(bytes([byte]))
        assert (await line.answer()).json()["code"] == "host_missing"


async def test_a_head_without_end_is_cut_at_its_bound() -> None:
    async with open_line(Bounds()) as (line, _):
        sent = 0
        await line.send(HEAD + b"X: ")
        for _ in range(1600):  # 100 MB, if it were taken
            await line.send(b"a" * 65536)
            sent += 65536
            if line.reader._buffer:  # type: ignore[attr-defined]
                break
        assert (await line.answer()).status == 431
        assert sent < 8 * 1024 * 1024


async def test_the_refusal_speaks_the_readers_language() -> None:
    async with open_line() as (line, _):
        await line.send(b"GET / HTTP/1.1\r\nAccept-Language: en\r\n\r\n")
        assert "Host" in (answer := await line.answer()).json()["detail"]
        assert answer.json()["detail"].isascii()
        assert answer.headers["content-language"] == "en"


@pytest.mark.parametrize("sent", [b"G", b"GET / HTTP/1.1\r\n", HEAD + b"X: a", HEAD + b"X: a\r\n"])
async def test_a_head_that_does_not_end_is_timed_out(sent: bytes) -> None:
    async with open_line() as (line, _):
        await line.send(sent)
        started = time.monotonic()
        answer = await line.answer(within=3)
        assert (answer.status, answer.json()["code"]) == (408, "request_too_slow")
        assert 0.4 < time.monotonic() - started < 2.5


async def test_bytes_that_trickle_do_not_set_the_clock_anew() -> None:
    async with open_line() as (line, _):
        started = time.monotonic()
        trickling = asyncio.create_task(_trickle(line, HEAD + b"X-Long: " + b"a" * 1000))
        answer = await line.answer(within=4)
        trickling.cancel()
        assert answer.status == 408
        assert time.monotonic() - started < 2.5


@pytest.mark.parametrize("sent", [b"", b"\r\n"])
async def test_who_sends_nothing_is_let_go_without_a_word(sent: bytes) -> None:
    async with open_line() as (line, _):
        await line.send(sent)
        started = time.monotonic()
        assert await line.reader.read() == b""
        assert time.monotonic() - started < 3


async def test_blank_lines_do_not_keep_a_connection() -> None:
    async with open_line() as (line, _):
        trickling = asyncio.create_task(_trickle(line, b"\r\n" * 1000))
        assert await line.closed(within=3)
        trickling.cancel()


async def _trickle(line: Line, sent: bytes) -> None:
    for byte in sent:
        await line.send(bytes([byte]))
        await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    "head", [POST + b"Content-Length: 1000\r\n\r\na", POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n"]
)
async def test_a_body_that_does_not_come_is_timed_out(head: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "BEAT_SECONDS", 0.2)
    async with open_line() as (line, echo):
        await line.send(head)
        answer = await line.answer(within=4)
        assert (answer.status, answer.json()["code"]) == (408, "request_too_slow")
        await asyncio.wait_for(echo.ended.wait(), 2)
        assert await line.closed(within=4)


async def test_a_body_below_the_least_rate_is_timed_out_and_one_above_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "BEAT_SECONDS", 0.2)
    async with open_line() as (line, _):
        await line.send(POST + b"Content-Length: 1000\r\n\r\n")
        trickling = asyncio.create_task(_trickle(line, b"a" * 1000))  # 20 bytes a second
        assert (await line.answer(within=5)).status == 408
        trickling.cancel()
    async with open_line(Bounds(patience_seconds=2, body_seconds=30)) as (line, _):
        await line.send(POST + b"Content-Length: 6000\r\n\r\n")
        for _ in range(20):  # 3,000 bytes a second
            await line.send(b"a" * 300)
            await asyncio.sleep(0.1)
        assert (await line.answer(within=20)).body == b"/ " + b"a" * 6000


async def test_the_rest_of_a_body_nobody_waits_for_does_not_keep_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "BEAT_SECONDS", 0.2)
    monkeypatch.setattr(protocol, "DRAIN_SECONDS", 1.0)
    async with open_line(Bounds()) as (line, _):
        await line.send(POST.replace(b" / ", b" /early ") + b"Content-Length: 100000000\r\n\r\n")
        assert (await line.answer()).body == b"no"
        trickling = asyncio.create_task(_trickle(line, b"a" * 1000))
        assert await line.closed(within=4)
        trickling.cancel()


@pytest.mark.parametrize(
    "chunks",
    [
        b"1;" + b"e" * 100_000,
        b"0" * 100_000,
        b"1\r\na\r\n" * 20_000,
        b"0\r\n" + b"trailer: a\r\n" * 10_000,
        b"0\r\ntrailer: " + b"a" * 100_000,
    ],
)
async def test_framing_without_content_is_refused(chunks: bytes) -> None:
    async with open_line(Bounds()) as (line, echo):
        await line.send(POST + b"Transfer-Encoding: chunked\r\n\r\n")
        for at in range(0, len(chunks), 1000):
            await line.send(chunks[at : at + 1000])
            await asyncio.sleep(0)
        answer = await line.answer(within=5)
        assert answer.status in (400, 431)
        assert echo.bytes < 20_000


async def test_small_chunks_with_content_are_taken() -> None:
    async with open_line(Bounds()) as (line, _):
        await line.send(POST + b"Transfer-Encoding: chunked\r\n\r\n")
        for _ in range(5000):
            await line.send(b"8\r\n12345678\r\n")
        await line.send(b"0\r\n\r\n")
        assert len((await line.answer()).body) == 40_002


async def test_a_trailer_never_becomes_a_header() -> None:
    async with open_line() as (line, echo):
        await line.send(POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nauthorization: Bearer x\r\n\r\n")
        assert (await line.answer()).body == b"/ a"
        assert b"authorization" not in dict(echo.scopes[0]["headers"])


async def test_what_is_wrong_behind_other_requests_is_answered_behind_them() -> None:
    async with open_line(Bounds()) as (line, echo):
        held = HEAD.replace(b" / ", b" /held ") + b"\r\n"
        await line.send(held + HEAD.replace(b" / ", b" /2 ") + b"\r\n" + HEAD + b"Host: other.test\r\n\r\n")
        await asyncio.sleep(0.1)
        echo.released.set()
        assert (await line.answer()).body == b"/held "
        assert (await line.answer()).body == b"/2 "
        assert (await line.answer()).json()["code"] == "host_missing"
        assert await line.closed(within=4)


async def test_a_bad_body_behind_other_requests_is_answered_behind_them() -> None:
    async with open_line(Bounds()) as (line, echo):
        held = HEAD.replace(b" / ", b" /held ") + b"\r\n"
        await line.send(held + POST + b"Transfer-Encoding: chunked\r\n\r\nnonsense\r\n")
        await asyncio.sleep(0.1)
        echo.released.set()
        assert (await line.answer()).body == b"/held "
        assert (await line.answer()).status == 400
        assert await line.closed(within=4)
        assert len(echo.scopes) == 1


async def test_requests_sent_ahead_are_bounded() -> None:
    async with open_line(Bounds()) as (line, echo):
        await line.send((HEAD.replace(b" / ", b" /held ") + b"\r\n") + (HEAD + b"\r\n") * 1000)
        await asyncio.sleep(0.1)
        echo.released.set()
        statuses = [(await line.answer()).status for _ in range(MOST_PIPELINED + 2)]
        assert statuses == [200] * (MOST_PIPELINED + 1) + [429]


async def test_a_reader_that_takes_nothing_is_let_go() -> None:
    async with open_line() as (line, echo):
        await line.send(HEAD.replace(b" / ", b" /large ") + b"\r\n")
        await asyncio.wait_for(echo.ended.wait(), 6)


async def test_a_reader_that_takes_nothing_is_let_go_whatever_it_sends_behind() -> None:
    async with open_line() as (line, echo):
        await line.send(HEAD.replace(b" / ", b" /large ") + b"\r\n")
        await asyncio.sleep(0.3)
        await line.send(b"nonsense\r\n\r\n")
        await asyncio.wait_for(echo.ended.wait(), 6)


async def test_the_longest_waiting_makes_room_and_the_newcomer_is_answered() -> None:
    echo = Echo()
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(listening(echo, Bounds(connections=20)))
        lines = []
        for _ in range(30):
            lines.append(await stack.enter_async_context(line_to(address)))
            await lines[-1].send(POST + b"Content-Length: 10\r\n\r\na")
            await asyncio.sleep(0.01)
        assert (await lines[0].answer()).status == 408
        last = await stack.enter_async_context(line_to(address))
        await last.send(HEAD + b"\r\n")
        assert (await last.answer()).status == 200
        await lines[-1].send(b"b" * 9)
        assert (await lines[-1].answer()).status == 200


@pytest.mark.parametrize("idle_before", [True, False])
async def test_who_is_sending_makes_no_room_for_others(idle_before: bool) -> None:
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(listening(Echo(), Bounds(connections=20)))
        honest = await stack.enter_async_context(line_to(address))
        if idle_before:
            await honest.send(HEAD + b"\r\n")
            assert (await honest.answer()).status == 200
        else:
            await honest.send(POST + b"Content-Length: 60\r\n\r\n")
        for number in range(60):
            if idle_before and number == 15:
                await honest.send(POST + b"Content-Length: 45\r\n\r\n")
            if not idle_before or number >= 15:
                await honest.send(b"a")
            silent = await stack.enter_async_context(line_to(address))
            await silent.send(HEAD)
            await asyncio.sleep(0.005)
        assert (await honest.answer()).status == 200


async def test_half_heads_make_room_before_a_body_that_pauses() -> None:
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(listening(Echo(), Bounds(connections=20)))
        honest = await stack.enter_async_context(line_to(address))
        await honest.send(POST + b"Content-Length: 2\r\n\r\na")
        for _ in range(60):
            silent = await stack.enter_async_context(line_to(address))
            await silent.send(HEAD)
            await asyncio.sleep(0.002)
        await honest.send(b"a")
        assert (await honest.answer()).body == b"/ aa"


async def test_held_bodies_keep_no_newcomer_out() -> None:
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(listening(Echo(), Bounds(connections=20)))
        for _ in range(20):
            held = await stack.enter_async_context(line_to(address))
            await held.send(POST + b"Content-Length: 2\r\n\r\na")
        await asyncio.sleep(1.2)
        newcomer = await stack.enter_async_context(line_to(address))
        for _ in range(10):
            await stack.enter_async_context(line_to(address))
            await asyncio.sleep(0.01)
        await newcomer.send(HEAD + b"\r\n")
        assert (await newcomer.answer()).status == 200


async def test_an_address_makes_room_among_its_own() -> None:
    async with AsyncExitStack() as stack:
        bounds = Bounds(connections_per_address=3)
        address = await stack.enter_async_context(listening(Echo(), bounds))
        lines = [await stack.enter_async_context(line_to(address)) for _ in range(4)]
        for line in lines:
            await line.send(HEAD)
        assert (await lines[0].closed(within=2)) is True
        await lines[3].send(b"\r\n")
        assert (await lines[3].answer()).status == 200


async def test_a_proxy_is_no_single_address() -> None:
    async with AsyncExitStack() as stack:
        bounds = Bounds(connections_per_address=3, trusted_proxies="127.0.0.0/8")
        address = await stack.enter_async_context(listening(Echo(), bounds))
        lines = [await stack.enter_async_context(line_to(address)) for _ in range(8)]
        for line in lines:
            await line.send(HEAD + b"\r\n")
        assert [(await line.answer()).status for line in lines] == [200] * 8


async def test_connections_beyond_the_most_are_told_so() -> None:
    echo = Echo()
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(listening(echo, Bounds(connections=3)))
        lines = [await stack.enter_async_context(line_to(address)) for _ in range(3)]
        for line in lines:
            await line.send(HEAD.replace(b" / ", b" /held ") + b"\r\n")
        await asyncio.sleep(0.1)
        one_more = await stack.enter_async_context(line_to(address))
        answer = await one_more.answer()
        assert (answer.status, answer.headers["retry-after"]) == (503, "1")
        echo.released.set()
        assert (await lines[0].answer()).status == 200


async def test_a_target_in_absolute_form_is_its_path() -> None:
    async with open_line() as (line, echo):
        await line.send(b"GET http://Tansiq.Test/a/b?c=d HTTP/1.1\r\nHost: tansiq.test\r\n\r\n")
        assert (await line.answer()).status == 200
        assert (echo.scopes[0]["path"], echo.scopes[0]["query_string"]) == ("/a/b", b"c=d")


async def test_a_kept_connection_answers_one_after_the_other() -> None:
    async with open_line(Bounds()) as (line, _):
        for number in range(200):
            await line.send(POST + b"Content-Length: 3\r\n\r\n%03d" % number)
            assert (await line.answer()).body == b"/ %03d" % number


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("", ""),
    ],
)
def test_what_counts_as_one_address(address: str, place: str) -> None:
    assert one_place(address) == place
