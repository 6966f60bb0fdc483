"""Whatever is sent, the answer is an answer or a refusal with a code, never a failure."""

import math
from typing import Any

import orjson
from alerts.alerts.schemas import NewAlert
from contracts.alerts import AlertFilter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ABUSE = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
ODD = st.sampled_from(
    ["", " ", "\x00", "٣", "SY", "SY07", "sy07", "A" * 3000, "-1", "NaN", str(2**63), "WSH", "PRO-", "\n", "SY\n",
     "2026-01-01", "2026-01-01T00:00:00", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00+23:59", "9999-12-31T23:59:59Z",
     "0001-01-01T00:00:00+14:00", "2199-12-31T23:59:59-14:00", "1e400", "Extreme", "Update", "Cancel", "Draft",
     "35.1,36.2 1", "35.1,36.2 35.2,36.2 35.2,36.3 35.1,36.2", "a,b,c", "urn:uuid:x,2.25.1,2026-01-01T00:00:00-00:00",
     "0190a0b0-0000-7000-8000-000000000000", "Private", "Evacuate", "x,2.25.1,-", ",,", "<", "&amp;"]
)  # fmt: skip
TEXT = st.one_of(ODD, st.text(max_size=20), st.text(alphabet="0123456789,.- :TZ+", max_size=40))
NAMES = st.sampled_from([*NewAlert.model_fields, *AlertFilter.model_fields, "first", "after", "x", "ar", "en"])
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(), TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(NAMES, inner, max_size=4)),
    max_leaves=10,
)
ASKING = st.sampled_from(["secretariat", "hub", "coordinator", "member"])
PLAUSIBLE = {
    "identifier": st.one_of(TEXT, st.text(min_size=1, max_size=5)),
    "sent": TEXT,
    "expires": TEXT,
    "onset": TEXT,
    "references": st.lists(TEXT, max_size=3),
    "message_type": st.sampled_from(["Alert", "Update", "Cancel", "Ack"]),
    "status": st.sampled_from(["Actual", "Draft", "Test", "System", "?"]),
    "polygons": st.lists(TEXT, max_size=2),
    "circles": st.lists(TEXT, max_size=2),
    "areas": st.lists(TEXT, max_size=3),
    "sectors": st.lists(TEXT, max_size=3),
    "addresses": st.lists(TEXT, max_size=2),
    "scope": st.sampled_from(["Public", "Restricted", "Private"]),
    "override_reason": st.text(max_size=30),
    "restriction": TEXT,
}


def check(answer: Any) -> None:
    assert answer.status_code < 500, answer.text
    assert answer.is_success or (answer.json()["code"] and answer.headers["content-language"] == "ar")


def written(value: Any) -> bytes:
    return orjson.dumps(_writable(value))


def _writable(value: Any) -> Any:
    if isinstance(value, dict):
        return {_writable(name): _writable(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_writable(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


async def sent(alerts: Any, path: str, who: str, body: bytes) -> Any:
    headers = {**alerts.bearer(who), "Content-Type": "application/json"}
    return await alerts.door.post(path, content=body, headers=headers)


@ABUSE
@given(who=ASKING, changes=st.dictionaries(NAMES, JSON, max_size=3))
async def test_any_alert_is_issued_or_refused(alerts: Any, alert: Any, who: Any, changes: Any) -> None:
    check(await sent(alerts, "/v1/alerts", who, written({**alert(), **changes})))


@ABUSE
@given(who=ASKING, changes=st.fixed_dictionaries({}, optional=PLAUSIBLE))
async def test_any_nearly_right_alert_is_issued_or_refused(alerts: Any, alert: Any, who: Any, changes: Any) -> None:
    check(await sent(alerts, "/v1/alerts", who, written(alert(**changes))))


@ABUSE
@given(who=ASKING, asked=st.dictionaries(NAMES, TEXT, max_size=4), id=TEXT)
async def test_any_question_is_answered_or_refused(alerts: Any, who: Any, asked: Any, id: Any) -> None:
    headers = alerts.bearer(who)
    params = {name: value.encode("utf-8", "replace").decode() for name, value in asked.items()}
    check(await alerts.door.get("/v1/alerts", params=params, headers=headers))
    query = {"columns": ["id", "polygons"], "filter": params}
    check(await sent(alerts, "/internal/alerts/query", who, written(query)))


@ABUSE
@given(who=ASKING, query=JSON)
async def test_any_body_is_answered_or_refused(alerts: Any, who: Any, query: Any) -> None:
    for path in ("/v1/alerts", "/internal/alerts/query"):
        check(await sent(alerts, path, who, written(query)))


async def test_broken_bodies_are_refused(alerts: Any) -> None:
    for body in (b"", b"\xff", b'"\\ud800"', b"[" * 100_000, b'{"country":"\\ud800"}', b"null", b"1e999"):
        for path in ("/v1/alerts", "/internal/alerts/query"):
            answer = await sent(alerts, path, "secretariat", body)
            assert 400 <= answer.status_code < 500, (body[:40], answer.status_code)


WISH = {
    "country": TEXT,
    "areas": st.lists(TEXT, max_size=3),
    "sectors": st.lists(TEXT, max_size=3),
    "severities": st.lists(TEXT, max_size=3),
    "statuses": st.lists(st.sampled_from(["Actual", "Test", "Draft", "?"]), max_size=3),
    "languages": st.lists(st.sampled_from(["ar", "en", "x"]), max_size=3),
}
URLS = st.one_of(TEXT, st.builds("https://{}/{}".format, TEXT, TEXT), st.just("https://hooks.example.org/"))


@ABUSE
@given(who=ASKING, url=URLS, wish=st.one_of(JSON, st.fixed_dictionaries({}, optional=WISH)), rest=JSON)
async def test_any_subscription_is_taken_or_refused(alerts: Any, who: Any, url: Any, wish: Any, rest: Any) -> None:
    body = {**(rest if isinstance(rest, dict) else {}), "url": url, "filter": wish}
    sent = orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS)
    answer = await alerts.door.post(
        "/v1/subscriptions", content=sent, headers={**alerts.bearer(who), "Content-Type": "application/json"}
    )
    check(answer)
    if answer.is_success:
        gone = await alerts.door.delete(answer.headers["location"], headers=alerts.bearer(who))
        assert gone.status_code == 204


@ABUSE
@given(path=st.sampled_from(["", "/rotate", "/test", "/deliveries"]), id=TEXT, etag=TEXT)
async def test_any_id_version_and_cursor_is_an_answer(alerts: Any, path: Any, id: Any, etag: Any) -> None:
    safe = "".join(sign for sign in id if sign.isalnum()) or "x"
    headers = {**alerts.bearer("member"), "If-Match": etag.encode("utf-8", "surrogatepass").hex() or "*"}
    for method in ("GET", "POST", "PATCH", "DELETE"):
        answer = await alerts.door.request(
            method, f"/v1/subscriptions/{safe}{path}", params={"after": safe}, json={"state": "paused"}, headers=headers
        )
        assert answer.status_code < 500, answer.text
