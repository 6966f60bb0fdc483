"""What a review tells of a report is what its submission told, and whatever is sent as a decision gets an answer."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from testkit.small_syria import IHSAN, VIOLET

from .conftest import ServiceClient, report
from .test_reviewing import WASH, decision, review

COUNT = st.none() | st.integers(0, 100_000_000)
AMOUNT = st.decimals(0, 10**12, places=6) | st.sampled_from(["1E+3", "0E-6", "12.50", "1e-6", "0", "-0"])
PARTS = ("total", "men", "women", "boys", "girls", "age_0_4", "age_60_plus", "with_disability")
REPORT = st.fixed_dictionaries(
    {},
    optional={
        "area": st.sampled_from(["SY", "SY07", "SY0703", "SY070302", "C4126", "SY020400"]),
        "sector": st.sampled_from(["WSH", "HEA", "PRO-GBV", "SHL"]),
        "activity": st.sampled_from(["NFI kits", "خيم", "Winter heaters"]),
        "unit": st.sampled_from(["people", "جلسات", "HH", "m3"]),
        "community": st.sampled_from(["Atma camp", "مخيم أطمة"]),
        "site_name": st.text("ابتث abc", min_size=1, max_size=20),
        "people": st.fixed_dictionaries({}, optional=dict.fromkeys(PARTS, COUNT)),
        "output_value": AMOUNT.map(str),
        "start_date": st.dates().map(str),
        "population_group": st.sampled_from(["idp", "mixed", None]),
        "newly_reached": st.booleans() | st.none(),
        "implementing_organisation": st.sampled_from(["Ihsan Relief", "Nobody knows", "بنفسج"]),
        "implementing_organisation_id": st.sampled_from([str(VIOLET), str(IHSAN)]),
        "organisation": st.sampled_from(["Violet Organization", "Somebody new", "جمعية جديدة"]),
        "status": st.sampled_from(["Planned", "Completed"]),
    },
)


@given(rows=st.lists(REPORT.map(lambda fields: report(**fields)), min_size=1, max_size=40))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_a_review_tells_of_the_report_what_its_submission_told(
    service: ServiceClient, rows: list[dict[str, Any]]
) -> None:
    before = len(await service.events())
    sent = await service.post(rows, "secretariat", organisation_id=VIOLET, subject="sender")
    ids = [result["id"] for result in sent.json()["results"] if result["status"] == "created"]
    await review(
        service, [decision(id, override_reason="A test.") for id in ids] or [decision(str(VIOLET))], "secretariat"
    )
    told: dict[str, list[dict[str, Any]]] = {}
    for event in (await service.events())[before:]:
        told.setdefault(event["id"], []).append(event)
    assert set(told) == set(ids)
    for submitted, approved in told.values():
        assert approved == {**submitted, "version": 2, "stage": "approved"}


async def test_what_was_sent_in_any_notation_is_told_in_one(service: ServiceClient) -> None:
    await service.post(report(output_value=1.5e-05))
    [event] = await service.events()
    assert event["output_value"] == "0.000015"


@given(body=st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_body_gets_an_answer(service: ServiceClient, body: bytes) -> None:
    for kind in ("application/json", "application/x-ndjson"):
        headers = {**service.bearer("coordinator", **WASH), "Content-Type": kind}
        answer = await service.client.post("/v1/reviews", content=body, headers=headers)
        assert answer.status_code in (400, 422)
