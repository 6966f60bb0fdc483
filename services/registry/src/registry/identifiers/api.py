"""Other names, codes and ids of organisations by HTTP."""

from fastapi import APIRouter, Request, Response
from runtime.access import MIB, Extent, Role, Rule
from runtime.naming import SeveralOrganisations, UnknownOrganisation, UnknownSector
from runtime.problems import OutsideYourScope
from runtime.routing import Asking, TransactionalRoute, Tx
from runtime.rows import answers as rows

from registry.files import CSV, NDJSON
from registry.identifiers import commands, schemas
from registry.identifiers.errors import CodeTaken, IdentifierIncomplete, TooManyIdentifiers

router = APIRouter(route_class=TransactionalRoute, tags=["organisations"])

REFUSALS = (
    IdentifierIncomplete, CodeTaken, TooManyIdentifiers, UnknownOrganisation, SeveralOrganisations, UnknownSector,
    OutsideYourScope,
)  # fmt: skip


@router.post("/v1/organisations/identifiers", **rows.described(schemas.NewIdentifiers, CSV, refusals=REFUSALS))
@Rule(
    {Role.SECRETARIAT: Extent.ANY, Role.COORDINATOR: Extent.SCOPE},
    content_types=("application/json", NDJSON, CSV),
    largest_body=8 * MIB,
)
async def identify_organisations(request: Request, tx: Tx, caller: Asking) -> Response:
    """Give organisations other spellings, codes of clusters, ids elsewhere: an object, an array, NDJSON or CSV.

    Each row names its organisation by id or by a name it has, and is taken or refused by itself. A code belongs to one
    organisation of its issuer. The same row again is `unchanged`; `withdrawn` takes away what it names. A
    coordinator gives codes of its own sectors.
    """
    batch = await rows.rows_of(request, schemas.read)
    outcomes = await commands.identify(tx, caller.principal, batch.rows)
    return rows.answer(request, [*batch.rejected, *outcomes])
