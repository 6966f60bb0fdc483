"""People who sign in: invited, shut out and let in again."""

from collections.abc import Sequence

from contracts.identities import Grant
from contracts.people import InvitationLink, PersonStanding

from client.transport import ApiSession, Call, Language, RowId

PATH = "/api/registry/v1/people"


class People:
    """`/v1/people`."""

    def __init__(self, session: ApiSession) -> None:
        self._session = session

    async def invite(
        self, email: str, name: str, grants: Sequence[Grant], *, language: Language = "ar"
    ) -> InvitationLink:
        """Invite somebody; the link is in the answer, once. Raises `Refused` `answer_not_kept` where that was lost."""
        held = [grant.model_dump(mode="json", exclude_none=True) for grant in grants]
        new = {"email": email, "name": name, "language": language, "grants": held}
        return await self._session.ask_row(InvitationLink, Call.json("POST", f"{PATH}/invitations", new))

    async def revoke_invitation(self, invitation_id: RowId) -> None:
        await self._session.ask(Call("DELETE", f"{PATH}/invitations/{invitation_id}"))

    async def deactivate(self, person_id: RowId) -> PersonStanding:
        """Shut somebody out; the person as they stand now."""
        return await self._session.ask_row(PersonStanding, Call("POST", f"{PATH}/{person_id}/deactivate"))

    async def reset(self, person_id: RowId) -> InvitationLink:
        """A new link to set a password, also for somebody who was shut out."""
        return await self._session.ask_row(InvitationLink, Call("POST", f"{PATH}/{person_id}/reset"))

    async def erase(self, person_id: RowId) -> None:
        """Remove name, address and password for ever."""
        await self._session.ask(Call("POST", f"{PATH}/{person_id}/erase"))
