"""Requests to the platform's one door: token, language, idempotency, and patience with what passes."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Literal, TypeVar
from uuid import UUID, uuid4

import httpx2
import orjson
import stamina
from contracts.nouns import NEWER_CODES, Row
from pydantic import TypeAdapter

from client.credentials import Credentials
from client.errors import Refused, Unreachable, seconds_wished
from client.tokens import Token, Tokens

Language = Literal["ar", "en"]
RowOf = TypeVar("RowOf", bound=Row)
RowId = UUID | str


@dataclass(frozen=True)
class FileForm:
    """A file sent as a browser's form would, read while it is sent; a retry reads it again."""

    file: Path
    content_type: str
    fields: Mapping[str, str] = field(default_factory=dict)


PASSING = frozenset({408, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_GATEWAY, 503, HTTPStatus.GATEWAY_TIMEOUT})
LOST = (httpx2.NetworkError, httpx2.TimeoutException, httpx2.RemoteProtocolError)
LONGEST_PAUSE = 5.0
LONGEST_HEEDED = 300.0
"""How long an allowance that is spent is waited for; whoever is told to come after longer is told so at once."""
PAGE = 500


@dataclass(frozen=True)
class Call:
    """One logical request: its Idempotency-Key stays the same however often it is sent."""

    method: str
    path: str
    body: bytes | FileForm | None = None
    params: Mapping[str, str | int] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, method: str, path: str, value: object, **headers: str) -> "Call":
        return cls(method, path, orjson.dumps(value), headers={"Content-Type": "application/json", **headers})

    def identified(self) -> "Call":
        if self.method != "POST" or "Idempotency-Key" in self.headers:
            return self
        return Call(self.method, self.path, self.body, self.params, {**self.headers, "Idempotency-Key": str(uuid4())})


Send = Callable[[Call], Awaitable[httpx2.Response]]
Passing = Callable[[httpx2.Response], bool]
"""Recognises an answer that may be another one soon."""


class _Awaited(Exception):
    """An answer that may be another one soon."""

    def __init__(self, response: httpx2.Response) -> None:
        super().__init__(response.status_code)
        self.response = response


def _never(response: httpx2.Response) -> bool:
    return False


async def rows_of(kind: type[RowOf], items: AsyncIterator[dict[str, Any]]) -> AsyncIterator[RowOf]:
    """The items of a list, each as a row of this type."""
    adapter = TypeAdapter(kind)
    async for item in items:
        yield adapter.validate_python(item, context=NEWER_CODES)


class ApiSession:
    """Sends calls until they are answered, for as long as `patience_seconds`."""

    def __init__(
        self, credentials: Credentials, http: httpx2.AsyncClient, *, language: Language, patience_seconds: float
    ) -> None:
        self._credentials = credentials
        self._http = http
        self._language = language
        self.patience_seconds = patience_seconds
        self._tokens = Tokens(self._take_token)

    async def ask(
        self, call: Call, *, accepted: frozenset[int] = frozenset(), passing: Passing = _never
    ) -> httpx2.Response:
        """The answer, where it is 2xx or one of `accepted`; what `passing` recognises is waited out, too.

        Raises `Refused` or `Unreachable`.
        """
        response = await self._until_answered(call.identified(), self._signed, passing)
        if response.is_success or response.status_code in accepted:
            return response
        raise Refused.by(response)

    async def ask_json(self, call: Call, *, passing: Passing = _never) -> dict[str, Any]:
        """The object the answer holds. Raises what `ask` does."""
        answer: dict[str, Any] = orjson.loads((await self.ask(call, passing=passing)).content)
        return answer

    async def ask_row(self, row: type[RowOf], call: Call) -> RowOf:
        """The row the answer is. Raises what `ask` does."""
        return row.model_validate(await self.ask_json(call), context=NEWER_CODES)

    @asynccontextmanager
    async def stream(
        self, path: str, params: Mapping[str, str | list[str]], headers: Mapping[str, str]
    ) -> AsyncIterator[httpx2.Response]:
        """An answer that goes on; silence of more than a minute breaks it. Raises `Refused`; not tried again here."""
        token = await self._tokens.current()
        signed = {"Accept-Language": self._language, **headers, "Authorization": f"Bearer {token}"}
        async with self._http.stream("GET", path, params=dict(params), headers=signed) as response:
            if not response.is_success:
                await response.aread()
                if response.status_code == HTTPStatus.UNAUTHORIZED:
                    self._tokens.reject(token)
                raise Refused.by(response)
            yield response

    async def sign_in(self) -> None:
        """Take a token now, to know that the credentials are good. Raises `Refused` or `Unreachable`."""
        await self._tokens.current()

    async def pages(self, path: str, **params: str | int) -> AsyncIterator[dict[str, Any]]:
        """All items of a list."""
        after: dict[str, str | int] = {}
        while True:
            page = await self.ask_json(Call("GET", path, params={"first": PAGE, **params, **after}))
            for item in page["items"]:
                yield item
            if page["next"] is None:
                return
            after = {"after": page["next"]}

    async def whole(self, path: str, **params: str | int) -> AsyncIterator[dict[str, Any]]:
        """All items of a list that has no pages."""
        for item in (await self.ask_json(Call("GET", path, params=params)))["items"]:
            yield item

    async def _take_token(self) -> Token:
        form = b"grant_type=client_credentials"
        call = Call("POST", "/oauth/token", form, headers={"Content-Type": "application/x-www-form-urlencoded"})
        response = await self._until_answered(call, self._unsigned)
        if not response.is_success:
            raise Refused.by(response)
        answer = orjson.loads(response.content)
        return Token(answer["access_token"], float(answer.get("expires_in", 60)))

    async def _until_answered(self, call: Call, send: Send, passing: Passing = _never) -> httpx2.Response:
        try:
            async for attempt in stamina.retry_context(
                on=_pause, attempts=None, timeout=self.patience_seconds, wait_initial=0.1, wait_max=2, wait_jitter=0.3
            ):
                with attempt:
                    response = await send(call)
                    if response.status_code in PASSING or _still_running(response) or passing(response):
                        raise _Awaited(response)
                    return response
        except _Awaited as last:
            return last.response
        except httpx2.HTTPError as lost:
            raise Unreachable(f"{self._credentials.url}: {type(lost).__name__}") from lost
        raise AssertionError("retry_context either returns or raises")

    async def _signed(self, call: Call) -> httpx2.Response:
        token = await self._tokens.current()
        response = await self._send(call, {"Authorization": f"Bearer {token}"})
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            self._tokens.reject(token)
            token = await self._tokens.current()
            response = await self._send(call, {"Authorization": f"Bearer {token}"})
        return response

    async def _unsigned(self, call: Call) -> httpx2.Response:
        basic = httpx2.BasicAuth(self._credentials.client_id, self._credentials.client_secret)
        return await self._send(call, {}, basic)

    async def _send(
        self, call: Call, headers: Mapping[str, str], auth: httpx2.BasicAuth | None = None
    ) -> httpx2.Response:
        with ExitStack() as opened:
            response = await self._http.request(
                call.method,
                call.path,
                **_content(call.body, opened),
                params=dict(call.params) or None,
                headers={"Accept-Language": self._language, **call.headers, **headers},
                auth=auth,
            )
        return response  # noqa: RET504  an ExitStack could swallow what is raised, as mypy sees it


def _content(body: bytes | FileForm | None, opened: ExitStack) -> dict[str, Any]:
    if not isinstance(body, FileForm):
        return {"content": body}
    file = opened.enter_context(body.file.open("rb"))
    return {"data": dict(body.fields), "files": {"file": (body.file.name, file, body.content_type)}}


def _still_running(response: httpx2.Response) -> bool:
    """Our own earlier attempt, whose answer was lost on the way, is not done yet."""
    return response.status_code == HTTPStatus.CONFLICT and Refused.by(response).code == "still_running"


def _pause(failure: Exception) -> bool | float:
    """Whether to try again, and after how long where the platform said so."""
    if isinstance(failure, LOST):
        return True
    if not isinstance(failure, _Awaited):
        return False
    wished = seconds_wished(failure.response)
    if failure.response.status_code != HTTPStatus.TOO_MANY_REQUESTS:
        return True if wished is None else min(wished, LONGEST_PAUSE)
    return True if wished is None else wished <= LONGEST_HEEDED and wished
