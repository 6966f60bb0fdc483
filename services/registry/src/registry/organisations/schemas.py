"""Organisations as users send them."""

from typing import Annotated, Any, Literal

from contracts.organisations import TypeCode
from contracts.text import Code, Line, OneLine
from contracts.values import Pcode, SectorCode
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from registry.names import Acronyms, NewNames
from registry.organisations.domain import Contact, OrganisationProfile

Scheme = Literal["iati", "xm_ocha", "fts"]
Email = Annotated[
    str,
    StringConstraints(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$"),
    OneLine,
]
Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 ()./-]{4,30}$"), OneLine]


class SentContact(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Line
    email: Email | None = None
    phone: Phone | None = None

    def as_contact(self) -> Contact:
        return Contact(self.name, self.email, self.phone)


class SentOrganisation(BaseModel):
    """An application."""

    model_config = ConfigDict(extra="forbid")

    names: NewNames
    type_code: TypeCode
    acronyms: Acronyms = Acronyms()
    aliases: tuple[Line, ...] = Field(default=(), max_length=50)
    external_ids: dict[Scheme, Code] = Field(default_factory=dict)
    sectors: tuple[SectorCode, ...] = Field(default=(), max_length=30)
    areas: tuple[Pcode, ...] = Field(default=(), max_length=400)
    contacts: tuple[SentContact, ...] = Field(default=(), max_length=20)

    def as_profile(self) -> OrganisationProfile:
        return OrganisationProfile(type_code=self.type_code, **{name: _plain(self, name) for name in PROFILE})

    def as_contacts(self) -> list[Contact]:
        return [contact.as_contact() for contact in self.contacts]


UNCHANGED = NewNames.model_construct()
"""Stands where no name was sent; it is never read."""


class SentChanges(SentOrganisation):
    """Changes: each field that is there takes the place of what was."""

    names: NewNames = UNCHANGED
    type_code: TypeCode = Field(default_factory=str)

    def as_changes(self) -> dict[str, Any]:
        return {name: _plain(self, name) for name in (*PROFILE, "type_code") if name in self.model_fields_set}

    def contacts_given(self) -> list[Contact] | None:
        return self.as_contacts() if "contacts" in self.model_fields_set else None


PROFILE = ("names", "acronyms", "aliases", "external_ids", "sectors", "areas")


def _plain(sent: SentOrganisation, name: str) -> Any:
    value = getattr(sent, name)
    if isinstance(value, Acronyms):
        return value.given()
    return tuple(dict.fromkeys(value)) if isinstance(value, tuple) else value
