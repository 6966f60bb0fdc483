"""A client of the door's WebSocket, before a real alerts service."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx2
import orjson
import pytest
from testkit.trust import TestIssuer
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

PROTOCOL = Subprotocol("graphql-transport-ws")
ISSUED = "subscription S($filter: AlertWish) { alertIssued(filter: $filter) { id severity areas { pcode names { ar } } polygons } }"  # noqa: E501
ALERT = {
    "country": "SY",
    "areas": ["SY070004"],
    "categories": ["Met"],
    "urgency": "Immediate",
    "severity": "Severe",
    "certainty": "Observed",
    "info": {"ar": {"event": "سيول", "headline": "سيول"}},
    "polygons": ["35.1,36.2 35.2,36.2 35.2,36.3 35.1,36.2"],
}


@dataclass
class Stage:
    """The door, and a client of it."""

    address: str
    client: httpx2.AsyncClient
    issuer: TestIssuer
    gateway: Any
    service: Any
    organisation: UUID
    """Of those who issue alerts."""

    async def issue(self, **changes: Any) -> dict[str, Any]:
        bearer = self.issuer.bearer("member", organisation_id=self.organisation)
        answer = await self.client.post("/api/alerts/v1/alerts", json={**ALERT, **changes}, headers=bearer)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    @asynccontextmanager
    async def opened(
        self, role: str | None = "hub", headers: Mapping[str, str] | None = None, **claims: Any
    ) -> AsyncIterator["Client"]:
        """A client with a token of the role; without a role it has said nothing yet."""
        address = self.address.replace("http", "ws") + "/graphql"
        async with connect(address, subprotocols=[PROTOCOL], additional_headers=headers, proxy=None) as websocket:
            client = Client(websocket)
            if role:
                token = self.issuer.token(role, **{"areas": ["SY"], **claims})
                await client.say(type="connection_init", payload={"authorization": f"Bearer {token}"})
                assert await client.hear() == {"type": "connection_ack"}
            yield client

    def listeners(self) -> int:
        return len(self.service.state.hub._listeners)

    async def until_listening(self, count: int) -> None:
        async with asyncio.timeout(60):
            while self.listeners() != count:  # noqa: ASYNC110  nobody tells
                await asyncio.sleep(0.02)


class Client:
    """Speaks graphql-transport-ws."""

    def __init__(self, websocket: ClientConnection) -> None:
        self.websocket = websocket

    async def say(self, **message: Any) -> None:
        await self.websocket.send(orjson.dumps(message).decode())

    async def subscribe(self, query: str, id: str = "1", **variables: Any) -> None:
        await self.say(type="subscribe", id=id, payload={"query": query, "variables": variables})

    async def hear(self) -> Any:
        return orjson.loads(await asyncio.wait_for(self.websocket.recv(), 15))

    async def closed(self) -> int:
        """The code the connection is closed with."""
        with pytest.raises(ConnectionClosed) as ended:
            await asyncio.wait_for(self._hear_out(), 15)
        assert ended.value.rcvd is not None
        return ended.value.rcvd.code

    async def _hear_out(self) -> None:
        while True:
            await self.websocket.recv()
