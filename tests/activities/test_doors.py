"""The table of routes, walked through: each role on each route."""

from typing import Any
from uuid import uuid4

import pytest
from activities.access import ACCESS
from activities.main import SERVICE
from activities.reports.columns import COLUMNS
from activities.reports.shape import NewReport, ReportedPeople
from contracts.sensitivity import Sensitivity, levels_of
from runtime.access import Role

from .conftest import VIOLET, Door, report

CLAIMS: dict[Role, dict[str, Any]] = {
    Role.MEMBER: {"organisation_id": VIOLET},
    Role.COORDINATOR: {"organisation_id": VIOLET, "sectors": ["WSH"], "areas": ["SY07"]},
    Role.HUB: {"areas": ["SY07"]},
    Role.SECRETARIAT: {"organisation_id": VIOLET},
}


TARGET = {"sector": "WSH", "area": "SY07", "month": "2026-10", "people": 500}


async def a_target(door: Door) -> str:
    answer = await door.client.post("/v1/targets", json=TARGET, headers=door.bearer("secretariat"))
    id: str = answer.json()["results"][0]["id"]
    return id


async def call(door: Door, method: str, path: str, headers: dict[str, str]) -> int:
    [taken] = (await door.post(report())).json()["results"]
    sent = await door.client.post(
        "/v1/uploads", content="x", headers={**door.bearer(), "Content-Type": "text/csv"}, params={}
    )
    upload = sent.json()["id"]
    ids = {"uploads": upload, "targets": await a_target(door)}
    path = path.format(id=ids.get(path.split("/")[2], taken["id"]))
    arguments: dict[str, Any] = {}
    if path == "/v1/reports" and method == "POST":
        arguments["json"] = report()
    elif path == "/v1/targets" and method == "POST":
        arguments["json"] = TARGET
    elif path == "/v1/uploads":
        arguments["content"] = "x"
        headers = {**headers, "Content-Type": "text/csv"}
    elif method == "POST":
        arguments["json"] = {"columns": ["id"], "filter": {}}
    return (await door.client.request(method, path, headers=headers, **arguments)).status_code


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PUBLIC])
@pytest.mark.parametrize(("method", "path"), sorted(ACCESS))
async def test_a_role_gets_in_where_the_table_says_so_and_nowhere_else(
    door: Door, method: str, path: str, role: Role
) -> None:
    status = await call(door, method, path, door.issuer.bearer(role, **CLAIMS[role]))
    if role in ACCESS[method, path].roles:
        # An upload is its sender's: another role of the table gets the same answer as for one that is not there.
        assert status < 300 or (status == 404 and "uploads" in path and role is Role.COORDINATOR)
    else:
        assert status == 403


@pytest.mark.parametrize(("method", "path"), sorted(ACCESS))
async def test_nobody_gets_in_without_a_token_or_with_a_public_one(door: Door, method: str, path: str) -> None:
    assert await call(door, method, path, {}) == 401
    assert await call(door, method, path, door.issuer.bearer("public")) == 403
    assert await call(door, method, path, door.issuer.bearer("member", expires_in=-60)) == 401
    assert await call(door, method, path, door.issuer.bearer("member", audience="other")) == 401


async def test_what_is_not_there_is_not_found(door: Door) -> None:
    for path in ("/v1/reports", "/v1/uploads", "/v1/targets"):
        assert (await door.client.get(f"{path}/{uuid4()}", headers=door.bearer("secretariat"))).status_code == 404
        assert (await door.client.get(f"{path}/7", headers=door.bearer("secretariat"))).status_code == 422


def test_every_field_says_how_sensitive_it_is() -> None:
    levels = levels_of(NewReport)
    levels_of(ReportedPeople)
    for name in ("latitude", "longitude", "site_name", "community", "neighbourhood", "comments", "external_id"):
        assert levels[name] == Sensitivity.HIGH
    assert {name: column.level for name, column in COLUMNS.items() if name in levels} == {
        name: level for name, level in levels.items() if name in COLUMNS
    }


async def test_the_application_describes_itself(door: Door) -> None:
    document = (await door.client.get("/openapi.json")).json()
    assert set(document["paths"]) >= {path for _, path in ACCESS if not path.startswith("/internal")}
    assert SERVICE.name in document["info"]["title"]
