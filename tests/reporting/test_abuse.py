"""Whatever is sent, the answer is an answer or a refusal with a code, never a failure."""

from typing import Any

import orjson
from contracts.figures import CoverageFilter, PresenceFilter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ABUSE = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
ODD = st.sampled_from(
    ["", " ", "\x00", "\ud800", "٣", "2026-3", "2026-00", "9999-12", "0000-01", "SY", "SY07", "sy07", "SY070004'--",
     "SY-_", "A" * 30, "A" * 31, "A" * 3000, "-1", "0", "3", "4", "1e3", "NaN", "true", "none", str(2**31), str(2**63),
     "9" * 5000, "PRO", "PRO-", "all", "each", "[]", "{}", "%00", "\n", "SY\n", "2026-03\n", "PRO\n"]
)  # fmt: skip
TEXT = st.one_of(ODD, st.text(max_size=20), st.text(alphabet="SYPRO0123-_.", max_size=12))
NAMES = st.one_of(st.sampled_from([*CoverageFilter.model_fields, *PresenceFilter.model_fields, "first", "after", "x"]))
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.one_of(NAMES, TEXT), inner, max_size=4)),
    max_leaves=12,
)
PATHS = st.sampled_from(["coverage", "presence"])
ROLES = st.sampled_from(["secretariat", "hub", "coordinator", "member"])


def check(answer: Any) -> None:
    assert answer.status_code < 500, answer.text
    assert answer.status_code == 200 or (answer.json()["code"] and answer.headers["content-language"] == "ar")


def as_query(value: str) -> str:
    return value.encode("utf-8", "surrogatepass").decode("latin-1")


@ABUSE
@given(path=PATHS, role=ROLES, asked=st.dictionaries(NAMES, TEXT, max_size=4))
async def test_any_question_is_answered_or_refused(reporting: Any, path: Any, role: Any, asked: Any) -> None:
    check(await reporting.ask(f"/v1/{path}", role, areas=["SY07"], sectors=["WSH"],
                              **{name: as_query(value) for name, value in asked.items()}))  # fmt: skip


@ABUSE
@given(
    path=PATHS,
    role=ROLES,
    query=st.one_of(
        JSON,
        st.fixed_dictionaries(
            {"columns": st.one_of(JSON, st.just(["area"])), "filter": st.dictionaries(NAMES, JSON, max_size=4)},
            optional={"first": JSON, "after": TEXT},
        ),
    ),
)
async def test_any_query_of_the_gateway_is_answered_or_refused(
    reporting: Any, path: Any, role: Any, query: Any
) -> None:
    body = orjson.dumps(_ascii(query), option=orjson.OPT_NON_STR_KEYS)
    headers = {**reporting.issuer.bearer(role, areas=["SY07"]), "Content-Type": "application/json"}
    check(await reporting.door.post(f"/internal/{path}/query", content=body, headers=headers))


def _ascii(value: Any) -> Any:
    """What orjson can write; lone surrogates go by a test of their own."""
    if isinstance(value, dict):
        return {str(_ascii(name)): _ascii(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_ascii(inner) for inner in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**63:
        return float(value)
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


async def test_broken_bodies_are_refused(reporting: Any) -> None:
    headers = {**reporting.issuer.bearer("secretariat"), "Content-Type": "application/json"}
    for body in (b"", b"\xff", b'"\\ud800"', b"[" * 100_000, b'{"columns":["\\ud800"],"filter":{}}', b"null", b"1e999",
                 b'{"columns":["area"],"filter":{"level":' + b"9" * 5000 + b"}}"):  # fmt: skip
        for path in ("coverage", "presence"):
            answer = await reporting.door.post(f"/internal/{path}/query", content=body, headers=headers)
            assert 400 <= answer.status_code < 500, (body[:40], answer.status_code)


async def test_cursors_of_other_lists_and_damaged_ones_are_refused(reporting: Any, report: Any) -> None:
    await reporting.hear(report("a"), report("b", month="2026-04"), report("c", sector="EDU"))
    good = (await reporting.ask("/v1/coverage", first=1)).json()["next"]
    for path, after in (("presence", good), ("coverage", good[:-2]), ("coverage", f"{good}AA"), ("coverage", "ً"),
                        ("coverage", "A" * 2000), ("coverage", "="), ("coverage", good.lower())):  # fmt: skip
        answer = await reporting.ask(f"/v1/{path}", after=after)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor"), after
