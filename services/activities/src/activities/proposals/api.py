"""HTTP in and out of proposals."""

from uuid import UUID

from contracts.proposals import Proposal
from contracts.uploads import QueuedUpload
from fastapi import APIRouter, Request, Response
from runtime.access import Rule
from runtime.openapi import refuses
from runtime.routing import Asking, TransactionalRoute, Tx

from activities.access import SENDERS
from activities.proposals import commands, queries, states
from activities.proposals.errors import NotProposed, ProposalChanged
from activities.proposals.schemas import Confirmation
from activities.uploads.api import in_language, language_of, looked_at, queued

router = APIRouter(route_class=TransactionalRoute, tags=["uploads"])


@router.get("/v1/uploads/{id}/proposal", response_model=Proposal, openapi_extra=refuses(NotProposed))
@Rule(SENDERS)
async def proposal(request: Request, tx: Tx, caller: Asking, id: UUID) -> Response:
    """How a file would be read that was sent with `dry_run=true`, or whose columns have to be asked about.

    Of each sheet: why it would be read or passed over, its heading rows, each column with its field, how certain that
    is, and samples; what the rows come to (people by field, months, sectors, statuses, organisations and areas found
    and not found); what is wrong with rows, by cause; values nobody knows, each with the nearest that is known; what
    an earlier file of the same sender and shape held that this one lacks. Nothing counts before it is confirmed.
    """
    found = await looked_at(tx, caller, id)
    proposed = await queries.proposal_of(tx, id)
    if proposed is None:
        raise NotProposed
    language = language_of(request, found["language"])
    return in_language(states.shown(found, dict(proposed), language), language)


@router.post(
    "/v1/uploads/{id}/confirm",
    status_code=202,
    response_model=QueuedUpload,
    openapi_extra=refuses(NotProposed, ProposalChanged),
)
@Rule(SENDERS)
async def confirm_upload(tx: Tx, caller: Asking, id: UUID, body: Confirmation) -> Response:
    """Count a file as its proposal says, but for what is corrected: nothing else is read otherwise.

    A column is named by its heading or number and gets a field, or null, which leaves it out; texts of a field get the
    value they mean; `defaults` hold for rows that do not say them. Each correction that is wrong is refused by name.
    With `dry_run=true` nothing counts yet: the proposal is made anew, as corrected.
    """
    await looked_at(tx, caller, id)
    await commands.confirm(tx, caller.principal, id, body)
    return queued(id)
