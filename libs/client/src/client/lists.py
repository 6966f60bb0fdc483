"""Lists of every noun, row by row, each row of the noun's own type."""

from collections.abc import AsyncIterator
from typing import Any, TypeVar

from contracts.catalogue import LISTS
from contracts.nouns import Noun, Row
from pydantic import TypeAdapter

from client.transport import ApiSession, Call

RowOf = TypeVar("RowOf", bound=Row)


def path_of(noun: Noun[Any]) -> str:
    """Where its list stands behind the platform's one address."""
    return f"/api/{noun.service}{noun.path}"


class Lists:
    """The lists of all services."""

    def __init__(self, session: ApiSession) -> None:
        self._session = session

    async def of(self, row: type[RowOf], **filters: str | int) -> AsyncIterator[RowOf]:
        """The rows of this type that match, such as `of(Target, area="SY07", sector="WSH")`."""
        [noun] = (noun for noun in LISTS.values() if row in (noun.row, noun.listed))
        async for found in self.named(noun.name, **filters):
            assert isinstance(found, row)
            yield found

    async def named(self, name: str, **filters: str | int) -> AsyncIterator[Row]:
        """The rows of this list that match, such as `named("organisations", search="olive")`."""
        noun = LISTS[name]
        rows: TypeAdapter[Row] = TypeAdapter(noun.rest_row)
        if noun.whole:
            for item in (await self._session.ask_json(Call("GET", path_of(noun), params=filters)))["items"]:
                yield rows.validate_python(item)
            return
        async for item in self._session.pages(path_of(noun), **filters):
            yield rows.validate_python(item)
