"""Optional fields never refuse a row: what is not understood of them is kept as it was written, and never counted."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

import orjson
from contracts.nothing import is_nothing
from contracts.sensitivity import Sensitivity
from contracts.text import FORBIDDEN
from tables.values import word

from activities.reports.schemas import KINDS, NewReport

LONGEST = 5000
"""Letters that are kept of a text."""
LONGEST_FIELD = 100
NOT_UNDERSTOOD = "value_not_understood"
AS_NOTHING = "na_as_empty"
REFUSING = frozenset(
    {
        "external_id",
        "organisation_id",
        "organisation",
        "organisation_acronym",
        "implementing_organisation_id",
        "implementing_organisation",
        "sector",
        "sector_name",
        "area_of_responsibility",
        "country",
        "area",
        *(f"adm{level}{ending}" for level in range(1, 5) for ending in ("", "_name")),
        "month",
        "start_date",
        "end_date",
        "status",
        "people",
        "as_written",
    }
)
"""Whose row it is, where, when, in which sector and state, and how many people: a row needs these right."""
OPTIONAL = frozenset(NewReport.model_fields) - REFUSING
DAYS = frozenset({"start_date", "end_date"})
SPELLED = frozenset(name for name, kind in KINDS.items() if kind is bool or issubclass(kind, StrEnum))
"""Fields whose values have words."""

Fields = dict[str, Any]
Flags = dict[str, None]


def is_optional(field: str) -> bool:
    """Whether it refuses no row; a field may be within another, as `measured_outputs.litres`."""
    return field.partition(".")[0] in OPTIONAL


def is_no_day(field: str, text: str) -> bool:
    """Whether words alone, such as `ongoing`, stand for a day: nothing that could be taken for another day."""
    return field in DAYS and not any(letter.isdigit() for letter in text)


def keep(fields: Fields, field: str, value: object, flags: Flags) -> None:
    """Note beside the fields what one of them was said to be; a level that is not understood is the highest."""
    flags[NOT_UNDERSTOOD] = None
    fields["as_written"] = {**(fields.get("as_written") or {}), as_text(field)[:LONGEST_FIELD]: as_text(value)}
    if field == "sensitivity":
        fields[field] = Sensitivity.SEVERE


def as_text(value: object) -> str:
    """What was said as a text that can be kept."""
    if isinstance(value, list | tuple) and all(isinstance(each, str) for each in value):
        value = " | ".join(value)
    text = orjson.dumps(value, default=str).decode() if isinstance(value, list | dict | bool | None) else str(value)
    plain = FORBIDDEN.sub("\ufffd", text)
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"


def mended(row: Mapping[str, Any], places: Iterable[tuple[Any, ...]]) -> tuple[Fields, tuple[str, ...]] | None:
    """The row without what is wrong at these places, and its flags; none where a field is wrong that refuses."""
    fields, flags = dict(row), Flags()
    if not isinstance(fields.get("as_written"), dict | None):
        return None
    for place in dict.fromkeys(places):
        if not _mend(fields, [str(step) for step in place], flags):
            return None
    return fields, tuple(flags)


def _mend(fields: Fields, place: list[str], flags: Flags) -> bool:
    field = place[0] if place else ""
    said = fields.get(field)
    if field in SPELLED and isinstance(said, str) and (value := word(field, said, flags)) not in (None, said):
        fields[field] = value
        return True
    if field not in OPTIONAL and not (isinstance(said, str) and is_no_day(field, said)):
        return False
    if field == "measured_outputs" and isinstance(said, dict) and len(place) > 1 and place[1] in said:
        fields[field] = {code: value for code, value in said.items() if code != place[1]}
        keep(fields, f"{field}.{place[1]}", said[place[1]], flags)
    elif field in fields:
        del fields[field]
        if isinstance(said, str) and is_nothing(said):
            flags[AS_NOTHING] = None
        else:
            keep(fields, field, said, flags)
    return True
