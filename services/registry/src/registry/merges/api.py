"""Merging organisations by HTTP."""

from typing import Annotated
from uuid import UUID

from contracts.organisations import OrganisationMerge
from contracts.text import Paragraph
from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field
from runtime.access import SECRETARIAT_ONLY, Rule
from runtime.answers import versioned
from runtime.openapi import refuses
from runtime.routing import Asking, TransactionalRoute, Tx

from registry.merges import commands
from registry.merges.errors import AlreadyMerged, IntoMerged, MergedWithItself, NotMerged, TooManyMerged
from registry.organisations.domain import Organisation
from registry.organisations.errors import OrganisationNotVerified

router = APIRouter(route_class=TransactionalRoute, prefix="/v1/organisations", tags=["organisations"])
Reason = Annotated[Paragraph, Field(min_length=3)]
MERGING = refuses(MergedWithItself, AlreadyMerged, IntoMerged, OrganisationNotVerified, TooManyMerged)


class NewMerge(BaseModel):
    """Into which organisation, and why."""

    model_config = ConfigDict(extra="forbid")

    into: UUID
    reason: Reason


class NewParting(BaseModel):
    """Why the merge is undone."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason


@router.post("/{id}/merge", response_model=OrganisationMerge, openapi_extra=MERGING)
@Rule(SECRETARIAT_ONLY)
async def merge_organisation(tx: Tx, caller: Asking, id: UUID, sent: NewMerge) -> Response:
    """Merge an organisation into another: its id stands for the other everywhere, until that is undone.

    دمج منظمة في أخرى: يدل معرّفها على الأخرى في كل مكان إلى أن يُلغى الدمج.
    """
    return _answer(await commands.merge(tx, caller.principal, id, sent.into, sent.reason))


@router.post("/{id}/part", response_model=OrganisationMerge, openapi_extra=refuses(NotMerged))
@Rule(SECRETARIAT_ONLY)
async def part_organisation(tx: Tx, caller: Asking, id: UUID, sent: NewParting) -> Response:
    """Undo a merge: the organisation stands by itself again, with what came under its id meanwhile.

    إلغاء دمج: تعود المنظمة مستقلة مع ما ورد باسمها في أثناء ذلك.
    """
    return _answer(await commands.part(tx, caller.principal, id, sent.reason))


def _answer(organisation: Organisation) -> Response:
    told = {"id": organisation.id, "version": organisation.version, "merged_into": organisation.merged_into}
    return versioned(told)
