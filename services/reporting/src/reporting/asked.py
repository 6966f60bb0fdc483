"""What callers ask figures by: the parts of a filter coverage and presence share."""

from typing import Annotated, Self

from contracts.instants import AskedMonth
from contracts.values import Country, Pcode, SectorCode
from pydantic import BaseModel, ConfigDict, Field
from runtime.naming import check_months


class PlaceAndTime(BaseModel):
    """Where, what and when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    country: Annotated[Country | None, Field(description="P-code of a country")] = None
    area: Annotated[Pcode | None, Field(description="This area and all below it, at the level asked for")] = None
    level: Annotated[
        int | None, Field(ge=0, le=3, description="0 country to 3 sub-district; left out: the area's own, or 1")
    ] = None
    sector: Annotated[SectorCode | None, Field(description="Exact code")] = None
    descendants: Annotated[bool, Field(description="The sector's areas of responsibility too, each by itself")] = False
    month_from: Annotated[AskedMonth | None, Field(description="First month, such as 2026-03")] = None
    month_to: Annotated[AskedMonth | None, Field(description="Last month")] = None

    def checked(self) -> Self:
        """The filter itself. Raises `MonthsReversed`."""
        check_months(self.month_from, self.month_to)
        return self


PLACES = {"country": 1, "area": 2}
"""Where these stand among the arguments of every statement of figures (`reporting.places`)."""
