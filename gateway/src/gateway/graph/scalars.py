"""Scalars of the graph. Services send them as JSON already, so they pass as they are."""

from decimal import Decimal as Exact
from decimal import InvalidOperation
from typing import Any, NewType
from uuid import UUID

import strawberry
from contracts.instants import day, instant
from strawberry.types.scalar import ScalarDefinition

Date = NewType("Date", str)
DateTime = NewType("DateTime", str)
Decimal = NewType("Decimal", str)
Id = NewType("Id", str)
Json = NewType("Json", object)


def _as_it_is(value: Any) -> Any:
    return value


def _date(value: Any) -> str:
    return _read(lambda: day(value).isoformat(), "a date such as 2026-03-31")


def _datetime(value: Any) -> str:
    return _read(lambda: instant(value).isoformat(), "an instant such as 2026-03-31T08:00:00Z")


def _decimal(value: Any) -> str:
    return _read(lambda: str(Exact(value)), "a decimal number as text")


def _id(value: Any) -> str:
    return _read(lambda: str(UUID(value)), "an id (UUID)")


def _read(read: Any, expected: str) -> str:
    try:
        return str(read())
    except (ValueError, TypeError, AttributeError, InvalidOperation):
        raise ValueError(f"expected {expected}") from None  # the library adds the value and its place


def _scalar(name: str, description: str, parse: Any) -> ScalarDefinition:
    return strawberry.scalar(name=name, description=description, serialize=_as_it_is, parse_value=parse)


SCALARS: dict[object, ScalarDefinition] = {
    Date: _scalar("Date", "A day, ISO 8601. يوم بصيغة ISO 8601.", _date),
    DateTime: _scalar("DateTime", "An instant in UTC, ISO 8601. لحظة زمنية بالتوقيت العالمي.", _datetime),
    Decimal: _scalar("Decimal", "An exact decimal number, as text. عدد عشري دقيق، كنص.", _decimal),
    Json: _scalar("JSON", "As the service says it, in its words of REST. كما تقوله الخدمة بكلمات REST.", _as_it_is),
    Id: _scalar("UUID", "Id of an object. معرّف عنصر.", _id),
}
