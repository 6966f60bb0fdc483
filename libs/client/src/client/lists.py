"""Lists of every noun, row by row, each row of the noun's own type."""

from collections.abc import AsyncIterator
from typing import Any, get_args

from contracts.catalogue import LISTS
from contracts.nouns import Noun, Row

from client.transport import ApiSession, RowOf, rows_of


def path_of(noun: Noun[Any]) -> str:
    """Where its list stands behind the platform's one address."""
    return f"/api/{noun.service}{noun.path}"


class Lists:
    """The lists of all services."""

    def __init__(self, session: ApiSession) -> None:
        self._session = session

    async def of(self, row: type[RowOf], **filters: str | int) -> AsyncIterator[RowOf]:
        """The rows of this type that match, such as `of(Target, area="SY07", sector="WSH")`."""
        [noun] = (noun for noun in LISTS.values() if row in (noun.rest_row, *get_args(noun.rest_row)))
        async for found in self.named(noun.name, **filters):
            assert isinstance(found, row)
            yield found

    def named(self, name: str, **filters: str | int) -> AsyncIterator[Row]:
        """The rows of this list that match, such as `named("organisations", search="olive")`."""
        noun = LISTS[name]
        read = self._session.whole if noun.whole else self._session.pages
        return rows_of(noun.rest_row, read(path_of(noun), **filters))
