"""Who may do and see what: roles, the rule of each route, and clearance by role and relation.

The rules are those of *Data responsibility* in the domain, as data, so that a test can walk through all of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from contracts.sensitivity import Sensitivity

from runtime.language import LocalizedText


class Role(StrEnum):
    PUBLIC = "public"
    MEMBER = "member"
    COORDINATOR = "coordinator"
    HUB = "hub"
    SECRETARIAT = "secretariat"

    @property
    def words(self) -> LocalizedText:
        """What people call it."""
        return _CALLED[self]


_CALLED: Mapping[Role, LocalizedText] = {
    Role.PUBLIC: LocalizedText("الجمهور", "public"),
    Role.MEMBER: LocalizedText("منظمة عضو", "member"),
    Role.COORDINATOR: LocalizedText("منسّق مجموعة عمل", "coordinator"),
    Role.HUB: LocalizedText("هيكل تنسيق إقليمي", "hub"),
    Role.SECRETARIAT: LocalizedText("الأمانة العامة", "secretariat"),
}


class Extent(StrEnum):
    """How far a role's right to a route goes. The SQL of the route holds it, not a check after it."""

    OWN = "own"
    """What belongs to the caller's organisation."""
    SCOPE = "scope"
    """What lies in the caller's sectors and areas."""
    ANY = "any"


@dataclass(frozen=True)
class Reader:
    """Who reads, as conditions on rows take it."""

    role: Role
    subject: str = ""
    organisations: tuple[UUID, ...] = ()
    """Their own, and those that were merged into it."""
    sectors: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()


@dataclass(frozen=True)
class Principal:
    """Who asks, as their token says."""

    subject: str
    role: Role
    organisation_id: UUID | None = None
    sectors: tuple[str, ...] = ()
    """Sectors a coordinator's working group covers, exact codes."""
    areas: tuple[str, ...] = ()
    """P-codes of the areas a coordinator or a hub covers, with all below them."""
    session_id: UUID | None = None
    """A person's, who is signed in; a machine client has none."""
    token: str = field(default="", repr=False)
    """The bearer token, to be passed on to another service."""
    same_organisations: tuple[UUID, ...] = ()
    """All ids of their organisation, where others were merged into it, or it into another."""
    expires_at: float | None = field(default=None, compare=False)
    """When the token ends, in seconds of Unix time: whatever stays open on its strength ends then."""

    @cached_property
    def reader(self) -> Reader:
        own = () if self.organisation_id is None else self.same_organisations or (self.organisation_id,)
        return Reader(self.role, self.subject, own, self.sectors, self.areas)


ANONYMOUS = Principal(subject="anonymous", role=Role.PUBLIC)


class Relation(StrEnum):
    """How a row stands to who asks."""

    OWN = "own"
    """It is the caller's organisation's."""
    IN_SCOPE = "in_scope"
    """It lies in the caller's sectors and areas."""
    OTHER = "other"


Clearance = Mapping[Role, Mapping[Relation, Sensitivity]]
"""Highest level of a row, and of its fields, by role and relation; without a relation the row is not seen at all."""
WHOLE: Mapping[Relation, Sensitivity] = dict.fromkeys(Relation, Sensitivity.SEVERE)
CLEARANCE: Clearance = {
    Role.PUBLIC: {},
    Role.MEMBER: {Relation.OWN: Sensitivity.SEVERE, Relation.OTHER: Sensitivity.MODERATE},
    Role.COORDINATOR: {
        Relation.OWN: Sensitivity.SEVERE,
        Relation.IN_SCOPE: Sensitivity.HIGH,
        Relation.OTHER: Sensitivity.MODERATE,
    },
    Role.HUB: {Relation.IN_SCOPE: Sensitivity.MODERATE},
    Role.SECRETARIAT: WHOLE,
}
"""Of work and of people reached, and of every noun that has no table of its own."""
TO_ALL: Clearance = dict.fromkeys(Role, WHOLE)
"""Of what everybody is to know whom the table of routes lets in."""
TO_HOLDERS: Clearance = {
    Role.MEMBER: {Relation.OWN: Sensitivity.SEVERE},
    Role.COORDINATOR: {Relation.OWN: Sensitivity.SEVERE},
    Role.HUB: {Relation.OWN: Sensitivity.SEVERE},
    Role.SECRETARIAT: WHOLE,
}
"""Of what its holder alone is to see, and the secretariat."""


JSON = "application/json"
ANY_CONTENT = ("*/*",)
"""For a route that passes bodies on without reading them."""
KIB = 1024
MIB = 1024 * KIB


Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


@dataclass(frozen=True)
class Rule:
    """A row of the table of routes: who, how far, and what body is taken. It stands, as a decorator, at the function of
    its route, or at the declaration of a list."""

    roles: Mapping[Role, Extent]
    content_types: tuple[str, ...] = (JSON,)
    largest_body: int = 1 * MIB
    """Bytes; a larger body is refused with 413 as soon as that is known."""
    streams: bool = False
    """The route reads its body itself, bit by bit (a file), so it has no Idempotency-Key of the edge's."""
    read_only: bool = False
    """A POST that only asks: no transaction, no Idempotency-Key."""
    own_credentials: bool = False
    """The route reads the Authorization header itself (OAuth's token endpoint), or passes it on to a process that does;
    to the edge its caller is anonymous."""
    revalidated: bool = False
    """Its answer is asked for again and again and seldom another: it has an ETag, and who has it is told so."""
    planned_once: bool = False
    """A change that finds all rows by their keys: with an Idempotency-Key, its statements are planned once for all."""

    def __call__(self, endpoint: Endpoint) -> Endpoint:
        """Make this the rule of a route's function."""
        endpoint.rule = self  # type: ignore[attr-defined]
        return endpoint


RouteTable = Mapping[tuple[str, str], Rule]
"""Rule by method and path template, put together of the rules at the routes; `docs/access.md` shows all of them."""

SIGNED_IN: Mapping[Role, Extent] = {
    Role.MEMBER: Extent.ANY,
    Role.COORDINATOR: Extent.ANY,
    Role.HUB: Extent.ANY,
    Role.SECRETARIAT: Extent.ANY,
}
EVERYONE: Mapping[Role, Extent] = {Role.PUBLIC: Extent.ANY, **SIGNED_IN}
SECRETARIAT_ONLY: Mapping[Role, Extent] = {Role.SECRETARIAT: Extent.ANY}


@dataclass(frozen=True)
class Caller:
    """Who asks, and how far the table of routes lets them go on this route."""

    principal: Principal
    extent: Extent

    @property
    def role(self) -> Role:
        return self.principal.role

    @property
    def organisation_id(self) -> UUID | None:
        return self.principal.organisation_id

    @property
    def reader(self) -> Reader:
        return self.principal.reader
