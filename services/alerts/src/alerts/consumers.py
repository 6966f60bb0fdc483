"""What this service does when the registry speaks."""

from collections.abc import Sequence

from contracts.areas import AreaChanged
from contracts.codes import SectorChanged
from contracts.identities import IdentityChanged
from contracts.organisations import OrganisationChanged
from database import Transaction
from messaging import Mirror, Projection

from alerts.subscriptions import store

IDENTITIES = Mirror(
    IdentityChanged,
    "identity",
    key=("subject",),
    derived={"grants": lambda identity: [grant.model_dump(mode="json") for grant in identity.grants]},
)


async def on_identity_changed(tx: Transaction, identities: Sequence[IdentityChanged]) -> None:
    await IDENTITIES.keep(tx, identities)
    await store.forget_holders(tx, [identity.subject for identity in identities if identity.erased])


PROJECTION = Projection(
    mirrors=(
        Mirror(OrganisationChanged, "organisation", key=("id",), columns=("status", "names", "merged_into")),
        Mirror(AreaChanged, "area", key=("country", "pcode"), columns=("path",)),
        Mirror(SectorChanged, "sector", key=("code",)),
        IDENTITIES,
    ),
    events={IdentityChanged: on_identity_changed},
)
