"""One trace from the HTTP request to the cell, through every process that had a hand in it."""

import secrets
from collections.abc import Sequence

import orjson
from client.transport import Call
from testkit.journeys import PlatformClients, eventually
from testkit.spans import Span, SpanReceiver, tree

CHAIN = ("gateway-api", "activities-api", "reporting-worker")


async def test_a_pushed_report_is_one_trace_up_to_the_cell(clients: PlatformClients, spans: SpanReceiver) -> None:
    trace_id = secrets.token_hex(16)
    row = {
        "external_id": f"trace-{trace_id}",
        "sector": "WSH",
        "area": "SY020000",
        "month": "2025-04",
        "status": "Completed",
        "people": {"total": 10},
    }
    headers = {"Content-Type": "application/json", "traceparent": f"00-{trace_id}-{secrets.token_hex(8)}-01"}
    call = Call("POST", "/api/activities/v1/reports", orjson.dumps(row), headers=headers)
    assert (await clients.member.session.ask_json(call))["accepted"] == 1

    async def come_in() -> Sequence[Span]:
        return spans.of_trace(trace_id)

    found = await eventually(come_in, lambda found: {span.process for span in found} >= set(CHAIN))
    print("\n" + "\n".join(tree(list(found))))
    assert {span.trace_id for span in found} == {trace_id}
    known = {span.span_id for span in found}
    assert [span.process for span in found if span.parent_id not in known] == ["gateway-api"]
    (handled,) = [span for span in found if span.process == "reporting-worker"]
    assert handled.name == "process tansiq.activities.reports"
