"""Lists of figures: each says beside its rows how fresh they are."""

from collections.abc import Awaitable
from dataclasses import replace
from typing import Protocol, TypeVar

from contracts.figures import Freshness, PlaceAndTime
from contracts.nouns import Noun
from database import Transaction
from runtime.access import SIGNED_IN, Reader, Rule
from runtime.listing import Listing, Page, Part
from runtime.visibility import Visibility

from reporting.freshness.queries import freshness

OF_AREA = ("country", "area")
Filter_contra = TypeVar("Filter_contra", bound=PlaceAndTime, contravariant=True)
Filter = TypeVar("Filter", bound=PlaceAndTime)


class Figures(Protocol[Filter_contra]):
    """A question of `queries`: the figures that match, as this reader may see them."""

    def __call__(self, tx: Transaction, reader: Reader, asked: Filter_contra, part: Part) -> Awaitable[Page]: ...


def figures_list(
    noun: Noun[Filter], figures: Figures[Filter], visibility: Visibility, *by: tuple[str, ...]
) -> Listing[Filter]:
    """The list of a noun whose rows are figures; `by` which keys it can be asked for beside areas."""

    async def find(tx: Transaction, reader: Reader, asked: Filter, part: Part) -> Page:
        page = await figures(tx, reader, asked, part)
        fresh = await freshness(tx)
        return replace(page, beside=fresh, complete=not fresh["rebuilding"])

    return Listing(noun, find, Rule(SIGNED_IN), beside=Freshness, by=[OF_AREA, *by], visibility=visibility)
