"""Lists of figures: each says beside its rows how fresh they are."""

from collections.abc import Awaitable
from dataclasses import replace
from typing import Protocol, TypeVar

from contracts.figures import Freshness, PlaceAndTime
from contracts.nouns import Noun
from database import Transaction
from runtime.access import SIGNED_IN, Reader, Rule
from runtime.listing import Listing, Page, PageRequest
from runtime.visibility import Visibility

from reporting.freshness.queries import freshness

OF_AREA = ("country", "area")
Filter_contra = TypeVar("Filter_contra", bound=PlaceAndTime, contravariant=True)
Filter = TypeVar("Filter", bound=PlaceAndTime)


class FiguresQuery(Protocol[Filter_contra]):
    """A question of `queries`: the figures that match, as this reader may see them."""

    def __call__(
        self, tx: Transaction, reader: Reader, filter: Filter_contra, part: PageRequest
    ) -> Awaitable[Page]: ...


def figures_list(
    noun: Noun[Filter], figures: FiguresQuery[Filter], visibility: Visibility, *by: tuple[str, ...]
) -> Listing[Filter]:
    """The list of a noun whose rows are figures; `by` which keys it can be asked for beside areas."""

    async def find(tx: Transaction, reader: Reader, filter: Filter, part: PageRequest) -> Page:
        page = await figures(tx, reader, filter, part)
        fresh = await freshness(tx)
        return replace(page, extra=fresh, complete=not fresh["rebuilding"])

    return Listing(noun, find, Rule(SIGNED_IN), extra=Freshness, by=[OF_AREA, *by], visibility=visibility)
