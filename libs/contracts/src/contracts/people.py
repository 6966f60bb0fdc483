"""People who may sign in."""

from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from contracts.identities import GrantFields
from contracts.nouns import Filter, Row, described, noun
from contracts.sensitivity import High, Moderate


class PersonState(StrEnum):
    INVITED = "invited"
    """Has a link, or needs a new one: no password yet."""
    ACTIVE = "active"
    DEACTIVATED = "deactivated"
    ERASED = "erased"
    """Only the id is left, which audit entries and rows of other services name."""


class HeldGrant(GrantFields, Row):
    """A role somebody holds, under an id of its own."""

    id: Moderate[UUID] = described("Id.", "المعرّف.")


class PersonName(Row):
    """Somebody as colleagues of their organisation see them."""

    id: Moderate[UUID] = described("Id.", "المعرّف.")
    state: Moderate[PersonState] = described("How they stand.", "الحالة.")
    name: High[str | None] = described("Name; null once they are erased.", "الاسم، ويغيب بعد المحو.")


class Person(PersonName):
    """Somebody who may sign in."""

    version: Moderate[int] = described("Version.", "النسخة.")
    email: High[str | None] = described("E-mail address.", "البريد الإلكتروني.")
    language: High[Literal["ar", "en"] | None] = described("Language they read.", "لغة القراءة.")
    grants: High[tuple[HeldGrant, ...]] = described("What they may do.", "الصلاحيات.")


class PersonStanding(Row):
    """How somebody stands, without who they are."""

    id: Moderate[UUID] = described("Id.", "المعرّف.")
    version: Moderate[int] = described("Version.", "النسخة.")
    state: Moderate[PersonState] = described("How they stand.", "الحالة.")
    grants: High[tuple[HeldGrant, ...]] = described("What they may do.", "الصلاحيات.")


class AcceptedInvitation(Row):
    """Who set a password."""

    id: Moderate[UUID] = described("Id.", "المعرّف.")
    state: Moderate[PersonState] = described("How they stand.", "الحالة.")


class InvitationLink(Row):
    """A link by which somebody sets a password, once; told this once."""

    id: Moderate[UUID] = described("Id of the invitation.", "معرّف الدعوة.")
    person_id: Moderate[UUID] = described("Id of the person.", "معرّف الشخص.")
    token: High[str] = described("What the link holds.", "رمز الرابط.")
    link: High[str] = described("The link.", "الرابط.")
    expires_at: Moderate[datetime] = described("Until when it works.", "وقت انتهاء الرابط.")


class PersonFilter(Filter):
    """Which people."""

    state: PersonState | None = described("How they stand.", "الحالة.", None)
    organisation_id: UUID | None = described(
        "With a grant that names this organisation.", "ممن لهم صلاحية في هذه المنظمة.", None
    )


PEOPLE = noun("people", "registry", Person, PersonFilter, ("id",), listed=Person | PersonName)
