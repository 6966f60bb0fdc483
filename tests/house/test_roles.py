"""Each role on each route of each service: nobody goes through whom the rule of the route does not name."""

from importlib import import_module

import pytest
from contracts.services import SERVICES
from runtime.access import Role
from testkit.service_clients import open_service_client
from testkit.services import Migrated
from testkit.trust import TestIssuer
from testkit.walking import requests_of


@pytest.mark.parametrize("name", SERVICES)
async def test_the_rule_of_a_route_decides_who_goes_through(migrated: Migrated, issuer: TestIssuer, name: str) -> None:
    service = import_module(f"{name}.main").SERVICE
    asked, wrong = requests_of(service), []
    bearers: list[tuple[Role | None, dict[str, str]]] = [(role, issuer.bearer(role, areas=["SY"])) for role in Role]
    bearers += [(None, {}), (None, issuer.bearer(Role.SECRETARIAT, expires_in=-60))]
    bearers += [(None, issuer.bearer(Role.SECRETARIAT, audience="other"))]
    assert set(asked) == set(service.access)
    async with open_service_client(service, await migrated(service), issuer) as door:
        for route, rule in service.access.items():
            if rule.own_credentials or (rule.streams and route[0] == "GET"):
                continue  # what is sent lets in, and a stream does not end: their own tests walk these
            request = asked[route]
            for role, headers in bearers:
                answer = await door.request(request.method, request.path, json=request.body, headers=headers)
                lets_in = (role or Role.PUBLIC) in rule.roles and (role or not headers)
                code = answer.json().get("code") if answer.is_client_error else None
                refused = code == "not_permitted" if role else code in ("missing_token", "invalid_token")
                failed = answer.is_server_error or (request.reads and not refused and answer.is_error)
                if refused == bool(lets_in) or failed:
                    wrong.append((*route, role, answer.status_code, answer.text[:200]))
    assert wrong == []
