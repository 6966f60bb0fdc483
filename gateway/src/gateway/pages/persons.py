"""Who reads a page: what the token says, and what sessions know of the person behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request
from runtime.access import Caller, Role
from runtime.problems import Refusal

from gateway.signing_in.sessions import Person, Sessions


@dataclass(frozen=True)
class Choice:
    """One of the things a person may act as."""

    id: str
    role: str
    bounds: str
    """Codes of its sectors and areas."""
    chosen: bool


@dataclass(frozen=True)
class Visitor:
    """Who reads the page."""

    role: Role
    name: str | None = None
    choices: Sequence[Choice] = ()

    @property
    def is_person(self) -> bool:
        """Somebody with a session, who can sign out; not a program with a token."""
        return self.name is not None

    @property
    def signed_in(self) -> bool:
        return self.role is not Role.PUBLIC


async def visitor_of(request: Request) -> Visitor:
    """Never fails: whoever can't be named reads without a name."""
    caller: Caller = request.state.caller
    sessions: Sessions = request.app.state.sessions
    try:
        person = await sessions.person(request) if caller.role is not Role.PUBLIC else None
    except Refusal:
        person = None
    if person is None:
        return Visitor(caller.role)
    return Visitor(caller.role, person.name, _choices(person))


def _choices(person: Person) -> Sequence[Choice]:
    return [
        Choice(str(grant.id), grant.role, " ".join([*grant.sectors, *grant.areas]), grant.id == person.acting.id)
        for grant in person.grants
    ]
