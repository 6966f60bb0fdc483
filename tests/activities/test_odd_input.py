"""Whatever can be sent is taken or refused with a reason: never an error of ours."""

import time
from typing import Any

import httpx2
import orjson
import pytest
from activities.main import SERVICE
from activities.reports.schemas import NewReport, ReportedPeople
from contracts.reports import ReportFilter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import ServiceClient, report
from .test_uploading import HXL, send, taken

ODD_TEXTS = [
    "", " ", "\x00", "a\x00b", "\x1f", "\u202eabc", "\u2028", "x" * 301, "x" * 6000, "e\u0301", "İ", "𝟙", "١٢٣", "۷",
    "-1", "+5", " 5 ", "1_000", "0x10", "1e400", "NaN", "Infinity", "5.0", "2147483648", "9" * 400, "-0", "1e-400",
    "2026-10", "2026-13", "0000-01", "9999-12", "0001-01-01", "9999-12-31", "10000-01-01", "1970-01-01T00:00:00Z",
    "SY", "sy07", "SY070302", "C4126", "/", " / ", "|", "WSH", "PRO-GBV", "Presence:", ":", "_OP", "[]", "{}", "null",
    "00000000-0000-7000-8000-000000000001", "Completed", "wsh_ind_1", "%", "'; --", "\\", "\u200f", "\ufeff",
]  # fmt: skip
ODD_VALUES: list[Any] = [
    *ODD_TEXTS, None, True, False, 0, -1, 1.5, 0.1, -0.0, 1e308, 5e-324, 2**31, 2**63, 10**30, -(10**30), 253402300800,
    [], {}, [[]], [None], [""], ["\x1f"], ["a", "\x00"], ["a"] * 21, ["x" * 400], [{}], {"": 1}, {"a": 1}, {"\x00": 1},
    {"x": -1}, {"x": "1e999999"}, {"x": True}, {"x": None}, {"x" * 200: 1}, {"total": 10**20}, {"total": "5"},
    {"total": "٥"}, {"total": [1]}, {"total": {}}, {"a": {"a": {"a": [[[]]]}}},
]  # fmt: skip
FIELDS = [*NewReport.model_fields, *(f"people.{part}" for part in ReportedPeople.model_fields)]


def with_value(field: str, value: Any) -> dict[str, Any]:
    part = field.removeprefix("people.")
    return {**report(), "people": {part: value}} if field.startswith("people.") else {**report(), field: value}


@pytest.mark.parametrize("role", ["member", "secretariat"])
async def test_any_value_of_any_field_is_taken_or_refused_for_its_row(service: ServiceClient, role: str) -> None:
    for field in FIELDS:
        rows = [with_value(field, value) for value in ODD_VALUES]
        answer = await service.post(rows, role)
        assert answer.status_code in (200, 207, 422), (field, answer.text)
        results = answer.json()["results"]
        assert [result["row"] for result in results] == list(range(1, len(rows) + 1))
        assert all((result["status"] == "rejected") == bool(result["errors"]) for result in results)
    await service.events()


@pytest.mark.parametrize("path", ["/v1/reports", "/internal/reports/query"])
async def test_any_filter_finds_something_or_is_refused(service: ServiceClient, path: str) -> None:
    await service.post(report())
    for name in (*ReportFilter.model_fields, "first", "after"):
        for value in ODD_TEXTS:
            answer = await ask(service, path, name, value)
            assert answer.status_code in (200, 400, 422), (name, value, answer.text)


async def ask(service: ServiceClient, path: str, name: str, value: str) -> httpx2.Response:
    if path == "/v1/reports":
        return await service.client.get(path, params={name: value}, headers=service.bearer("secretariat"))
    body: dict[str, Any] = {"columns": ["id"], "filter": {}}
    (body if name in ("first", "after") else body["filter"])[name] = value
    return await service.client.post(path, json=body, headers=service.bearer("secretariat"))


@pytest.mark.parametrize("content_type", ["application/json", "application/x-ndjson"])
@given(body=st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_body_is_answered(service: ServiceClient, content_type: str, body: bytes) -> None:
    headers = {**service.bearer(), "Content-Type": content_type}
    answer = await service.client.post("/v1/reports", content=body, headers=headers)
    assert answer.status_code in (200, 207, 400, 422)
    assert orjson.loads(answer.content)


CELLS = st.sampled_from(ODD_TEXTS) | st.text(max_size=20)


@given(rows=st.lists(st.lists(CELLS, min_size=5, max_size=5), min_size=1, max_size=20))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_cells_of_a_file_are_taken_or_refused_for_their_row(
    service: ServiceClient, rows: list[list[str]]
) -> None:
    lines = [",".join(cells) for cells in rows]
    state = await taken(service, (HXL + "\n".join(lines)).encode(errors="surrogateescape"))
    assert state["state"] == "done"
    assert state["counts"]["rows"] == state["counts"]["accepted"] + state["counts"]["rejected"]


NO_TABLE = (
    *("no_headings", "not_a_table", "empty_file", "file_is_a_web_page", "malformed_json", "broken_workbook"),
    "encoding_not_understood",
)


@given(content=st.binary(min_size=1, max_size=400) | st.binary(max_size=200).map(lambda tail: HXL.encode() + tail))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_bytes_are_read_or_said_to_be_no_table(service: ServiceClient, content: bytes) -> None:
    state = await taken(service, content)
    assert state["state"] == "done" or state["failure"]["code"] in NO_TABLE


BOUNDARIES = st.sampled_from(["x", '"x"', "", "x" * 201, '"', "--"])
DISPOSITION = b"Content-Disposition: form-data"
PIECES = st.lists(
    st.sampled_from([b"--x\r\n", b"--x--", b"\r\n", b"\n", b": ", b"a,b\r\n1,2", b"2026-10", b"\x00", b"\xff\xfe"])
    | st.sampled_from([b"", b'; name="file"', b'; name="month"', b"; name*=utf-8''%ff"]).map(DISPOSITION.__add__)
    | st.sampled_from([b"X" * 3000, b"X: " + b"y" * 9000]),
    max_size=12,
)


@given(boundary=BOUNDARIES, pieces=PIECES)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_multipart_body_is_answered(service: ServiceClient, boundary: str, pieces: list[bytes]) -> None:
    headers = {**service.bearer(), "Content-Type": f"multipart/form-data; boundary={boundary}"}
    answer = await service.client.post("/v1/uploads", content=b"".join(pieces), headers=headers)
    assert answer.status_code in (202, 400, 422)


@pytest.mark.parametrize(("method", "path"), sorted(SERVICE.access))
async def test_any_content_type_and_any_address_are_answered(service: ServiceClient, method: str, path: str) -> None:
    for kind in ("", "application/json", "application/json;;;", "text/csv; charset=utf-16", "multipart/form-data", "/"):
        for id in ("%00", "x", "%ff", "..%2f", "00000000-0000-0000-0000-00000000000g"):
            address = path.replace("{id}", id)
            headers = {**service.bearer("secretariat"), "Content-Type": kind, "Idempotency-Key": "k" * 201}
            answer = await service.client.request(method, address, content=b"{", headers=headers)
            assert 400 <= answer.status_code < 500 or (method == "GET" and answer.status_code == 200)


async def test_a_form_that_cannot_be_kept_is_refused(service: ServiceClient) -> None:
    for name in ("country", "month", "sector", "organisation", "language"):
        answer = await send(service, HXL, **{name: "x\x00"})
        assert answer.status_code == 422, (name, answer.text)


@pytest.mark.parametrize("ndjson", [True, False])
async def test_many_bad_rows_are_each_given_a_reason_and_no_long_answer(service: ServiceClient, ndjson: bool) -> None:
    bad = {f"unknown_{number}": 1 for number in range(90)} | {"donors": [0] * 100, "sectors": [0] * 100}
    lines = [orjson.dumps(bad)] * 10_000
    body = b"\n".join(lines) if ndjson else b"[" + b",".join(lines) + b"]"
    kind = "application/x-ndjson" if ndjson else "application/json"
    answer = await service.client.post("/v1/reports", content=body, headers={**service.bearer(), "Content-Type": kind})
    assert answer.status_code == 422
    assert len(answer.content) < 5_000_000
    told = answer.json()
    assert (told["rejected"], len(told["results"])) == (10_000, 10_000)
    assert all(result["errors"] for result in told["results"])
    counts = told["problem_counts"]
    assert counts["total"] == sum(counts["by_code"].values()) == 200_000
    assert counts["listed"] == sum(len(result["errors"]) for result in told["results"]) < 12_000


async def test_few_bad_rows_are_told_whole(service: ServiceClient) -> None:
    answer = await service.post([{"unknown": 1}, {"unknown": 2}])
    assert "problem_counts" not in answer.json()
    assert all(len(result["errors"]) > 1 for result in answer.json()["results"])


@pytest.mark.parametrize(
    "part",
    [
        b"Content-Disposition: form-data; name=file\r\n" * 100_000,
        b"X: y\r\n" * 1_000_000,
        b"X" * 5_000_000,
        b"Content-Disposition: form-data; name=" + b"y" * 5_000_000,
    ],
    ids=["one header many times", "many headers", "a long name", "a long value"],
)
async def test_a_part_of_many_headers_is_refused_at_once(service: ServiceClient, part: bytes) -> None:
    headers = {**service.bearer(), "Content-Type": "multipart/form-data; boundary=b"}
    started = time.monotonic()
    answer = await service.client.post("/v1/uploads", content=b"--b\r\n" + part, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_multipart")
    assert time.monotonic() - started < 10


async def test_thousands_of_parts_are_refused(service: ServiceClient) -> None:
    parts = b"".join(
        b'--b\r\nContent-Disposition: form-data; name="f%d"\r\n\r\nx\r\n' % number for number in range(5000)
    )
    headers = {**service.bearer(), "Content-Type": "multipart/form-data; boundary=b"}
    answer = await service.client.post("/v1/uploads", content=parts + b"--b--\r\n", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_multipart")
