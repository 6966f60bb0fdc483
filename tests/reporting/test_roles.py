"""Each role on each route of reporting: who may goes through, nobody else does."""

from typing import Any

import httpx2
import pytest
from reporting.main import SERVICE
from runtime.access import Role
from testkit.walking import requests_of

CASES = requests_of(SERVICE)
CLAIMS: dict[Role, dict[str, Any]] = {
    Role.COORDINATOR: {"sectors": ["WSH"], "areas": ["SY07"]},
    Role.HUB: {"areas": ["SY07"]},
}


async def ask(reporting: Any, route: tuple[str, str], headers: dict[str, str]) -> httpx2.Response:
    asked = CASES[route]
    answer: httpx2.Response = await reporting.door.request(asked.method, asked.path, json=asked.body, headers=headers)
    return answer


@pytest.mark.parametrize("route", CASES, ids=" ".join)
async def test_roles_of_the_table_get_an_answer_and_no_other(reporting: Any, route: tuple[str, str]) -> None:
    for role in Role:
        answer = await ask(reporting, route, reporting.issuer.bearer(role, **CLAIMS.get(role, {})))
        if role in SERVICE.access[route].roles:
            assert answer.status_code == 200, (role, answer.text)
            assert {"as_of", "rebuilding"} <= set(answer.json())
        else:
            assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted"), role
    nobody = await ask(reporting, route, {})
    assert (nobody.status_code, nobody.json()["code"]) == (401, "missing_token")
    expired = await ask(reporting, route, reporting.issuer.bearer(Role.SECRETARIAT, expires_in=-60))
    assert expired.status_code == 401


@pytest.mark.parametrize("route", [route for route in CASES if route[0] == "POST"], ids=" ".join)
async def test_a_column_nobody_knows_is_refused(reporting: Any, route: tuple[str, str]) -> None:
    headers = reporting.issuer.bearer(Role.SECRETARIAT)
    answer = await reporting.door.post(route[1], json={"columns": ["path"], "filter": {}}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_column")
