"""What a person, a grant and an invitation are."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.identities import IdentityChanged
from contracts.people import PersonState
from runtime.access import Role
from runtime.language import Language

from registry.identity.grants.domain import Powers
from registry.identity.people.errors import CoordinatorOfSeveral

INVITATION_LASTS = timedelta(days=7)


def of_one_organisation(powers: Sequence[Powers]) -> list[Powers]:
    """The powers of one person, who is of their organisation also where they coordinate: a token says one grant alone,
    and by it is judged whether a report is of the reviewer's own organisation. Raises `CoordinatorOfSeveral`.
    """
    organisations = {each.organisation_id for each in powers if each.organisation_id}
    coordinates = [place for place, each in enumerate(powers) if each.role is Role.COORDINATOR]
    if coordinates and len(organisations) > 1:
        raise CoordinatorOfSeveral(f"grants.{coordinates[0]}.organisation_id")
    own = next(iter(organisations), None)
    return [replace(each, organisation_id=own) if each.role is Role.COORDINATOR else each for each in powers]


@dataclass(frozen=True)
class Grant:
    """Powers that somebody holds, under an id of their own."""

    id: UUID
    powers: Powers

    def shown(self) -> dict[str, Any]:
        powers = self.powers
        return {
            "id": str(self.id),
            "role": powers.role,
            "organisation_id": str(powers.organisation_id) if powers.organisation_id else None,
            "sectors": list(powers.sectors),
            "areas": list(powers.areas),
        }


@dataclass(frozen=True)
class PersonProfile:
    """Personal data: stored apart, never in events, logs or audit entries."""

    name: str = field(repr=False)
    email: str = field(repr=False)
    language: Language = "ar"

    @property
    def folded_email(self) -> str:
        return fold_email(self.email)


@dataclass(frozen=True)
class Person:
    """Somebody who may sign in, without who they are."""

    id: UUID
    version: int
    state: PersonState
    grants: tuple[Grant, ...]

    def next(self, *, state: PersonState | None = None, grants: tuple[Grant, ...] | None = None) -> "Person":
        """The next version."""
        given = self.grants if grants is None else grants
        return replace(self, version=self.version + 1, state=state or self.state, grants=given)

    def changed(self) -> IdentityChanged:
        """What the others may know: what this person may do now, which is nothing unless they are active."""
        held = self.grants if self.state is PersonState.ACTIVE else ()
        grants = tuple(grant.powers.published() for grant in held)
        return IdentityChanged(
            version=self.version,
            subject=str(self.id),
            kind="person",
            grants=grants,
            erased=self.state is PersonState.ERASED,
        )

    def shown(self) -> dict[str, Any]:
        return {
            "id": str(self.id),
            "version": self.version,
            "state": self.state,
            "grants": [grant.shown() for grant in self.grants],
        }

    def with_powers(self, powers: Sequence[Powers], ids: Iterable[UUID]) -> tuple[Grant, ...]:
        """Grants of these powers: one that is held already keeps its id, and with it the sessions under it."""
        held = {grant.powers: grant for grant in self.grants}
        new = iter(ids)
        return tuple(held.get(each) or Grant(next(new), each) for each in dict.fromkeys(powers))


@dataclass(frozen=True)
class Account:
    """Whom an address belongs to, and what proves that it is them."""

    person_id: UUID
    hash: str | None = field(repr=False)


@dataclass(frozen=True)
class Invitation:
    """A link by which somebody sets a password, once."""

    id: UUID
    person_id: UUID
    token: str = field(repr=False)
    expires_at: datetime

    def shown(self, issuer: str) -> dict[str, Any]:
        return {
            "id": str(self.id),
            "person_id": str(self.person_id),
            "token": self.token,
            "link": f"{issuer.rstrip('/')}/invitation?token={self.token}",
            "expires_at": self.expires_at.isoformat(),
        }


def fold_email(email: str) -> str:
    """The address as it is compared. Most servers heed no case, and no two people may differ by it alone."""
    return unicodedata.normalize("NFKC", email).strip().casefold()
