"""A person who signs in, and a registry that knows nobody else."""

import asyncio
from typing import Any
from uuid import NAMESPACE_OID, uuid4, uuid5

import orjson
from starlette.requests import Request
from starlette.responses import Response
from testkit.trust import ISSUER, TestIssuer

PASSWORD = "Olive-harvest 1931"
LINK = "L" * 43
DEVICE = "D" * 43
OWN = {"Origin": ISSUER}
FORM = {"email": "rana@people.example", "password": PASSWORD}


def grant(role: str) -> dict[str, Any]:
    return {"id": str(uuid4()), "role": role, "organisation_id": None, "sectors": [], "areas": []}


class Registry:
    """A registry of one person, that remembers what it was asked."""

    def __init__(self, issuer: TestIssuer) -> None:
        self.issuer = issuer
        self.sessions: dict[str, dict[str, Any]] = {}
        self.grants = [grant("secretariat"), grant("hub")]
        self.language = "ar"
        self.token_seconds = 60
        self.asked: list[tuple[str, str, dict[str, str], Any]] = []
        self.pause = 0.0
        self.pause_of: dict[str, float] = {}
        self.refusal: tuple[int, dict[str, Any], dict[str, str]] | None = None

    def of(self, path: str) -> list[tuple[str, dict[str, str], Any]]:
        return [(method, headers, body) for method, asked, headers, body in self.asked if asked == path]

    def signed_in(self) -> str:
        secret = f"{len(self.sessions):043d}"
        self.sessions[secret] = self.grants[0]
        return secret

    def _told(self, secret: str) -> dict[str, Any]:
        person = {"id": str(uuid4()), "name": "رنا الخطيب", "language": self.language}
        return {"kind": "person", "person": person, "grants": self.grants, "acting": self.sessions[secret]}

    async def answer(self, request: Request) -> Response:
        raw = await request.body()
        body: Any = orjson.loads(raw) if raw else None
        self.asked.append((request.method, request.url.path, dict(request.headers), body))
        await asyncio.sleep(self.pause_of.get(request.method, self.pause))
        if self.refusal:
            status, problem, headers = self.refusal
            return Response(orjson.dumps(problem), status, headers)
        match request.method, request.url.path:
            case "POST", "/internal/sessions/token":
                return self._exchanged(body["secret"])
            case "POST", "/internal/sessions" | "/internal/sessions/by-invitation":
                secret = self.signed_in()
                return Response(orjson.dumps({"secret": secret, "device": DEVICE, **self._told(secret)}), 201)
            case "POST", "/v1/session/act-as":
                for secret in self.sessions:
                    self.sessions[secret] = next(each for each in self.grants if each["id"] == body["grant_id"])
                return Response(b"{}")
            case "DELETE", "/v1/session":
                self.sessions.clear()
                return Response(status_code=204)
        return Response(b'{"seen":true}', headers={"Set-Cookie": "tansiq=stolen"})

    def _exchanged(self, secret: str) -> Response:
        if secret not in self.sessions:
            return Response(orjson.dumps({"code": "session_ended"}), 401)
        role = self.sessions[secret]["role"]
        session = uuid5(NAMESPACE_OID, secret)
        token = self.issuer.token(role, subject="person-1", session_id=session, expires_in=self.token_seconds)
        return Response(orjson.dumps({"access_token": token, "expires_in": self.token_seconds, **self._told(secret)}))


def cookie(secret: str, name: str = "__Host-tansiq") -> dict[str, str]:
    return {"Cookie": f"language=ar; {name}={secret}; other=1"}
