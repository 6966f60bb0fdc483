"""Countries by the code their areas have, also where a sender writes ISO 3166-1 alpha-3: `data/countries.csv`."""

import csv
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator

from contracts.lines import code
from contracts.values import Country


def country_code(said: Any) -> Any:
    """`SY` for `SYR`, and `TUR` for itself where the P-codes of a country are so; anything else as it is."""
    if not isinstance(said, str):
        return said
    return _by_iso3().get(text, text) if len(text := code(said)) == 3 else text


CountryCode = Annotated[Country, BeforeValidator(country_code)]
"""P-code of a country, or its ISO 3166-1 alpha-3 code."""


@cache
def _by_iso3() -> dict[str, str]:
    with (Path(__file__).parent / "data" / "countries.csv").open(encoding="utf-8", newline="") as file:
        return {row["iso3"]: row["country"] for row in csv.DictReader(file)}
