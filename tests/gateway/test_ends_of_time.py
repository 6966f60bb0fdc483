"""Instants at their ends through the whole door: in GraphQL, as parameters and in bodies, refused by name."""

from typing import Any

import pytest
from runtime.access import Role

from .conftest import ORGANISATION
from .test_services import ALERT, Platform
from .test_services import platform as platform

BEYOND = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00")
NONE = ("infinity", "2026-06-30T23:59:60Z", "0", "2026", "2026-01-01", "-0001-01-01T00:00:00Z", "2026-01-01T00:00:00")
ROOTS = {"reports": "updatedSince", "alerts": "sentSince"}


@pytest.mark.parametrize("value", [*BEYOND, *NONE])
@pytest.mark.parametrize("root", ROOTS)
async def test_in_graphql(platform: Platform, root: str, value: str) -> None:
    for text, variables in (
        (f'{{ {root}(filter: {{{ROOTS[root]}: "{value}"}}) {{ nodes {{ id }} }} }}', {}),
        (f"query ($at: DateTime) {{ {root}(filter: {{{ROOTS[root]}: $at}}) {{ nodes {{ id }} }} }}", {"at": value}),
    ):
        question = {"query": text, "variables": variables}
        headers = platform.issuer.bearer(Role.SECRETARIAT)
        answer = await platform.client.post("/graphql", json=question, headers=headers)
        assert answer.status_code < 500
        [error] = answer.json()["errors"]
        assert error["extensions"]["code"] not in ("internal", "unavailable")


@pytest.mark.parametrize("value", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
@pytest.mark.parametrize("root", ROOTS)
async def test_the_ends_themselves(platform: Platform, root: str, value: str) -> None:
    answer = await platform.ask(
        f'{{ {root}(filter: {{{ROOTS[root]}: "{value}"}}) {{ nodes {{ id }} }} }}', Role.SECRETARIAT
    )
    assert "errors" not in answer


@pytest.mark.parametrize("value", [*BEYOND, *NONE, 0, 1767225600])
@pytest.mark.parametrize("field", ["sent", "effective", "onset", "expires"])
async def test_in_an_alert(platform: Platform, field: str, value: Any) -> None:
    headers = platform.issuer.bearer(Role.MEMBER, organisation_id=ORGANISATION)
    answer = await platform.client.post("/api/alerts/v1/alerts", json={**ALERT, field: value}, headers=headers)
    assert answer.status_code == 422, answer.text
    [error] = answer.json()["errors"]
    assert (error["field"], error["code"]) in ((field, "instant_out_of_range"), (field, "not_an_instant"))


@pytest.mark.parametrize("value", [*BEYOND, *NONE])
async def test_as_a_parameter(platform: Platform, value: str) -> None:
    headers = platform.issuer.bearer(Role.SECRETARIAT)
    answer = await platform.client.get("/api/alerts/v1/alerts", params={"sent_since": value}, headers=headers)
    assert answer.json()["errors"][0]["code"] in ("instant_out_of_range", "not_an_instant")
