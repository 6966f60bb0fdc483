"""Who is signed in: a person with their grants, or a machine client."""

from typing import Literal
from uuid import UUID

from contracts.identities import GrantFields
from contracts.nouns import Row, described
from contracts.people import HeldGrant
from contracts.sensitivity import High, Moderate


class SignedInName(Row):
    """Who is signed in."""

    id: Moderate[UUID] = described("Id.", "المعرّف.")
    name: High[str] = described("Name.", "الاسم.")
    language: Moderate[Literal["ar", "en"]] = described("Language they read.", "لغة القراءة.")


class PersonSession(Row):
    """A person who is signed in, what they hold and what they act under."""

    kind: Moderate[Literal["person"]] = described("A person.", "شخص.")
    person: High[SignedInName] = described("Who it is.", "صاحب الجلسة.")
    grants: High[tuple[HeldGrant, ...]] = described("Those that can be acted under now.", "الصلاحيات المتاحة الآن.")
    acting: Moderate[HeldGrant] = described("The one acted under.", "الصلاحية المستعملة.")


class ClientId(Row):
    """Which machine client."""

    id: Moderate[str] = described("Id.", "المعرّف.")


class ActingGrant(GrantFields, Row):
    """What a machine client acts under."""


class ClientSession(Row):
    """A machine client."""

    kind: Moderate[Literal["client"]] = described("A machine client.", "نظام.")
    client: Moderate[ClientId] = described("Which one.", "النظام.")
    acting: Moderate[ActingGrant] = described("What it acts under.", "صلاحيته.")


class OpenedSession(PersonSession):
    """A session with its secret, told this once."""

    secret: High[str] = described("Secret of the session.", "سر الجلسة.")
    device: High[str] = described("By which the browser is known the next time.", "ما يُعرف به المتصفح لاحقاً.")


class SessionToken(PersonSession):
    """A token of a minute for a session."""

    access_token: High[str] = described("The token.", "رمز الوصول.")
    expires_in: Moderate[int] = described("Seconds it holds.", "ثواني صلاحيته.")


class AccessToken(Row):
    """A token of five minutes (RFC 6749, 5.1)."""

    access_token: High[str] = described("The token.", "رمز الوصول.")
    token_type: Moderate[Literal["Bearer"]] = described("How it is sent.", "طريقة إرساله.")
    expires_in: Moderate[int] = described("Seconds it holds.", "ثواني صلاحيته.")


class PublishedKeys(Row):
    """The keys tokens are verified with (RFC 7517)."""

    keys: Moderate[tuple[dict[str, str], ...]] = described("JSON Web Keys.", "مفاتيح بصيغة JSON Web Key.")
