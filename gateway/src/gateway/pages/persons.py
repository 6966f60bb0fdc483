"""Who reads a page: what the token says, and what sessions know of the person behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request
from runtime.access import Caller, Role
from runtime.language import Language

from gateway.pages.coverage import named
from gateway.pages.language import language_of
from gateway.reference.memory import ReferenceMemory
from gateway.signing_in.sessions import Grant, Person, signed_in_by


@dataclass(frozen=True)
class ActingChoice:
    """One of the things a person may act as."""

    id: str
    role: str
    bounds: Sequence[str]
    """Its organisation, sectors and areas, by name."""
    chosen: bool


@dataclass(frozen=True)
class PageReader:
    """Who reads the page."""

    role: Role
    name: str | None = None
    choices: Sequence[ActingChoice] = ()

    @property
    def bounds(self) -> Sequence[str]:
        """Of the one thing they act as; where there are several, the list of choices tells them."""
        return self.choices[0].bounds if len(self.choices) == 1 else ()

    @property
    def is_person(self) -> bool:
        """Somebody with a session, who can sign out; not a program with a token."""
        return self.name is not None

    @property
    def signed_in(self) -> bool:
        return self.role is not Role.PUBLIC


def visitor_of(request: Request) -> PageReader:
    """Whoever is no person with a session reads without a name."""
    caller: Caller = request.state.caller
    signed_in = signed_in_by(request)
    if signed_in is None:
        return PageReader(caller.role)
    person = signed_in.person
    return PageReader(caller.role, person.name, _choices(person, request.app.state.memory, language_of(request)))


def _choices(person: Person, memory: ReferenceMemory, language: Language) -> Sequence[ActingChoice]:
    return [
        ActingChoice(str(grant.id), grant.role, _bounds(grant, memory, language), grant.id == person.acting.id)
        for grant in person.grants
    ]


def _bounds(grant: Grant, memory: ReferenceMemory, language: Language) -> Sequence[str]:
    """Names, and the code of what the memory does not know."""
    organisation = memory.organisation(str(grant.organisation_id)) if grant.organisation_id else None
    known = [
        *((memory.sector(code), code) for code in grant.sectors),
        *((memory.area_of(code), code) for code in grant.areas),
    ]
    names = [(named(entry, language) if entry else "") or code for entry, code in known]
    return [named(organisation, language), *names] if organisation else names
