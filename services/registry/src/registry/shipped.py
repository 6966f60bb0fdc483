"""The code lists that come with the registry, read from its own data files."""

import csv
import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.resources import files
from itertools import groupby

import orjson

from registry.areas.domain import AreaRow
from registry.boundaries.store import FULL, Boundary
from registry.codes.domain import Indicator, OrganisationType, Sector
from registry.countries.domain import Country, Level
from registry.scopes.domain import Scope

DATA = files("registry") / "data"

Row = Mapping[str, str]


def digest(*names: str) -> bytes:
    """Changes when one of the files does."""
    return hashlib.sha256(b"\0".join((DATA / name).read_bytes() for name in names)).digest()


def _rows(name: str) -> Iterator[Row]:
    with (DATA / name).open(encoding="utf-8") as opened:
        yield from csv.DictReader(opened)


def _names(row: Row) -> dict[str, str]:
    named = {"ar": row["name_ar"], "en": row["name_en"]}
    return {language: name for language, name in named.items() if name}


def sectors() -> list[Sector]:
    """Sectors, each after its parent."""
    aliases = {
        code: tuple(row["alias"] for row in rows)
        for code, rows in groupby(_rows("sector_aliases.csv"), lambda row: row["code"])
    }
    return [
        Sector(
            code=row["code"],
            names=_names(row),
            aliases=aliases.get(row["code"], ()),
            parent=row["parent"] or None,
            has_working_group=row["working_group"] == "yes",
        )
        for row in _rows("sectors.csv")
    ]


def indicators() -> list[Indicator]:
    return [Indicator(row["code"], row["sector"], _names(row), row["unit"]) for row in _rows("indicators.csv")]


def organisation_types() -> list[OrganisationType]:
    return [OrganisationType(row["code"], _names(row)) for row in _rows("organisation_types.csv")]


def countries() -> list[Country]:
    """Countries with the patterns of their P-codes."""
    levels = {
        code: tuple(Level(int(row["level"]), row["pattern"], _names(row)) for row in rows)
        for code, rows in groupby(_rows("area_patterns.csv"), lambda row: row["country"])
    }
    return [
        Country(row["country"], row["iso3"], _names(row), levels.get(row["country"], ()))
        for row in _rows("countries.csv")
    ]


def areas() -> list[AreaRow]:
    """Syria down to its sub-districts."""
    return [
        AreaRow(
            row=number,
            level=int(row["level"]),
            pcode=row["pcode"],
            names=_names(row),
            aliases=tuple(alias for alias in row["aliases"].split("|") if alias),
            parent=row["parent_pcode"] or None,
            latitude=float(row["lat"]) if row["lat"] else None,
            longitude=float(row["lon"]) if row["lon"] else None,
        )
        for number, row in enumerate(_rows("areas_syr.csv"), start=2)
    ]


BOUNDARIES_SOURCE = "OCHA COD-AB Syria (2020-12-17), CC BY 3.0 IGO; simplified"


def boundaries() -> list[Boundary]:
    """Those of the governorates of Syria."""
    lines = (DATA / "boundaries_syr.ndjson").read_bytes().splitlines()
    return [
        Boundary(found["pcode"], FULL, orjson.dumps(found["geometry"]).decode()) for found in map(orjson.loads, lines)
    ]


def scopes() -> list[Scope]:
    return [
        Scope(
            country=row["country"],
            code=row["code"],
            names=_names(row),
            areas=tuple(row["areas"].split()),
            active_from=date.fromisoformat(row["active_from"]) if row["active_from"] else None,
            time_zone=row["time_zone"],
        )
        for row in _rows("scopes.csv")
    ]
