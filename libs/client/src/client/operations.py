"""What an operator does: dead letters and dead jobs of a service, and the replay of what it heard."""

from typing import Any

from client.transport import ApiSession, Call


class Operations:
    """`/v1/operations` of each service."""

    def __init__(self, session: ApiSession) -> None:
        self._session = session

    async def dead_letters(self, service: str, *, first: int = 100) -> list[dict[str, Any]]:
        """Events the service could not take, oldest first."""
        call = Call("GET", _path(service, "dead-letters"), params={"first": first})
        return list((await self._session.ask_json(call))["items"])

    async def retry(self, service: str, number: int) -> str:
        """Hand the event to its handler once more; what came of it."""
        call = Call("POST", _path(service, f"dead-letters/{number}/retry"))
        return str((await self._session.ask_json(call))["outcome"])

    async def drop(self, service: str, number: int) -> None:
        await self._session.ask(Call("DELETE", _path(service, f"dead-letters/{number}")))

    async def dead_jobs(self, service: str, *, first: int = 100) -> list[dict[str, Any]]:
        """Jobs the service gave up, oldest first."""
        call = Call("GET", _path(service, "dead-jobs"), params={"first": first})
        return list((await self._session.ask_json(call))["items"])

    async def retry_job(self, service: str, id: str) -> None:
        """Have the service do the job from its first attempt on."""
        await self._session.ask_json(Call("POST", _path(service, f"dead-jobs/{id}/retry")))

    async def drop_job(self, service: str, id: str) -> None:
        await self._session.ask(Call("DELETE", _path(service, f"dead-jobs/{id}")))

    async def replay(self, service: str) -> str:
        """Have the service make anew what it made from events; the state it is in now."""
        return str((await self._session.ask_json(Call("POST", _path(service, "replay"))))["state"])


def _path(service: str, rest: str) -> str:
    return f"/api/{service}/v1/operations/{rest}"
