"""Countries by HTTP: names, levels and P-code patterns are data of the secretariat."""

from typing import Annotated

from contracts.areas import Country as CountryRow
from contracts.values import Country as CountryCode
from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from runtime.access import SECRETARIAT_ONLY, Rule
from runtime.answers import versioned
from runtime.numbers import Whole
from runtime.problems import NotFound
from runtime.reading import list_route
from runtime.routing import Asking, TransactionalRoute, Tx

from registry.access import REFERENCE
from registry.countries import commands, queries
from registry.countries.domain import Country, Level
from registry.names import Acronyms, NewNames

router = APIRouter(route_class=TransactionalRoute, prefix="/v1/countries", tags=["areas"])


class SentLevel(BaseModel):
    model_config = ConfigDict(extra="forbid")

    level: Annotated[Whole, Field(ge=0, le=9)]
    pattern: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[ -~]+$")] | None = None
    names: Acronyms = Acronyms()


class SentCountry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    names: NewNames
    iso3: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    levels: tuple[SentLevel, ...] = Field(default=(), max_length=10)

    def as_country(self, code: str) -> Country:
        levels = tuple(Level(level.level, level.pattern, level.names.given()) for level in self.levels)
        return Country(code, self.iso3, self.names.given(), levels)


list_route(
    router,
    "",
    queries.SOURCE.listing(REFERENCE),
    "Countries with the levels of their areas; `has_areas` says whether any were loaded.",
)


@router.get("/{country}", response_model=CountryRow)
@REFERENCE
async def country_detail(tx: Tx, caller: Asking, country: Annotated[CountryCode, Path()]) -> Response:
    """One country, by its P-code or its ISO code of three letters."""
    found = await queries.SOURCE.one(tx, caller.reader, await queries.code_of(tx, country))
    if found is None:
        raise NotFound
    return versioned(found)


@router.put("/{country}", response_model=CountryRow)
@Rule(SECRETARIAT_ONLY)
async def country_put(tx: Tx, caller: Asking, country: Annotated[CountryCode, Path()], sent: SentCountry) -> Response:
    """Set a country's names, levels and P-code patterns."""
    await commands.put_country(tx, caller.principal, sent.as_country(country))
    return await country_detail(tx, caller, country)
