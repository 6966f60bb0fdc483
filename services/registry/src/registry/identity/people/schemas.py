"""People as users send them."""

from typing import Annotated

from contracts.text import Line
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from runtime.language import Language

from registry.identity.grants.domain import Powers
from registry.identity.grants.schemas import SentGrant
from registry.identity.people.domain import PersonProfile
from registry.organisations.schemas import Email

Password = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
"""As it is typed: what is taken as a new one is said in `passwords`."""
Secret = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
"""256 bits, as links and sessions carry them."""


Grants = Annotated[tuple[SentGrant, ...], Field(min_length=1, max_length=20)]


class SentInvitation(BaseModel):
    """Somebody to be invited."""

    model_config = ConfigDict(extra="forbid")

    email: Email
    name: Line
    language: Language = "ar"
    grants: Grants

    def as_profile(self) -> PersonProfile:
        return PersonProfile(self.name, self.email, self.language)


class SentPerson(BaseModel):
    """Changes: each field that is there takes the place of what was. Somebody may be left without a grant."""

    model_config = ConfigDict(extra="forbid")

    name: Line | None = None
    language: Language | None = None
    grants: Annotated[tuple[SentGrant, ...], Field(max_length=20)] | None = None

    def powers(self) -> list[Powers] | None:
        return None if self.grants is None else [sent.as_powers() for sent in self.grants]


class SentAcceptance(BaseModel):
    """What somebody with a link sends."""

    model_config = ConfigDict(extra="forbid")

    token: Secret
    password: Password
    name: Line | None = None
