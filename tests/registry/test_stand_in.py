"""One conversation about a session, held with the registry and with what stands in for it in tests of the gateway."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from testkit.alike import check_alike
from testkit.trust import TestIssuer

from tests.gateway.people import Registry

from .conftest import RegistryClient, basic
from .people import COORDINATOR_GRANT, MEMBER_GRANT, NEW, PASSWORD, accepted

Ask = Callable[..., Awaitable[httpx2.Response]]
Said = list[tuple[int, Any]]


async def conversation(ask: Ask, invitation: str) -> Said:
    """Each answer that the gateway reads, as a person signs in, changes what they act as, signs out, and accepts."""
    opened = await ask("/internal/sessions", {"email": NEW["email"], "password": PASSWORD, "address": "192.0.2.7"})
    secret = opened.json()["secret"]
    exchanged = await ask("/internal/sessions/token", {"secret": secret})
    token, other = exchanged.json()["access_token"], exchanged.json()["grants"][1]
    heard = [opened, exchanged, await ask("/internal/sessions/token", {"secret": "9" * 43})]
    heard.append(await ask("/v1/session/act-as", {"grant_id": other["id"]}, token))
    heard.append(await ask("/internal/sessions/token", {"secret": secret}))
    assert heard[-1].json()["acting"]["role"] == other["role"]
    heard.append(await ask("/v1/session", None, heard[-1].json()["access_token"], method="DELETE"))
    heard.append(await ask("/internal/sessions/token", {"secret": secret}))
    heard.append(await ask("/internal/sessions/by-invitation", {"token": invitation, "password": PASSWORD}))
    return [(answer.status_code, answer.json() if answer.content else None) for answer in heard]


def asking(client: httpx2.AsyncClient) -> Ask:
    async def ask(path: str, body: Any, token: str | None = None, method: str = "POST") -> httpx2.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return await client.request(method, path, json=body, headers=headers)

    return ask


async def test_the_stand_in_answers_as_the_registry(own_registry: RegistryClient, issuer: TestIssuer) -> None:
    stand_in = Registry(issuer)
    app = Starlette(routes=[Route("/{path:path}", stand_in.answer, methods=["POST", "DELETE"])])
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://registry.test") as client:
        said = await conversation(asking(client), "L" * 43)
    real = await conversation(asking(own_registry.client), await two_invited(own_registry))
    assert [status for status, _ in said] == [status for status, _ in real]
    for (_, told), (_, truth) in zip(said, real, strict=True):
        check_alike(told, truth)


async def two_invited(registry: RegistryClient) -> str:
    """The person of the conversation, and the invitation of another."""
    form = {"grant_type": "client_credentials"}
    token = (await registry.client.post("/oauth/token", data=form, headers=basic("secretariat"))).json()["access_token"]
    headers, grants = {"Authorization": f"Bearer {token}"}, [MEMBER_GRANT, COORDINATOR_GRANT]
    tokens = []
    for email in (NEW["email"], "other@people.example"):
        new = {**NEW, "email": email, "grants": grants}
        tokens.append((await registry.client.post("/v1/people/invitations", json=new, headers=headers)).json()["token"])
    await accepted(registry, tokens[0])
    return str(tokens[1])


@pytest.mark.parametrize(
    ("told", "truth"), [({"a": 1}, {"b": 1}), ({"a": 1}, {"a": "1"}), ({"code": "x"}, {"code": "y"})]
)
def test_a_stand_in_that_differs_is_found_out(told: Any, truth: Any) -> None:
    with pytest.raises(AssertionError):
        check_alike(told, truth)
