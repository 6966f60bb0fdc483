"""Every door that takes an instant, a day or a month, at its ends: refused by name, never a failure of ours."""

from functools import partial
from typing import Any

import pytest
from activities.reports.schemas import NewReport
from contracts.instants import last_reported
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from runtime.problems import Refusal
from runtime.validation import invalid
from tables.dates import read_date
from tables.months import read_month

from .conftest import ServiceClient, report

INSTANTS = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "infinity", "2026-06-30T23:59:60Z", "0", "2026")
DAYS = ("0000-01-01", "-4712-01-01", "10000-01-01", "infinity", "86400", "2026-02-30")
MONTHS = ("0000-01", "0001-01", "9999-12", "2026-13", "10000-01", "-001-01", "infinity")


@pytest.mark.parametrize("value", INSTANTS)
async def test_updated_since(service: ServiceClient, value: str) -> None:
    listed = await service.client.get("/v1/reports", params={"updated_since": value}, headers=service.bearer())
    question = {"columns": ["id"], "filter": {"updated_since": value}}
    asked = await service.client.post("/internal/reports/query", json=question, headers=service.bearer())
    for answer in (listed, asked):
        [error] = answer.json()["errors"]
        assert (answer.status_code, error["code"]) in (
            (422, "instant_out_of_range"),
            (422, "not_an_instant"),
        ), answer.text


@pytest.mark.parametrize("value", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"])
async def test_the_ends_themselves_can_be_asked_for(service: ServiceClient, value: str) -> None:
    answer = await service.client.get("/v1/reports", params={"updated_since": value}, headers=service.bearer())
    assert (answer.status_code, answer.json()["items"]) == (200, [])


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        *(("start_date", day, "not_a_date") for day in (*sorted({*DAYS} - {"infinity"}), 86400)),
        *(("month", month, None) for month in MONTHS),
    ],
)
async def test_rows(service: ServiceClient, field: str, value: Any, code: str | None) -> None:
    answer = await service.post(report(**{field: value}))
    assert answer.status_code == 422, answer.text
    [error] = answer.json()["results"][0]["errors"]
    assert error["field"] == field
    assert error["code"] in ((code,) if code else ("month_out_of_range", "wrong_form"))


async def test_a_report_over_the_whole_window_is_kept_and_read(service: ServiceClient) -> None:
    start, end = "2011-01-01", f"{last_reported()}-31"
    [taken] = (await service.post(report(start_date=start, end_date=end))).json()["results"]
    read = await service.client.get(f"/v1/reports/{taken['id']}", headers=service.bearer())
    assert (read.json()["start_date"], read.json()["end_date"]) == (start, end)


@pytest.mark.parametrize("month", MONTHS)
async def test_forms(service: ServiceClient, month: str) -> None:
    headers = service.bearer("secretariat")
    answer = await service.client.post(
        "/v1/uploads", params={"month": month}, content=b"x", headers={**headers, "Content-Type": "text/csv"}
    )
    assert answer.status_code == 422, answer.text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="0123456789-+:TZ. ", max_size=30) | st.datetimes().map(lambda moment: moment.isoformat()))
async def test_any_text_for_an_instant_or_a_day(service: ServiceClient, text: str) -> None:
    listed = await service.client.get("/v1/reports", params={"updated_since": text}, headers=service.bearer())
    assert listed.status_code in (200, 422)
    sent = await service.post(report(start_date=text or "x"))
    assert sent.status_code in (200, 422)


CELL = st.text(alphabet="0123456789/-. ٠١٢٣٤٥٦٧٨٩'آذارMarch", max_size=14)
SERIALS = st.integers(-10, 10**7).map(str)


@given(CELL | SERIALS, st.none() | st.sampled_from(["2026-03", "2199-12"]))
def test_any_cell_of_a_file_is_a_month_a_day_or_refused(text: str, form_month: str | None) -> None:
    flags: dict[str, None] = {}
    for read in (partial(read_month, text, form_month, flags), partial(read_date, text, flags)):
        try:
            found = read()
        except Refusal:
            continue
        for field in ("month", "start_date"):
            row = {**report(), field: found}
            try:
                NewReport.model_validate({**row, "country": "SY"})
            except ValidationError as refused:
                invalid(refused.errors(), skip=0)
