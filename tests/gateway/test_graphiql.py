"""GraphiQL, and how far tools may ask for the schema."""

import pytest
from graphql import get_introspection_query
from runtime.access import Role
from testkit.trust import TestIssuer

from .conftest import OpenGateway
from .reading_pages import ARABIC, BROWSER, Checked, read


async def test_graphiql_is_there_in_development_alone(open_gateway: OpenGateway) -> None:
    developing, client = await open_gateway(environment="development"), await open_gateway()
    for language in ("ar", "en"):
        answer = await developing.get(f"/graphql?lang={language}", headers=BROWSER)
        page = Checked(answer.text)
        assert page.all("html")[0]["lang"] == language
        assert bool(ARABIC.search(page.text.replace("العربية", "").replace("تنسيق", ""))) is (language == "ar")
        assert {str(script["src"]).partition(".")[0] for script in page.all("script")} == {
            "/assets/graphiql",
            "/assets/start",
        }
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "connect-src 'self';" in policy
    refused = await client.get("/graphql", headers=BROWSER)
    assert refused.status_code == 405
    assert Checked(refused.text).all("script") == []
    assert "GraphiQL" not in (await read(client)).text
    assert (await developing.get("/graphql?query={sectors{code}}", headers=BROWSER)).status_code == 405


async def test_tools_may_ask_for_the_whole_schema_in_development(open_gateway: OpenGateway, issuer: TestIssuer) -> None:
    developing = await open_gateway(environment="development")
    query = {"query": get_introspection_query(descriptions=True)}
    answer = await developing.post("/graphql", json=query, headers=issuer.bearer(Role.MEMBER))
    assert {kind["name"] for kind in answer.json()["data"]["__schema"]["types"]} >= {"Coverage", "Query"}


@pytest.mark.parametrize(
    "inside",
    ["fields { type { " * 4 + "name" + " } }" * 4, "name " + "ofType { " * 20 + "name" + " }" * 20],
)
async def test_a_schema_asked_for_without_end_is_refused(
    open_gateway: OpenGateway, issuer: TestIssuer, inside: str
) -> None:
    developing = await open_gateway(environment="development")
    query = {"query": f'{{ __type(name: "Area") {{ {inside} }} }}'}
    answer = await developing.post("/graphql", json=query, headers=issuer.bearer(Role.MEMBER))
    assert answer.json()["errors"][0]["extensions"]["code"] in {"invalid_query", "query_too_deep"}
