"""People who sign in: invited, listed, shut out and let in again."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from client.transport import ApiSession, Call, Language

PATH = "/api/registry/v1/people"


@dataclass(frozen=True)
class Grant:
    """A role, and how far it goes."""

    role: str
    organisation_id: str | None = None
    sectors: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()

    def as_sent(self) -> dict[str, Any]:
        sent: dict[str, Any] = {"role": self.role, "sectors": self.sectors, "areas": self.areas}
        return {**sent, "organisation_id": self.organisation_id} if self.organisation_id else sent


@dataclass(frozen=True)
class Invitation:
    """A link by which somebody sets a password, once."""

    id: str
    person_id: str
    link: str = field(repr=False)
    expires_at: str

    @classmethod
    def of(cls, answer: dict[str, Any]) -> "Invitation":
        return cls(answer["id"], answer["person_id"], answer["link"], answer["expires_at"])


class People:
    """`/v1/people`."""

    def __init__(self, session: ApiSession) -> None:
        self._session = session

    async def invite(self, email: str, name: str, grants: Sequence[Grant], *, language: Language = "ar") -> Invitation:
        """Invite somebody; the link is in the answer, once. Raises `Refused` `answer_not_kept` where that was lost."""
        new = {"email": email, "name": name, "language": language, "grants": [grant.as_sent() for grant in grants]}
        return Invitation.of(await self._session.ask_json(Call.json("POST", f"{PATH}/invitations", new)))

    async def revoke_invitation(self, invitation_id: str) -> None:
        await self._session.ask(Call("DELETE", f"{PATH}/invitations/{invitation_id}"))

    def all(self, **filters: str) -> AsyncIterator[dict[str, Any]]:
        """People the caller may see, such as `state="active"`."""
        return self._session.pages(PATH, **filters)

    async def deactivate(self, person_id: str) -> dict[str, Any]:
        """Shut somebody out; the person as they stand now."""
        return await self._session.ask_json(Call("POST", f"{PATH}/{person_id}/deactivate"))

    async def reset(self, person_id: str) -> Invitation:
        """A new link to set a password, also for somebody who was shut out."""
        return Invitation.of(await self._session.ask_json(Call("POST", f"{PATH}/{person_id}/reset")))

    async def erase(self, person_id: str) -> None:
        """Remove name, address and password for ever."""
        await self._session.ask(Call("POST", f"{PATH}/{person_id}/erase"))
