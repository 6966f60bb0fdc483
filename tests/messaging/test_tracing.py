"""One trace from the request to the handler."""

from collections.abc import Sequence

import pytest
from contracts.codes import ScopeChanged
from database import Transaction
from messaging import tracing
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanContext, TraceFlags

from tests.messaging.messaging_stage import Stage, on_scope_changed, scope


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "_tracer", provider.get_tracer("test"))
    return exporter


def a_request(number: int) -> trace.Span:
    return trace.NonRecordingSpan(SpanContext(0xABC0 + number, 0xDEF0 + number, False, TraceFlags(1)))


async def test_one_trace_leads_from_the_request_to_the_handler(stage: Stage, spans: InMemorySpanExporter) -> None:
    seen: list[int] = []

    async def on_scope(tx: Transaction, batch: Sequence[ScopeChanged]) -> None:
        seen.append(trace.get_current_span().get_span_context().trace_id)
        await on_scope_changed(tx, batch)

    async with stage.running(stage.relay(), consumer := stage.consumer("x", {ScopeChanged: on_scope})):
        with trace.use_span(a_request(1)):
            await stage.change(scope, "SY")
        (record,) = await stage.arrive(ScopeChanged.topic, lambda found: len(found) == 1)
        await consumer.caught_up()
    assert record.headers["traceparent"].split("-")[1] == f"{0xABC1:032x}"
    assert seen == [0xABC1]
    (span,) = [span for span in spans.get_finished_spans() if span.attributes]
    assert span.parent is not None
    assert (span.parent.span_id, span.links) == (0xDEF1, ())


async def test_a_batch_of_several_requests_is_linked_to_each(stage: Stage, spans: InMemorySpanExporter) -> None:
    for number in (1, 2):
        with trace.use_span(a_request(number)):
            await stage.change(scope, "SY")
    await stage.change(scope, "SY")
    async with stage.running(stage.relay()):
        await stage.arrive(ScopeChanged.topic, lambda found: len(found) == 3)
        async with stage.running(consumer := stage.consumer("x", {ScopeChanged: on_scope_changed})):
            await consumer.caught_up()
    (span,) = [span for span in spans.get_finished_spans() if span.attributes]
    assert {link.context.trace_id for link in span.links} == {0xABC1, 0xABC2}
