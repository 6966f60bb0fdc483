"""Who may do what: grants, of people and of machine clients."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from contracts.event import Event, Topic, published
from contracts.nouns import described
from contracts.sensitivity import Low, Moderate
from contracts.values import Pcode, SectorCode, Value


class GrantFields(BaseModel):
    """A role somebody holds, and how far it goes."""

    role: Moderate[Literal["member", "coordinator", "hub", "secretariat"]] = described("Role.", "الدور.")
    organisation_id: Moderate[UUID | None] = described("Id of the organisation it is held for.", "معرّف المنظمة.", None)
    sectors: Moderate[tuple[SectorCode, ...]] = described(
        "Codes of the sectors it covers.", "رموز القطاعات المشمولة.", ()
    )
    areas: Moderate[tuple[Pcode, ...]] = described(
        "P-codes of the areas it covers, with all below them.", "رموز المناطق المشمولة مع ما دونها.", ()
    )


class Grant(GrantFields, Value):
    """A role somebody holds, and how far it goes."""


@published(Topic("registry.identities"))
class IdentityChanged(Event):
    """What somebody may do, a machine client or a person, by the `sub` of their tokens. No name, no address travels.

    Whoever keeps something going on somebody's behalf, such as a subscription, ends it when the right has ended.
    """

    type: Low[Literal["registry.identity.changed.v1"]] = "registry.identity.changed.v1"
    subject: Moderate[str]
    kind: Moderate[Literal["client", "person"]]
    grants: Moderate[tuple[Grant, ...]] = ()
    """None while nothing may be done: the client is revoked, the person left."""
    erased: Moderate[bool] = False
    """Who this was is to be known no more: what is kept on their behalf goes."""

    @property
    def key(self) -> str:
        return self.subject
