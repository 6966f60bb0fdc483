"""A subscriber of the demo's: receives alerts by webhook on this machine, and verifies that they are the platform's."""

import asyncio
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

LARGEST = 256 * 1024


@dataclass(frozen=True)
class VerifiedDelivery:
    """A delivery that was verified."""

    id: str
    """The delivery's: the same at each attempt."""
    content: dict[str, Any]
    at: float
    """`time.monotonic()`."""


@dataclass
class Receiver:
    """Where a subscription delivers to; `secret` is the subscription's, known once it is made."""

    url: str
    secret: str = ""
    refused: int = 0
    _arrived: "queue.SimpleQueue[VerifiedDelivery]" = field(default_factory=queue.SimpleQueue)

    async def next(self, *, seconds: float) -> VerifiedDelivery:
        """The next verified delivery. Raises `queue.Empty` after `seconds`."""
        return await asyncio.to_thread(self._arrived.get, True, seconds)

    def take(self, headers: dict[str, str], body: bytes) -> HTTPStatus:
        """Keep the delivery if it is signed with the subscription's secret."""
        try:
            content = Webhook(self.secret).verify(body, headers)
        except (WebhookVerificationError, ValueError):
            self.refused += 1
            return HTTPStatus.UNAUTHORIZED
        self._arrived.put(VerifiedDelivery(headers["webhook-id"], content, time.monotonic()))
        return HTTPStatus.NO_CONTENT


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver on a free port of the loopback interface."""
    receiver = Receiver("")

    class WebhookHandler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = min(int(self.headers.get("Content-Length", "0")), LARGEST)
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.send_response(receiver.take(headers, self.rfile.read(length)))
            self.end_headers()

        def log_message(self, format: str, *arguments: Any) -> None:
            """Standard error is for the steps of the demo."""

    with ThreadingHTTPServer(("127.0.0.1", 0), WebhookHandler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_address[1]}/alerts"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield receiver
        finally:
            server.shutdown()
