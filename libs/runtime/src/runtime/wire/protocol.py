"""uvicorn's HTTP over httptools, which bounds nothing by itself, within bounds: sizes, counts, rates and times.

One clock runs for a connection while the other side owes us bytes, set once for a head and in beats for a body, so that
a request that comes whole in one piece costs no clock at all.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any, ClassVar, NoReturn

import httptools
from prometheus_client import Counter
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from runtime.language import preferred
from runtime.problems import Refusal, problem
from runtime.wire import bounds as sizes
from runtime.wire.bounds import Bounds
from runtime.wire.connections import OpenConnections
from runtime.wire.errors import (
    AddressTooLong,
    ChunksTooSmall,
    HeadTooLarge,
    RequestTooSlow,
    TooManyConnections,
    TooManyPipelined,
    UnknownMethod,
    UnreadableRequest,
)
from runtime.wire.heads import TOKEN, fault_in, own_target, value_of

BEAT_SECONDS = 2.0
LINGER_SECONDS = 2.0
"""How long what still comes is thrown away after a refusal: closed at once, the refusal itself would be lost."""
DRAIN_SECONDS = 30.0
"""How long the rest of a body may take that was answered before it was complete."""
REFUSED = Counter("tansiq_wire_refused_total", "Connections ended before there was a request", ["code"])
CLOSING = b"HTTP/1.1 %d %s\r\n%sconnection: close\r\n\r\n%s"
STANDING_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}


class ParsingEnded(Exception):
    """Ends the parser's work: the refusal says why."""


class BoundedProtocol(HttpToolsProtocol):
    """A connection within bounds."""

    bounds: ClassVar[Bounds] = Bounds()
    crowd: ClassVar[OpenConnections] = OpenConnections(bounds)

    @classmethod
    def within(cls, bounds: Bounds) -> type[BoundedProtocol]:
        """The protocol of one process: its connections are one crowd."""
        return type("BoundedProtocol", (cls,), {"bounds": bounds, "crowd": OpenConnections(bounds)})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._place = ""
        self.owing_since: float | None = None
        self._in_head = False
        self._open = False
        """A message has begun and is not complete."""
        self._began_now = False
        """It began with the bytes that are being fed."""
        self._head_room = 0
        self._fed_of_head = 0
        self._body = self._framing = 0
        self._running: RequestResponseCycle | None = None
        """The request that is being answered; uvicorn's `cycle` is the one that came last."""
        self._refusal: Refusal | None = None
        self._deaf = False
        """Whatever still comes is thrown away."""
        self._clock: asyncio.TimerHandle | None = None
        self._clocked: tuple[int, bool] | None = None
        self._number = 0
        self._body_since = self._beats_paused = 0.0
        self._unread: asyncio.TimerHandle | None = None
        self._unread_bytes = 0
        self._lingering: asyncio.TimerHandle | None = None

    # The connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._place = self.crowd.place_of(self.client[0] if self.client else "")
        if self.crowd.join(self._place, self):
            self.owing_since = self.loop.time()
            self._set_clock()
        else:
            self._end_with(TooManyConnections())

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_clock()
        for clock in (self._unread, self._lingering):
            if clock:
                clock.cancel()
        self.crowd.leave(self._place, self)
        if self._running:
            self._running.disconnected = True
            self._running.message_event.set()
        super().connection_lost(exc)

    @property
    def is_in_body(self) -> bool:
        """Whether a head has come whole, and its body not yet."""
        return self._open and not self._in_head

    def let_go(self) -> None:
        """Make room for another: what is not yet a request is given up."""
        self.crowd.leave(self._place, self)  # now, not when it has closed: its room is given to another
        if self._open:
            self._refuse(RequestTooSlow())
        else:
            self._close()

    # What comes in

    def data_received(self, data: bytes) -> None:
        if self._deaf:
            return
        self._unset_keepalive_if_required()
        self._began_now = False
        body_before = self._body
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._upgrade()
            return
        except httptools.HttpParserError as broken:
            self._refuse(self._refusal or _meaning(broken, data))
            return
        if self._open:
            if self.owing_since is not None:
                self.owing_since = self.loop.time()
            if self._began_now or self._is_measured(len(data), self._body - body_before):
                self._set_clock()
        elif self._clocked is not None or self._is_idle():
            self._set_clock()

    def _is_measured(self, fed: int, body: int) -> bool:
        """Count what belongs to one message only: its head, or its body with the framing."""
        if self._in_head:
            self._fed_of_head += fed
            if self._fed_of_head > sizes.LARGEST_HEAD + sizes.LONGEST_ADDRESS:
                self._refuse(HeadTooLarge(limit=f"{sizes.LARGEST_HEAD} B"))
                return False
        else:
            self._framing += fed - body
            if self._framing > self._body + sizes.FREE_FRAMING:
                self._refuse(ChunksTooSmall())
                return False
        return True

    def _upgrade(self) -> None:
        if not self._should_upgrade():
            self._set_clock()  # answered as if no upgrade had been asked for
            return
        self._stop_clock()
        self.crowd.leave(self._place, self)  # another protocol takes over, and has bounds of its own
        self.handle_websocket_upgrade()

    # What the parser finds

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._number += 1
        self._open = self._in_head = self._began_now = True
        self._head_room = sizes.LARGEST_HEAD
        self._fed_of_head = self._body = self._framing = 0

    def on_url(self, url: bytes) -> None:
        self.url += url
        if len(self.url) > sizes.LONGEST_ADDRESS:
            self._break(AddressTooLong(limit=sizes.LONGEST_ADDRESS))

    def on_header(self, name: bytes, value: bytes) -> None:
        self._head_room -= len(name) + len(value) + sizes.EACH_HEADER
        if self._head_room < 0:
            self._break(HeadTooLarge(limit=f"{sizes.LARGEST_HEAD} B"))
        if self._in_head:  # a trailer is read by nobody here, and among the headers it would pass for one
            self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        if len(self.headers) > sizes.MOST_HEADERS:
            self._break(HeadTooLarge(limit=sizes.MOST_HEADERS))
        named = dict(self.headers)
        if fault := fault_in(self.headers, named, self.parser):
            self._break(fault)
        if len(self.pipeline) >= sizes.MOST_PIPELINED:
            self._break(TooManyPipelined(limit=sizes.MOST_PIPELINED))
        if not self.url.startswith(b"/"):
            self.url = self._own_target()
        self.expect_100_continue = b"expect" in named
        super().on_headers_complete()
        self._in_head = False

    def _own_target(self) -> bytes:
        if self.url == b"*" and self.parser.get_method() == b"OPTIONS":
            return self.url
        try:
            return own_target(self.url, self.headers)
        except Refusal as refusal:
            self._break(refusal)

    def on_body(self, body: bytes) -> None:
        self._body += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._open = False
        self.owing_since = None
        super().on_message_complete()

    def _break(self, refusal: Refusal) -> NoReturn:
        self._refusal = refusal
        raise ParsingEnded

    # Time

    def _set_clock(self) -> None:
        """Let a clock run while the other side owes us bytes: one for each head, one for each body."""
        owed = (self._number, self._in_head) if self._open else (self._number, True) if self._is_idle() else None
        if owed == self._clocked:
            return  # more bytes of the same do not set it anew
        self._clocked = owed
        if self._clock:
            self._clock.cancel()
            self._clock = None
        if owed is None:
            return
        if owed[1]:
            self._clock = self.loop.call_later(self.bounds.head_seconds, self._head_is_late)
        else:
            self._body_since, self._beats_paused = self.loop.time(), 0.0
            self._clock = self.loop.call_later(BEAT_SECONDS, self._beat)

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _head_is_late(self) -> None:
        self._clock = self._clocked = None
        if self._open:
            self._refuse(RequestTooSlow())
        elif self._is_idle():
            self._close()

    def _beat(self) -> None:
        """See whether the body comes fast enough; what we ourselves keep waiting is not counted."""
        if self.flow.read_paused:
            self._beats_paused += BEAT_SECONDS
        taken = self.loop.time() - self._body_since - self._beats_paused
        slow = self._body < sizes.LEAST_RATE * (taken - self.bounds.patience_seconds)
        if slow or taken > (DRAIN_SECONDS if self._is_idle() else self.bounds.body_seconds):
            self._refuse(RequestTooSlow())
        else:
            self._clock = self.loop.call_later(BEAT_SECONDS, self._beat)

    def _stop_clock(self) -> None:
        if self._clock:
            self._clock.cancel()
        self._clock = self._clocked = None
        self._unset_keepalive_if_required()

    # Refusing, behind the answers that are still owed

    def _refuse(self, refusal: Refusal) -> None:
        """End the connection with this answer, after those to what came before."""
        self._stop_clock()
        self.owing_since = None
        self._deaf = True
        if self._open and not self._in_head and self._drop(self.cycle):
            self._close()  # half an answer is out: nothing true can follow it
        elif self._owes_answers():
            self._refusal = refusal
        else:
            self._end_with(refusal)

    def _drop(self, own: RequestResponseCycle) -> bool:
        """Give up the request whose body is wrong; whether its answer had begun."""
        kept = [entry for entry in self.pipeline if entry[0] is not own]
        self.pipeline.clear()
        self.pipeline.extend(kept)
        own.disconnected = True
        own.message_event.set()
        return own.response_started

    def _owes_answers(self) -> bool:
        running = self._running
        return bool(self.pipeline) or not (running is None or running.response_complete or running.disconnected)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def _end_with(self, refusal: Refusal) -> None:
        REFUSED.labels(refusal.code).inc()
        self._deaf = True
        if self.transport.is_closing():
            return
        self.transport.write(_closing_answer(refusal, value_of(b"accept-language", self.headers)))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.flow.resume_reading()
        self._lingering = self.loop.call_later(LINGER_SECONDS, self.transport.abort)

    # What goes out

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._deaf:
            if self._refusal and not self._owes_answers():
                self._unset_keepalive_if_required()
                self._end_with(self._refusal)
            return
        if not self.pipeline and not self.transport.is_closing():
            self.owing_since = self.loop.time()
        if self._open and not self._in_head:
            self._body_since, self._beats_paused = self.loop.time(), 0.0  # the rest of a body nobody waits for
        if self.transport.get_write_buffer_size():
            self._watch_reader()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch_reader()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._unread and not self.transport.is_closing():
            self._unread.cancel()
            self._unread = None

    def _watch_reader(self) -> None:
        if self._unread is None:
            self._unread_bytes = self.transport.get_write_buffer_size()
            self._unread = self.loop.call_later(self.bounds.unread_seconds, self._reader_is_late)

    def _reader_is_late(self) -> None:
        self._unread = None
        left = self.transport.get_write_buffer_size()
        if not left:
            return
        if left >= self._unread_bytes:
            self.transport.abort()
        else:
            self._watch_reader()

    def timeout_keep_alive_handler(self) -> None:
        self._close()

    def _close(self) -> None:
        """Close once what is written was taken, and not wait for that for ever."""
        self._deaf, self.owing_since = True, None
        if not self.transport.is_closing():
            self.transport.close()
            if self._unread is None and self.transport.get_write_buffer_size():
                self._watch_reader()


def _meaning(broken: Exception, data: bytes) -> Refusal:
    """What a parser's error is to who sent this."""
    if isinstance(broken, httptools.HttpParserInvalidMethodError) and TOKEN.match(data):
        return UnknownMethod()
    return UnreadableRequest()


def _closing_answer(refusal: Refusal, accept_language: str | None) -> bytes:
    refusal.headers = {**STANDING_HEADERS, **refusal.headers}
    told = problem(refusal, preferred(accept_language))
    headers = b"".join(b"%s: %s\r\n" % pair for pair in told.raw_headers)
    phrase = HTTPStatus(told.status_code).phrase.encode()
    return CLOSING % (told.status_code, phrase, headers, bytes(told.body))
