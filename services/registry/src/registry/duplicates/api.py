"""Organisations that may be one, by HTTP."""

from typing import Annotated
from uuid import UUID

from contracts.duplicates import DuplicatesFound, OrganisationDuplicate
from contracts.text import Paragraph
from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field
from runtime.access import SECRETARIAT_ONLY, Rule
from runtime.answers import json_answer, versioned
from runtime.openapi import refuses
from runtime.problems import NotFound
from runtime.reading import item_route, list_route
from runtime.routing import Asking, TransactionalRoute, Tx

from registry.duplicates import commands
from registry.duplicates.errors import PairSettled
from registry.duplicates.queries import SOURCE

router = APIRouter(route_class=TransactionalRoute, tags=["organisations"])
PATH = "/v1/organisation_duplicates"

LIST = SOURCE.listing(Rule(SECRETARIAT_ONLY))
list_route(router, PATH, LIST)
item_route(router, f"{PATH}/{{id}}", SOURCE, "Two organisations that may be one.", LIST.rule)


class Dismissal(BaseModel):
    """Why these are two."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[Paragraph, Field(min_length=3)]


@router.post(f"{PATH}/{{id}}/dismiss", response_model=OrganisationDuplicate, openapi_extra=refuses(PairSettled))
@Rule(SECRETARIAT_ONLY)
async def dismiss_duplicate(tx: Tx, caller: Asking, id: UUID, sent: Dismissal) -> Response:
    """Settle that these organisations are two; the pair is not proposed again.

    البت بأنهما منظمتان مختلفتان، فلا يُقترح الزوج ثانية.
    """
    await commands.dismiss(tx, caller.principal, id, sent.reason)
    settled = await SOURCE.one(tx, caller.reader, id)
    if settled is None:
        raise NotFound
    return versioned(settled)


@router.post("/v1/organisations/find_duplicates", response_model=DuplicatesFound)
@Rule(SECRETARIAT_ONLY)
async def find_duplicates(tx: Tx, caller: Asking) -> Response:
    """Compare all organisations anew, and list those that may be one.

    مقارنة المنظمات كلها من جديد وإدراج ما قد يكون منها واحداً.
    """
    return json_answer((await commands.find_all(tx, caller.principal)).model_dump())
