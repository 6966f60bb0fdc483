"""Questions over kept connections: what a service does to a connection, and what the asker hears."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from gateway.errors import ServiceTooSlow
from gateway.upstream.questions import InvalidServiceQuery, ServiceQueries, ServiceRefusal
from runtime.problems import Unavailable
from testkit.ports import dead_address

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\nset-cookie: a=b\r\n\r\n" + b'{"a": "x"}'
BROKEN = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{"
NO_HTTP = b"SSH-2.0-OpenSSH_9.2\r\n\r\n"
CLOSE = b""
ELSEWHERE = b"HTTP/1.1 307 Temporary Redirect\r\nlocation: /internal/other\r\ncontent-length: 0\r\n\r\n"
FORBIDDEN = b"HTTP/1.1 403 Forbidden\r\ncontent-length: 4\r\n\r\nnope"


class Script:
    """A service that answers its requests one by one as written; `CLOSE` ends the connection instead."""

    def __init__(self, answers: Sequence[bytes]) -> None:
        self._answers = list(answers)
        self.asked: list[bytes] = []
        self.connections = 0
        self.delay = 0.0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while head := await self._request(reader):
            self.asked.append(head)
            answer = self._answers.pop(0)
            await asyncio.sleep(self.delay)
            writer.write(answer)
            if answer in (CLOSE, BROKEN):
                break
        writer.close()

    async def _request(self, reader: asyncio.StreamReader) -> bytes:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(line for line in head.lower().splitlines() if line.startswith(b"content-length:"))
            await reader.readexactly(int(length.split(b":")[1]))
        except asyncio.IncompleteReadError:
            return b""
        return head


Play = Callable[..., Awaitable[tuple[Script, ServiceQueries]]]


@pytest_asyncio.fixture(loop_scope="session")
async def play() -> AsyncIterator[Play]:
    """`await play(answer, …)`: such a service, and questions to it."""
    async with AsyncExitStack() as stack:

        async def make(*answers: bytes, seconds: float = 2) -> tuple[Script, ServiceQueries]:
            script = Script(answers)
            server = await stack.enter_async_context(await asyncio.start_server(script.serve, "127.0.0.1", 0))
            port = server.sockets[0].getsockname()[1]
            origins = {"s": f"http://127.0.0.1:{port}"}
            return script, await stack.enter_async_context(ServiceQueries.opened(origins, seconds))

        yield make


async def ask(questions: ServiceQueries) -> object:
    return await questions.ask("s", "/internal/x/query", {"first": 1}, {"authorization": "Bearer t"})


async def test_a_connection_is_kept_without_cookies(play: Play) -> None:
    script, questions = await play(OK, OK)
    assert [await ask(questions), await ask(questions)] == [{"a": "x"}] * 2
    assert script.connections == 1
    assert all(b"authorization: bearer t" in head.lower() and b"cookie" not in head.lower() for head in script.asked)


async def test_a_kept_connection_closed_before_any_answer_is_asked_anew(play: Play) -> None:
    script, questions = await play(OK, CLOSE, OK)
    assert [await ask(questions), await ask(questions)] == [{"a": "x"}] * 2
    assert (script.connections, len(script.asked)) == (2, 3)


async def test_asking_anew_is_done_once(play: Play) -> None:
    script, questions = await play(CLOSE, CLOSE, OK)
    with pytest.raises(Unavailable):
        await ask(questions)
    assert len(script.asked) == 2


@pytest.mark.parametrize("answer", [BROKEN, NO_HTTP], ids=["cut off", "no HTTP"])
async def test_an_answer_that_began_is_not_asked_for_again(play: Play, answer: bytes) -> None:
    script, questions = await play(answer, OK)
    with pytest.raises(Unavailable):
        await ask(questions)
    assert len(script.asked) == 1


async def test_a_redirect_is_not_followed(play: Play) -> None:
    script, questions = await play(ELSEWHERE, OK)
    with pytest.raises(InvalidServiceQuery):
        await ask(questions)
    assert len(script.asked) == 1


async def test_a_refusal_without_words_has_our_own(play: Play) -> None:
    _, questions = await play(FORBIDDEN)
    with pytest.raises(ServiceRefusal) as refused:
        await ask(questions)
    assert (refused.value.code, refused.value.sentence("ar")) == ("refused", ServiceRefusal.ar)


async def test_who_says_nothing_is_too_slow_and_who_is_not_there_is_unavailable(play: Play) -> None:
    silent = await asyncio.start_server(lambda reader, writer: asyncio.sleep(1), "127.0.0.1", 0)
    address = f"http://127.0.0.1:{silent.sockets[0].getsockname()[1]}"
    async with (
        silent,
        ServiceQueries.opened({"s": address}, 0.1) as to_silent,
        ServiceQueries.opened({"s": dead_address()}, 2) as to_nobody,
    ):
        with pytest.raises(ServiceTooSlow):
            await ask(to_silent)
        with pytest.raises(Unavailable):
            await ask(to_nobody)


async def test_an_answer_that_comes_too_late_is_nobodys(play: Play) -> None:
    script, questions = await play(OK, OK, OK)
    await ask(questions)
    script.delay = 0.2
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await ask(questions)
    script.delay = 0.0
    assert await ask(questions) == {"a": "x"}
    assert script.connections == 2


async def test_an_answer_to_no_question_closes_its_connection(play: Play) -> None:
    script, questions = await play(OK + FORBIDDEN, OK)
    assert [await ask(questions), await ask(questions)] == [{"a": "x"}] * 2
    assert script.connections == 2


async def test_a_header_of_several_lines_is_not_sent(play: Play) -> None:
    script, questions = await play(OK)
    with pytest.raises(ValueError, match="several lines"):
        await questions.ask("s", "/internal/x/query", {}, {"authorization": "Bearer t\r\nexpect: 100-continue"})
    assert script.asked == []
