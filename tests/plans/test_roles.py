"""Each role on each route: who may goes through, nobody else does."""

from typing import Any

import orjson
import pytest
from plans.main import SERVICE
from runtime.access import Role
from testkit.small_syria import IHSAN, VIOLET, OpenService

CLAIMS: dict[Role, dict[str, Any]] = {
    Role.PUBLIC: {},
    Role.MEMBER: {"organisation_id": VIOLET},
    Role.COORDINATOR: {"organisation_id": IHSAN, "sectors": ["WSH"], "areas": ["SY07"]},
    Role.HUB: {"areas": ["SY07"]},
    Role.SECRETARIAT: {},
}
TARGET = {"sector": "WSH", "area": "SY07", "month": "2026-10", "people": 500}
BODIES = {"/v1/targets": TARGET, "/internal/targets/query": {"columns": ["id"], "filter": {}}}


async def ask(door: OpenService, route: tuple[str, str], headers: dict[str, str]) -> int:
    method, path = route
    [target] = (await door.client.post("/v1/targets", json=TARGET, headers=door.bearer("secretariat"))).json()[
        "results"
    ]
    body = orjson.dumps(BODIES[path]) if method == "POST" else None
    headers = {**headers, "Content-Type": "application/json"} if body else headers
    return (await door.client.request(method, path.format(id=target["id"]), content=body, headers=headers)).status_code


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("route", sorted(SERVICE.access), ids=" ".join)
async def test_a_role_gets_in_where_the_table_says_so_and_nowhere_else(
    door: OpenService, route: tuple[str, str], role: Role
) -> None:
    status = await ask(door, route, door.issuer.bearer(role, **CLAIMS[role]))
    assert status == (200 if role in SERVICE.access[route].roles else 403)


@pytest.mark.parametrize("route", sorted(SERVICE.access), ids=" ".join)
async def test_nobody_gets_in_without_a_good_token(door: OpenService, route: tuple[str, str]) -> None:
    for headers in ({}, door.issuer.bearer("member", expires_in=-60), door.issuer.bearer("member", audience="other")):
        assert await ask(door, route, headers) == 401


async def test_what_is_not_there_is_not_found(door: OpenService) -> None:
    headers = door.bearer("secretariat")
    assert (await door.client.get(f"/v1/targets/{VIOLET}", headers=headers)).status_code == 404
    assert (await door.client.get("/v1/targets/7", headers=headers)).status_code == 422


async def test_the_application_describes_itself(door: OpenService) -> None:
    document = (await door.client.get("/openapi.json")).json()
    assert set(document["paths"]) >= {path for _, path in SERVICE.access if not path.startswith("/internal")}
    assert SERVICE.name in document["info"]["title"]
