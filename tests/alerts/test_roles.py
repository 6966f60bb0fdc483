"""Each role on commands and single rows: who may goes through. `tests/house` walks every route with less in it."""

from typing import Any

import pytest
from alerts.main import SERVICE
from runtime.access import Role

SUBSCRIPTION = {"url": "https://hooks.example.org/new"}
CASES: dict[tuple[str, str], tuple[str, Any, dict[str, str]]] = {
    ("POST", "/v1/alerts"): ("/v1/alerts", "alert", {}),
    ("GET", "/v1/alerts/{alert_id}"): ("/v1/alerts/{alert}", None, {}),
    ("POST", "/v1/subscriptions"): ("/v1/subscriptions", SUBSCRIPTION, {}),
    ("GET", "/v1/subscriptions/{subscription_id}"): ("/v1/subscriptions/{own}", None, {}),
    ("PATCH", "/v1/subscriptions/{subscription_id}"): (
        "/v1/subscriptions/{own}",
        {"state": "paused"},
        {"If-Match": '"v1"'},
    ),
    ("POST", "/v1/subscriptions/{subscription_id}/rotate"): ("/v1/subscriptions/{own}/rotate", None, {}),
    ("POST", "/v1/subscriptions/{subscription_id}/test"): ("/v1/subscriptions/{own}/test", None, {}),
    ("GET", "/v1/subscriptions/{subscription_id}/deliveries"): ("/v1/subscriptions/{own}/deliveries", None, {}),
    ("DELETE", "/v1/subscriptions/{subscription_id}"): ("/v1/subscriptions/{own}", None, {}),
}
ASKED = {"member": "member", "coordinator": "coordinator", "hub": "hub", "secretariat": "secretariat"}


@pytest.mark.parametrize("route", CASES, ids=" ".join)
@pytest.mark.parametrize("role", list(Role))
async def test_every_role_meets_every_route_as_the_table_says(alerts: Any, alert: Any, role: Role, route: Any) -> None:
    path, body, headers = CASES[route]
    known = {"alert": (await alerts.issued("secretariat"))["id"], "own": (await own(alerts, role))["id"]}
    sent = {"json": alert() if body == "alert" else body} if body else {}
    bearer = {} if role is Role.PUBLIC else alerts.bearer(ASKED[role.value])
    answer = await alerts.door.request(route[0], path.format(**known), headers={**headers, **bearer}, **sent)
    if role in SERVICE.access[route].roles:
        assert answer.status_code in {200, 201, 202, 204}, answer.text
    else:
        assert answer.status_code == (401 if role is Role.PUBLIC else 403), answer.text


async def own(alerts: Any, role: Role) -> Any:
    return await alerts.subscribed("member" if role is Role.PUBLIC else ASKED[role.value])


@pytest.mark.parametrize("route", [case for case in CASES if "{subscription_id}" in case[1]], ids=" ".join)
async def test_a_subscription_is_its_holders_and_its_organisations_alone(alerts: Any, route: Any) -> None:
    made = await alerts.subscribed("member")
    path, body, headers = CASES[route]
    sent = {"json": body} if body else {}
    colleague = alerts.issuer.bearer("member", organisation_id=made["organisation_id"], subject="amal-two")
    same_house_other_role = alerts.issuer.bearer("hub", organisation_id=made["organisation_id"], areas=["SY"])
    for stranger in (alerts.bearer("other_member"), alerts.bearer("hub"), same_house_other_role):
        answer = await alerts.door.request(
            route[0], path.format(own=made["id"]), headers={**headers, **stranger}, **sent
        )
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert await alerts.rows("select version from subscription") == [(1,)]
    answer = await alerts.door.request(route[0], path.format(own=made["id"]), headers={**headers, **colleague}, **sent)
    assert answer.is_success, answer.text
