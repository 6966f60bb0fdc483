"""The client: one object per machine client, a noun for each thing it speaks about."""

from types import TracebackType
from typing import Self

import httpx2

from client.alerts import Alerts
from client.areas import Areas
from client.changes import Changes
from client.clients import Clients
from client.coverage import Coverage
from client.credentials import Credentials
from client.door import Door, Language
from client.graph import Graph
from client.lists import Lists
from client.operations import Operations
from client.organisations import Organisations
from client.people import People
from client.reports import Reports
from client.reviews import Reviews
from client.subscriptions import Subscriptions
from client.targets import Targets
from client.uploads import Uploads

PATIENCE_SECONDS = 45.0
TIMEOUT = httpx2.Timeout(60, connect=5)


class Tansiq:
    """A signed-in client; use it as `async with Tansiq(credentials) as tansiq`.

    Requests are sent again while the platform is away, for `patience_seconds`; every POST carries one
    Idempotency-Key however often it is sent, so that nothing is done twice.
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        language: Language = "ar",
        patience_seconds: float = PATIENCE_SECONDS,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._http = httpx2.AsyncClient(
            base_url=credentials.url, timeout=TIMEOUT, transport=transport, follow_redirects=False
        )
        self.door = Door(credentials, self._http, language=language, patience_seconds=patience_seconds)
        self.graph = Graph(self.door)
        self.changes = Changes(self.door)
        self.lists = Lists(self.door)
        self.organisations = Organisations(self.door)
        self.areas = Areas(self.door, self.graph)
        self.clients = Clients(self.door)
        self.people = People(self.door)
        self.reports = Reports(self.door)
        self.reviews = Reviews(self.door)
        self.uploads = Uploads(self.door)
        self.alerts = Alerts(self.door)
        self.subscriptions = Subscriptions(self.door)
        self.operations = Operations(self.door)
        self.coverage = Coverage(self.graph)
        self.targets = Targets(self.door, self.graph)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.aclose()
