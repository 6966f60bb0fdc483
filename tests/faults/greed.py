"""Somebody signed in who asks for what takes for ever: GraphQL documents whose fragments double, by both doors."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx2
import orjson
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from tests.faults.site import Site
from tests.gateway.long_documents import DOCUMENTS

KINDS = ("doubling", "overlapping", "many-fragments")
GREEDY = tuple(text for name, text in DOCUMENTS.items() if name.startswith(KINDS))
AT_ONCE = 4
LATE = 20.0
"""Seconds that no small question may take, however busy the machine: one such document took 24 s, another for ever."""


@dataclass
class Waited:
    """What small questions took meanwhile, and what came of the greedy ones."""

    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    answered: int = 0

    @property
    def complaints(self) -> list[str]:
        late = [f"a small question waited {took:.1f} s" for took in self.seconds if took > LATE]
        none = [] if self.seconds and self.answered else ["nothing was answered"]
        return [*self.faults, *late, *none]


async def ask_greedily(site: Site, seconds: float) -> Waited:
    """So long, several at once, while somebody else asks little."""
    waited, ends, url = Waited(), time.monotonic() + seconds, site.platform.url
    async with httpx2.AsyncClient(base_url=url, timeout=60) as client:
        greedy, modest = [await _bearer(client, site, name) for name in ("hub", "coordinator")]
        posting = [_post(client, greedy, GREEDY[number::AT_ONCE], waited, ends) for number in range(AT_ONCE)]
        await asyncio.gather(*posting, _speak(url, greedy, waited, ends), _ask_little(client, modest, waited, ends))
    return waited


async def _bearer(client: httpx2.AsyncClient, site: Site, name: str) -> dict[str, str]:
    credentials = site.platform.credentials(name)
    form = {"grant_type": "client_credentials"}
    answer = await client.post("/oauth/token", data=form, auth=(credentials.client_id, credentials.client_secret))
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def _post(
    client: httpx2.AsyncClient, bearer: dict[str, str], texts: Sequence[str], waited: Waited, ends: float
) -> None:
    while time.monotonic() < ends:
        for text in texts:
            answer = await client.post("/graphql", json={"query": text, "variables": {"v": True}}, headers=bearer)
            if answer.status_code >= 500:
                waited.faults.append(f"{text[:60]} … was answered {answer.status_code}")
            waited.answered += 1


async def _speak(url: str, bearer: dict[str, str], waited: Waited, ends: float) -> None:
    address, protocol = url.replace("http", "ws") + "/graphql", Subprotocol("graphql-transport-ws")
    async with connect(address, subprotocols=[protocol], additional_headers=bearer, proxy=None) as socket:
        await socket.send(_said(type="connection_init"))
        await socket.recv()
        while time.monotonic() < ends:
            for text in GREEDY:
                await socket.send(_said(type="subscribe", id="1", payload={"query": text, "variables": {"v": True}}))
                while orjson.loads(await socket.recv())["type"] == "next":
                    pass
                waited.answered += 1


def _said(**message: object) -> str:
    return orjson.dumps(message).decode()


async def _ask_little(client: httpx2.AsyncClient, bearer: dict[str, str], waited: Waited, ends: float) -> None:
    number = 0
    while time.monotonic() < ends:
        number += 1
        started = time.monotonic()
        await client.get("/healthz")
        query = {"query": f"{{ sectors {{ c{number}: code }} }}"}
        answer = await client.post("/graphql", json=query, headers=bearer)
        waited.seconds.append(time.monotonic() - started)
        if answer.status_code != 200:
            waited.faults.append(f"a small question was answered {answer.status_code}")
        await asyncio.sleep(0.25)
