"""Declaring fields of the graph: each with its reading and its description in English and Arabic."""

from enum import Enum
from typing import Any

import strawberry

from gateway.graph.reading import (
    READS,
    Choice,
    EachLanguage,
    Inside,
    InsideList,
    Known,
    KnownList,
    PageRows,
    Reading,
    Same,
    Value,
)
from gateway.reference.memory import Memory

Description = str


def told(en: str, ar: str) -> Description:
    """A description in both languages."""
    return f"{en} {ar}"


def value(en: str, ar: str, *, column: str) -> Any:
    """The value of a column."""
    return _declared(en, ar, Value(column))


def choice(en: str, ar: str, *, column: str, among: type[Enum]) -> Any:
    """The value of a column, one of an enum's."""
    return _declared(en, ar, Choice(column, among))


def inside(en: str, ar: str, *, column: str) -> Any:
    """An object that lies in a column."""
    return _declared(en, ar, Inside(column))


def inside_list(en: str, ar: str, *, column: str) -> Any:
    """Objects that lie in a column as a list."""
    return _declared(en, ar, InsideList(column))


def each_language(en: str, ar: str, *, column: str, part: str) -> Any:
    """A name made of one part of each language's text."""
    return _declared(en, ar, EachLanguage(column, part))


def page_rows(en: str, ar: str) -> Any:
    """The rows of a page."""
    return _declared(en, ar, PageRows())


def same(en: str, ar: str) -> Any:
    """An object made of the same row."""
    return _declared(en, ar, Same())


def known_organisation(en: str, ar: str, *, column: str) -> Any:
    return _declared(en, ar, Known(Memory.organisation, (column,)))


def known_organisations(en: str, ar: str, *, column: str) -> Any:
    return _declared(en, ar, KnownList(Memory.organisation, (column,)))


def known_area(en: str, ar: str, *, column: str, country: str = "country") -> Any:
    return _declared(en, ar, Known(Memory.area, (country, column)))


def known_areas(en: str, ar: str, *, column: str, country: str = "country") -> Any:
    return _declared(en, ar, KnownList(Memory.area, (country, column)))


def known_areas_anywhere(en: str, ar: str, *, column: str) -> Any:
    """Areas of P-codes that come without their country."""
    return _declared(en, ar, KnownList(Memory.area_of, (column,)))


def known_sector(en: str, ar: str, *, column: str) -> Any:
    return _declared(en, ar, Known(Memory.sector, (column,)))


def known_sectors(en: str, ar: str, *, column: str) -> Any:
    return _declared(en, ar, KnownList(Memory.sector, (column,)))


def known_indicator(en: str, ar: str, *, column: str) -> Any:
    return _declared(en, ar, Known(Memory.indicator, (column,)))


def _declared(en: str, ar: str, reading: Reading) -> Any:
    return strawberry.field(description=told(en, ar), metadata={READS: reading})
