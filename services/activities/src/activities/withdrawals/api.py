"""HTTP in and out of withdrawals."""

from typing import Annotated, Any
from uuid import UUID

from contracts.reports import ReportStanding
from contracts.uploads import UploadWithdrawals
from database import Transaction
from fastapi import APIRouter, Header, Response
from runtime.access import Rule
from runtime.answers import etag, expected_version, json_answer
from runtime.openapi import refuses
from runtime.problems import OutsideYourScope
from runtime.routing import Asking, TransactionalRoute, Tx

from activities.access import SENDERS
from activities.withdrawals import commands, queries
from activities.withdrawals.commands import ChangedReport
from activities.withdrawals.errors import (
    MissingChanged,
    NotDeclared,
    NothingWithdrawn,
    NotReadWhole,
    RowsWereRefused,
    SentByItsOwner,
    UploadUnread,
    UploadWithdrawn,
    WithdrawalUnfinished,
)
from activities.withdrawals.schemas import NewReplacement, NewWithdrawal, Restored

router = APIRouter(route_class=TransactionalRoute, tags=["withdrawals"])

OF_UPLOAD: dict[str, Any] = {
    "response_model": UploadWithdrawals,
    "responses": {202: {"model": UploadWithdrawals, "description": "The rest is done after the answer."}},
}
IfMatch = Annotated[str | None, Header()]
REPLACING = refuses(
    NotDeclared, UploadUnread, NotReadWhole, WithdrawalUnfinished, UploadWithdrawn, RowsWereRefused, MissingChanged
)


@router.post(
    "/v1/reports/{id}/withdraw", response_model=ReportStanding, openapi_extra=refuses(SentByItsOwner, OutsideYourScope)
)
@Rule(SENDERS)
async def withdraw(tx: Tx, caller: Asking, id: UUID, body: NewWithdrawal, if_match: IfMatch = None) -> Response:
    """Take back a report of your organisation: it counts nowhere and is in nobody's list, but can be restored.

    It is a version like any other, with the reason. Others see the report as gone; you, its reviewers and the
    secretariat find it by its id, its `external_id`, `stage=withdrawn` or `include_withdrawn=true`. Sent again it
    comes back as submitted. A coordinator takes back what a coordinator sent in its scope.
    """
    stands = await commands.withdraw(tx, caller.principal, id, body.reason, expected=expected_version(if_match))
    return _report(stands)


@router.post(
    "/v1/reports/{id}/restore", response_model=ReportStanding, openapi_extra=refuses(SentByItsOwner, OutsideYourScope)
)
@Rule(SENDERS)
async def restore(tx: Tx, caller: Asking, id: UUID, body: Restored | None = None, if_match: IfMatch = None) -> Response:
    """Bring back a report that was withdrawn: as submitted, whatever it was before, so that somebody reviews it."""
    comment = (body.comment if body else None) or None
    return _report(await commands.restore(tx, caller.principal, id, comment, expected=expected_version(if_match)))


@router.post("/v1/uploads/{id}/withdraw", **OF_UPLOAD, openapi_extra=refuses(UploadUnread, WithdrawalUnfinished))
@Rule(SENDERS)
async def withdraw_upload(tx: Tx, caller: Asking, id: UUID, body: NewWithdrawal) -> Response:
    """Take back all that a file did and nothing changed later.

    `withdrawn` are reports it made; `put_back` say again what they said before the file, as submitted (what was
    returned or withdrawn then is so again); `left` were changed later, or another file says them, too, and stay. What
    the file replaced is restored.
    Of a large file the first reports are done with the answer (202) and the rest (`open`) after it.
    """
    await commands.withdraw_upload(tx, caller.principal, id, body.reason)
    return await _upload(tx, id)


@router.post("/v1/uploads/{id}/restore", **OF_UPLOAD, openapi_extra=refuses(NothingWithdrawn, WithdrawalUnfinished))
@Rule(SENDERS)
async def restore_upload(tx: Tx, caller: Asking, id: UUID) -> Response:
    """Undo what was withdrawn with a file, or replaced by it: reports nothing was sent of since are submitted again."""
    await commands.restore_upload(tx, caller.principal, id)
    return await _upload(tx, id)


@router.post("/v1/uploads/{id}/replace", **OF_UPLOAD, openapi_extra=REPLACING)
@Rule(SENDERS)
async def replace(tx: Tx, caller: Asking, id: UUID, body: NewReplacement) -> Response:
    """Take back the reports that a file sent with `replaces=true` does not hold, as many as its state told.

    Of every organisation, sector and month that occurs in the file. With the `digest` of the state it is these
    reports exactly. Where rows of the file were refused, `despite_refused` says that this is meant all the same.
    """
    await commands.replace(tx, caller.principal, id, body)
    return await _upload(tx, id)


def _report(stands: ChangedReport) -> Response:
    answer = {"id": stands.id, "version": stands.version, "stage": stands.stage}
    return json_answer(answer, headers={"ETag": etag(stands.version)})


async def _upload(tx: Transaction, id: UUID) -> Response:
    told = await queries.withdrawals_shown(tx, id)
    unfinished = any(one["state"] in ("withdrawing", "restoring") for one in told)
    return json_answer({"id": id, "withdrawals": told}, 202 if unfinished else 200)
