"""Machine clients: systems that may ask for tokens."""

from datetime import datetime

from contracts.identities import GrantFields
from contracts.nouns import Filter, Row, described, noun
from contracts.sensitivity import High, Moderate


class Client(GrantFields, Row):
    """A machine client, and what its tokens say. Its secret is shown once, when it is made."""

    id: Moderate[str] = described("Id, the `client_id` of its tokens.", "المعرّف، وهو `client_id` في رموزه.")
    name: Moderate[str] = described("Name.", "الاسم.")
    created_at: Moderate[datetime] = described("When it was made.", "وقت إنشائه.")
    revoked_at: Moderate[datetime | None] = described("When it was revoked.", "وقت إبطاله.")


class NewCredentials(Row):
    """What a client proves itself with, told this once."""

    client_id: Moderate[str] = described("Id.", "المعرّف.")
    client_secret: High[str] = described("Secret.", "المفتاح السري.")


class ClientFilter(Filter):
    """Which clients: all of them, the revoked ones too."""


CLIENTS = noun("clients", "registry", Client, ClientFilter, ("id",))
