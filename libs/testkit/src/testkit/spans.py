"""A small OTLP receiver: what the processes of a platform tell about their work, as trees of spans."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)


@dataclass(frozen=True)
class Span:
    """One piece of work of one process."""

    trace_id: str
    span_id: str
    parent_id: str
    links: tuple[str, ...]
    process: str
    name: str
    started_ns: int
    ended_ns: int

    @property
    def milliseconds(self) -> float:
        return (self.ended_ns - self.started_ns) / 1e6


class SpanReceiver:
    """Listens on a free port of loopback for `OTEL_EXPORTER_OTLP_ENDPOINT`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spans: list[Span] = []
        take = self._take

        class SpanHandler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                take(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
                answer = ExportTraceServiceResponse().SerializeToString()
                self.send_response(200)
                self.send_header("Content-Type", "application/x-protobuf")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), SpanHandler)
        self._server.daemon_threads = True

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def of_trace(self, trace_id: str) -> list[Span]:
        """Spans of one trace as far as they have come in, in the order of their start."""
        with self._lock:
            found = [span for span in self._spans if span.trace_id == trace_id]
        return sorted(found, key=lambda span: span.started_ns)

    def _take(self, body: bytes) -> None:
        request = ExportTraceServiceRequest.FromString(body)
        with self._lock:
            self._spans.extend(_spans(request))


def _spans(request: ExportTraceServiceRequest) -> Iterator[Span]:
    for resource in request.resource_spans:
        names = {attribute.key: attribute.value.string_value for attribute in resource.resource.attributes}
        for scope in resource.scope_spans:
            for span in scope.spans:
                yield Span(
                    span.trace_id.hex(),
                    span.span_id.hex(),
                    span.parent_span_id.hex(),
                    tuple(link.trace_id.hex() for link in span.links),
                    names.get("service.name", "?"),
                    span.name,
                    span.start_time_unix_nano,
                    span.end_time_unix_nano,
                )


def tree(spans: list[Span]) -> list[str]:
    """The spans as indented lines, each below the one that caused it."""
    known = {span.span_id for span in spans}
    lines: list[str] = []

    def write(span: Span, depth: int) -> None:
        lines.append(f"{'   ' * depth}{span.process}: {span.name}  {span.milliseconds:.1f} ms")
        for child in spans:
            if child.parent_id == span.span_id:
                write(child, depth + 1)

    for span in spans:
        if span.parent_id not in known:
            write(span, 0)
    return lines
