"""Who reads a page: what the token says, and what sessions know of the person behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from fastapi import Request
from runtime.access import Caller, Role
from runtime.problems import Refusal


class Person(Protocol):
    """A person as sessions know them. A grant has `id`, `role`, and where it is bounded `sectors` and `areas`."""

    @property
    def name(self) -> str: ...
    @property
    def grants(self) -> Sequence[Any]: ...
    @property
    def acting(self) -> Any: ...


class Sessions(Protocol):
    """Sign-in of people, as the application carries it in `state.sessions`."""

    async def person(self, request: Request) -> Person | None: ...


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
    may_sign_in: bool = False
    """There are sessions here, so the form to sign in leads somewhere."""

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
    sessions: Sessions | None = getattr(request.app.state, "sessions", None)
    if sessions is None:
        return Visitor(caller.role)
    try:
        person = await sessions.person(request) if caller.role is not Role.PUBLIC else None
    except Refusal:
        person = None
    if person is None:
        return Visitor(caller.role, may_sign_in=True)
    return Visitor(caller.role, person.name, _choices(person), may_sign_in=True)


def _choices(person: Person) -> Sequence[Choice]:
    acting = str(_fact(person.acting, "id") or person.acting)
    return [
        Choice(
            id=str(_fact(grant, "id")),
            role=str(_fact(grant, "role")),
            bounds=" ".join([*(_fact(grant, "sectors") or ()), *(_fact(grant, "areas") or ())]),
            chosen=str(_fact(grant, "id")) == acting,
        )
        for grant in person.grants
    ]


def _fact(of: Any, name: str) -> Any:
    return of.get(name) if isinstance(of, Mapping) else getattr(of, name, None)
