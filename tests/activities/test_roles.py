"""Each role on commands and single rows: who may goes through. `tests/house` walks every route with less in it."""

import csv
import io
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from activities.main import SERVICE
from runtime.access import Extent, Role
from testkit.small_syria import APPLIED, IHSAN, VIOLET

from .conftest import ServiceClient, report

CLAIMS: dict[Role, dict[str, Any]] = {
    Role.PUBLIC: {},
    Role.MEMBER: {"organisation_id": VIOLET, "subject": "violet-system"},
    Role.COORDINATOR: {
        "organisation_id": IHSAN,
        "subject": "wash-coordinator",
        "sectors": ["WSH"],
        "areas": ["SY07"],
    },
    Role.HUB: {"areas": ["SY07"]},
    Role.SECRETARIAT: {},
}
JSON = {"Content-Type": "application/json"}
CSV = {"Content-Type": "text/csv"}


def sheet() -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([["sector", "adm3", "month", "status"], ["WSH", "SY070302", "2026-10", "Completed"]])
    return text.getvalue().encode()


def decision(ids: dict[str, Any]) -> bytes:
    return orjson.dumps({"report_id": ids["report"], "version": ids["version"], "decision": "approved",
                         "override_reason": "The group has no coordinator this month."})  # fmt: skip


Body = Callable[[dict[str, Any]], bytes]
CASES: dict[tuple[str, str], tuple[str, Body | None, dict[str, str]]] = {
    ("POST", "/v1/reports"): ("/v1/reports", lambda _: orjson.dumps(report(organisation_id=str(VIOLET))), JSON),
    ("GET", "/v1/reports/{id}"): ("/v1/reports/{report}", None, {}),
    ("GET", "/v1/reports/{id}/versions"): ("/v1/reports/{report}/versions", None, {}),
    ("POST", "/v1/reports/{id}/submit"): ("/v1/reports/{returned}/submit", lambda _: b"{}", {**JSON, "If-Match": "*"}),
    ("POST", "/v1/reports/{id}/sensitivity"): (
        "/v1/reports/{report}/sensitivity",
        lambda _: orjson.dumps({"sensitivity": "high", "reason": "A shelter nobody is to find"}),
        {**JSON, "If-Match": "*"},
    ),
    ("POST", "/v1/reports/{id}/contest"): (
        "/v1/reports/{named}/contest",
        lambda _: orjson.dumps({"reason": "We never worked there."}),
        {**JSON, "If-Match": "*"},
    ),
    ("POST", "/v1/reports/{id}/contest/settle"): (
        "/v1/reports/{contested}/contest/settle",
        lambda _: orjson.dumps({"decision": "upheld", "reason": "They never worked there."}),
        {**JSON, "If-Match": "*"},
    ),
    ("POST", "/v1/reports/{id}/withdraw"): (
        "/v1/reports/{sent}/withdraw",
        lambda _: orjson.dumps({"reason": "Counted twice."}),
        {**JSON, "If-Match": "*"},
    ),
    ("POST", "/v1/reports/{id}/restore"): ("/v1/reports/{sent}/restore", lambda _: b"{}", {**JSON, "If-Match": "*"}),
    ("POST", "/v1/reviews"): ("/v1/reviews", decision, JSON),
    ("POST", "/internal/report-versions/query"): (
        "/internal/report-versions/query",
        lambda ids: orjson.dumps({"columns": ["version", "report"], "filter": {"report": ids["report"]}}),
        JSON,
    ),
    ("POST", "/v1/uploads"): ("/v1/uploads", lambda _: sheet(), CSV),
    ("GET", "/v1/uploads/{id}"): ("/v1/uploads/{upload}", None, {}),
    ("POST", "/v1/uploads/{id}/withdraw"): (
        "/v1/uploads/{read}/withdraw",
        lambda _: orjson.dumps({"reason": "The wrong month."}),
        JSON,
    ),
    ("POST", "/v1/uploads/{id}/restore"): ("/v1/uploads/{withdrawn}/restore", lambda _: b"", JSON),
    ("POST", "/v1/uploads/{id}/replace"): (
        "/v1/uploads/{read}/replace",
        lambda _: orjson.dumps({"reason": "Corrected by the field office.", "missing": 0}),
        JSON,
    ),
    ("GET", "/v1/uploads/{id}/problems"): ("/v1/uploads/{upload}/problems", None, {}),
}


async def laid_out(service: ServiceClient, role: Role) -> dict[str, Any]:
    """A report, a returned one, and a file that this role sent where it may send one."""
    first, second = (await service.post([report(), report()])).json()["results"]
    returned = {"report_id": second["id"], "version": 1, "decision": "returned", "comment": "Which camp?"}
    headers = service.bearer("coordinator", **CLAIMS[Role.COORDINATOR])
    assert (await service.client.post("/v1/reviews", json=returned, headers=headers)).status_code == 200
    sender = role if role in SERVICE.access["POST", "/v1/uploads"].roles else Role.MEMBER
    sent = await service.client.post(
        "/v1/uploads", content=sheet(), headers={**service.bearer(sender, **CLAIMS[sender]), **CSV}
    )
    ids = {"upload": sent.json()["id"]}
    ids |= await to_take_back(service, sender)
    return {"report": first["id"], "version": 1, "returned": second["id"], **ids, **await naming(service, role)}


async def to_take_back(service: ServiceClient, sender: Role) -> dict[str, str]:
    """A report that this role sent, and two files that were read, of which one was withdrawn."""
    [sent] = (await service.post(report(organisation_id=str(VIOLET)), sender, **CLAIMS[sender])).json()["results"]
    headers = {**service.bearer(sender, **CLAIMS[sender])}
    files = [
        (await service.client.post(f"/v1/uploads?{asked}", content=sheet(), headers={**headers, **CSV})).json()["id"]
        for asked in ("replaces=true", "")
    ]
    async with service.database.transaction() as tx:
        await tx.execute("update upload set state = 'done' where id = any($1::uuid[])", files)
    said = {"reason": "The wrong month."}
    answer = await service.client.post(f"/v1/uploads/{files[1]}/withdraw", json=said, headers=headers)
    assert answer.status_code == 200, answer.text
    return {"sent": sent["id"], "read": files[0], "withdrawn": files[1]}


async def naming(service: ServiceClient, role: Role) -> dict[str, str]:
    """A report that names this role's organisation as its implementer, and one that a third one contests."""
    by, of = (VIOLET, IHSAN) if role is Role.COORDINATOR else (IHSAN, VIOLET)
    named = await service.post(report(implementing_organisation_id=str(of)), organisation_id=by, subject="sender")
    other = await service.post(report(implementing_organisation_id=str(APPLIED)))
    [named_id], [contested] = ([result["id"] for result in answer.json()["results"]] for answer in (named, other))
    said = {"reason": "We never worked there."}
    third = {**service.bearer("member", organisation_id=APPLIED, subject="new-hope"), "If-Match": "*"}
    answer = await service.client.post(f"/v1/reports/{contested}/contest", json=said, headers=third)
    assert answer.status_code == 200, answer.text
    return {"named": named_id, "contested": contested}


async def ask(service: ServiceClient, route: tuple[str, str], ids: dict[str, Any], headers: dict[str, str]) -> int:
    path, body, more = CASES[route]
    answer = await service.client.request(
        route[0], path.format(**ids), content=body(ids) if body else None, headers={**headers, **more}
    )
    return answer.status_code


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("route", sorted(CASES), ids=" ".join)
async def test_a_role_gets_in_where_the_table_says_so_and_nowhere_else(
    service: ServiceClient, route: tuple[str, str], role: Role
) -> None:
    ids = await laid_out(service, role)
    status = await ask(service, route, ids, service.issuer.bearer(role, **CLAIMS[role]))
    assert status in ({200, 202} if role in SERVICE.access[route].roles else {403})


@pytest.mark.parametrize("route", sorted(CASES), ids=" ".join)
async def test_nobody_gets_in_without_a_good_token(service: ServiceClient, route: tuple[str, str]) -> None:
    ids = await laid_out(service, Role.MEMBER)
    for headers in (
        {},
        service.issuer.bearer("member", expires_in=-60),
        service.issuer.bearer("member", audience="other"),
    ):
        assert await ask(service, route, ids, headers) == 401


def test_only_working_groups_and_the_secretariat_review() -> None:
    assert SERVICE.access["POST", "/v1/reviews"].roles == {Role.COORDINATOR: Extent.SCOPE, Role.SECRETARIAT: Extent.ANY}
