"""People of a test, in one sentence: invited, let in, signed in."""

from dataclasses import dataclass
from typing import Any

import httpx2

from .conftest import MEMBER, RegistryClient

PASSWORD = "Olive-harvest 1931"
MEMBER_GRANT: dict[str, Any] = {"role": "member", "organisation_id": str(MEMBER)}
COORDINATOR_GRANT: dict[str, Any] = {"role": "coordinator", "sectors": ["WSH"], "areas": ["SY07"]}
NEW: dict[str, Any] = {"email": "Canary.Person@people.example", "name": "Canary Personname", "grants": [MEMBER_GRANT]}


@dataclass(frozen=True)
class Met:
    """Somebody who has accepted an invitation."""

    id: str
    email: str
    password: str


async def invited(registry: RegistryClient, *, by: str = "secretariat", **fields: Any) -> dict[str, Any]:
    answer = await registry.ask(by, "POST", "/v1/people/invitations", {**NEW, **fields})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def accepted(registry: RegistryClient, token: str, password: str = PASSWORD, **fields: Any) -> httpx2.Response:
    return await registry.ask(
        "public", "POST", "/v1/invitations/accept", {"token": token, "password": password, **fields}
    )


async def met(registry: RegistryClient, **fields: Any) -> Met:
    invitation = await invited(registry, **fields)
    answer = await accepted(registry, invitation["token"])
    assert answer.status_code == 200, answer.text
    return Met(invitation["person_id"], fields.get("email", NEW["email"]), PASSWORD)


async def tried(
    registry: RegistryClient,
    email: str,
    password: str = PASSWORD,
    address: str = "192.0.2.7",
    devices: tuple[str, ...] = (),
) -> httpx2.Response:
    body = {"email": email, "password": password, "address": address, "devices": devices}
    return await registry.ask("public", "POST", "/internal/sessions", body)


async def signed_in(registry: RegistryClient, person: Met) -> str:
    """The secret of a new session."""
    answer = await tried(registry, person.email, person.password)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["secret"])


async def exchanged(registry: RegistryClient, secret: str) -> httpx2.Response:
    return await registry.ask("public", "POST", "/internal/sessions/token", {"secret": secret})
