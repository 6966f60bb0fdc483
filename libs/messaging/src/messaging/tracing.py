"""One trace from the request that changed something to the handlers elsewhere, by W3C `traceparent`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AttributeValue

from messaging.broker import Record
from messaging.envelope import header

_propagator = TraceContextTextMapPropagator()
_tracer = trace.get_tracer("messaging")

MOST_LINKS = 100


def traceparent() -> str | None:
    """The current trace as a header's value, if there is one."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent")


@contextmanager
def handling(consumer: str, topic: str, records: Sequence[Record]) -> Iterator[None]:
    """A span for a batch: in the trace of its events when they share one, else linked to each."""
    sources = list(dict.fromkeys(value for record in records if (value := header(record.headers, "traceparent"))))
    parent = _context(sources[0]) if len(sources) == 1 else None
    links = [] if parent else [_link(source) for source in sources[:MOST_LINKS]]
    attributes: dict[str, AttributeValue] = {
        "messaging.system": "kafka",
        "messaging.operation.type": "process",
        "messaging.destination.name": topic,
        "messaging.consumer.group.name": consumer,
        "messaging.batch.message_count": len(records),
    }
    with _tracer.start_as_current_span(
        f"process {topic}", context=parent, kind=SpanKind.CONSUMER, links=links, attributes=attributes
    ):
        yield


def _context(source: str) -> Context:
    return _propagator.extract({"traceparent": source}, context=Context())


def _link(source: str) -> Link:
    return Link(trace.get_current_span(_context(source)).get_span_context())
