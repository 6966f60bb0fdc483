"""Countries by the code their areas have, also where a sender writes ISO 3166-1 alpha-3: `data/countries.csv`."""

from functools import cache
from typing import Annotated, Any

from contracts.lines import code
from contracts.values import Country
from pydantic import BeforeValidator

from activities.words import rows_of


def country_code(said: Any) -> Any:
    """`SY` for `SYR`, and `TUR` for itself where the P-codes of a country are so; anything else as it is."""
    if not isinstance(said, str):
        return said
    return _by_iso3().get(text, text) if len(text := code(said)) == 3 else text


CountryCode = Annotated[Country, BeforeValidator(country_code)]
"""P-code of a country, or its ISO 3166-1 alpha-3 code."""


@cache
def _by_iso3() -> dict[str, str]:
    return {row["iso3"]: row["country"] for row in rows_of("countries.csv")}
