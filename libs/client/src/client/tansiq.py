"""The client: one object per machine client, a noun for each thing it speaks about."""

from types import TracebackType
from typing import Self

import httpx2

from client.alerts import Alerts
from client.areas import Areas
from client.changes import ChangeFeeds
from client.clients import Clients
from client.coverage import Coverage
from client.credentials import Credentials
from client.graph import Graph
from client.lists import Lists
from client.operations import Operations
from client.organisations import Organisations
from client.people import People
from client.reports import Reports
from client.reviews import Reviews
from client.subscriptions import Subscriptions
from client.targets import Targets
from client.transport import ApiSession, Language
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
        self.session = ApiSession(credentials, self._http, language=language, patience_seconds=patience_seconds)
        self.graph = Graph(self.session)
        self.changes = ChangeFeeds(self.session)
        self.lists = Lists(self.session)
        self.organisations = Organisations(self.session)
        self.areas = Areas(self.session, self.graph)
        self.clients = Clients(self.session)
        self.people = People(self.session)
        self.reports = Reports(self.session)
        self.reviews = Reviews(self.session)
        self.uploads = Uploads(self.session)
        self.alerts = Alerts(self.session)
        self.subscriptions = Subscriptions(self.session)
        self.operations = Operations(self.session)
        self.coverage = Coverage(self.graph)
        self.targets = Targets(self.session, self.graph)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.aclose()
