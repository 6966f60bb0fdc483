"""Routes by which every noun is read, with the schemas of their answers."""

from inspect import cleandoc
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field, create_model

from runtime.access import Rule
from runtime.answers import json_answer, versioned
from runtime.listing import Following, Listing, Paging
from runtime.problems import NotFound
from runtime.routing import Asking, Tx
from runtime.sources import Source


class Gone(BaseModel):
    """What is no longer in the list, where its changes are asked for."""

    id: str
    gone: Literal[True]


def list_route(router: APIRouter, path: str, listing: Listing[Any], about: str = "") -> None:
    """Add the `GET` of a list; what it is, its noun says where nothing else is said."""
    noun, followed = listing.noun, listing.changes is not None
    paging = () if noun.whole else (Following if followed else Paging,)
    asked_by = create_model(f"{noun.row.__name__}Page", __base__=(noun.filter, *paging))

    async def listed(request: Request, filter: Annotated[asked_by, Query()]) -> Response:
        return json_answer(await (listing.whole if noun.whole else listing.page)(request, filter))

    listed.__doc__ = cleandoc(about or (noun.about or ("",))[0])
    listing.rule(listed)
    answer = list_answer(noun.row, noun.rest_row, followed=followed, extra=listing.extra)
    router.add_api_route(path, listed, methods=["GET"], response_model=answer, name=f"{noun.name}_list")


def item_route(router: APIRouter, path: str, source: Source[Any], about: str, rule: Rule) -> None:
    """Add the `GET` of one row by its id, with its ETag."""
    noun = source.noun

    async def one(tx: Tx, caller: Asking, id: UUID) -> Response:
        found = await source.one(tx, caller.reader, id)
        if found is None:
            raise NotFound
        return versioned(found)

    one.__doc__ = about
    rule(one)
    router.add_api_route(path, one, methods=["GET"], response_model=noun.row, name=f"{noun.name}_detail")


def list_answer(
    row: type[BaseModel], form: Any = None, *, followed: bool = False, extra: type[BaseModel] | None = None
) -> type[BaseModel]:
    """The model of a page of rows on REST, `form` being what a row is there."""
    item = form or row
    fields: dict[str, Any] = {
        "items": (list[item | Gone] if followed else list[item], ...),  # type: ignore[valid-type]
        "next": (str | None, Field(description="Cursor the next page starts behind; null on the last")),
    }
    if followed:
        fields["position"] = (str, Field("", description="Up to where the changes are complete that were asked for"))
    return create_model(f"{row.__name__}List", __base__=extra, **fields)
