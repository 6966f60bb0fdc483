"""Reading a file of areas: CSV with the heading of a COD, or NDJSON. A row that can't be read is refused alone."""

from collections.abc import Sequence
from typing import Annotated, Any

from contracts.lines import code
from contracts.nothing import is_nothing
from contracts.text import Line, OneCode
from contracts.values import Pcode
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter
from runtime.numbers import Plain, PlainWhole
from runtime.rows.errors import MalformedRow, NoRows
from runtime.rows.outcomes import Outcome, rejected_row
from runtime.rows.reading import BodyReader, Limits, ParsedRows

from registry.areas.domain import AreaRow
from registry.areas.errors import HeadingMissing, NamesMissing
from registry.files import CSV as CSV
from registry.files import NDJSON as NDJSON
from registry.files import rows_of

MOST_ROWS = 100_000
"""A country's communities fit well; of a file that is something else altogether each row would be refused apart."""
MOST_ENTRIES = 1000
"""Columns of a file of populated places are many; those not needed here are let be."""
LEVEL_OF_TYPE = {"community": 4, "neighbourhood": 5}
"""Level of an area in files of populated places, which name its type instead."""


def _or_none(value: object) -> object:
    return None if isinstance(value, str) and is_nothing(value) else value


def _no_code(value: object) -> object:
    """A code may be spelled as a word for nothing is: NA is Namibia."""
    return None if isinstance(value, str) and not any(map(str.isalnum, value)) else value


def _as_code(value: object) -> object:
    return code(value) if isinstance(value, str) else value


Blank = BeforeValidator(_or_none)
Bare = BeforeValidator(_as_code)
Code = Annotated[Pcode, OneCode]
Degrees = Annotated[float, Field(allow_inf_nan=False), Plain, Bare]


class SentArea(BaseModel):
    """A row as it was sent; columns it does not need are let be."""

    model_config = ConfigDict(extra="ignore")

    level: Annotated[int, Field(ge=0, le=9), PlainWhole, Bare]
    pcode: Code
    name_ar: Annotated[Line | None, Blank] = None
    name_en: Annotated[Line | None, Blank] = None
    name_tr: Annotated[Line | None, Blank] = None
    name_ku: Annotated[Line | None, Blank] = None
    name_ref: Annotated[Line | None, Blank] = None
    aliases: tuple[Line, ...] = Field(default=(), max_length=200)
    parent_pcode: Annotated[Code | None, BeforeValidator(_no_code)] = None
    lat: Annotated[Annotated[Degrees, Field(ge=-90, le=90)] | None, Blank] = None
    lon: Annotated[Annotated[Degrees, Field(ge=-180, le=180)] | None, Blank] = None

    def as_row(self, number: int) -> AreaRow:
        """What it says; without a name, an area that can't be written."""
        named = {"ar": self.name_ar, "en": self.name_en, "tr": self.name_tr, "ku": self.name_ku}
        names = {language: name for language, name in named.items() if name}
        aliases = [alias for alias in (*self.aliases, self.name_ref or "") if not is_nothing(alias)]
        return AreaRow(
            row=number,
            level=self.level,
            pcode=self.pcode,
            names=names,
            aliases=tuple(dict.fromkeys(alias for alias in aliases if alias not in names.values())),
            parent=self.parent_pcode,
            latitude=self.lat,
            longitude=self.lon,
        )


FIELDS = SentArea.model_fields.keys() | {"type"}
READER: BodyReader[AreaRow] = BodyReader(
    TypeAdapter(list[SentArea]),
    lambda number, sent: sent.as_row(number),
    limits=Limits(rows=MOST_ROWS, entries=MOST_ENTRIES),
    legacy={NoRows: "file_empty", MalformedRow: "row_malformed"},
)


def read(body: bytes, content_type: str) -> ParsedRows[AreaRow]:
    """The rows of a file and those that can't be read.

    A row's number is its line in a sheet, whose heading is line 1; in NDJSON, its line. Raises `HeadingMissing`,
    `HeadingTwice`, `NoRows`, `TooManyRows`, `EncodingNotUnderstood`.
    """
    rejected: list[Outcome] = []
    if content_type == CSV:
        batch = READER.batch(rows_of(body, FIELDS, rejected, _check_heading), rejected, _with_level)
    else:
        batch = READER.ndjson(body, _with_level)
    named = [row for row in batch.rows if row.names]
    nameless = [rejected_row(row.row or 0, [NamesMissing("name_en")]) for row in batch.rows if not row.names]
    return ParsedRows(named, [*batch.rejected, *nameless])


def _with_level(sent: dict[str, Any]) -> dict[str, Any]:
    """With the level that is meant by a type of place, where none is said."""
    if _or_none(sent.get("level")) is not None:
        return sent
    level = LEVEL_OF_TYPE.get(str(sent.get("type") or "").strip().lower())
    return {**sent, "level": level} if level is not None else {k: v for k, v in sent.items() if k != "level"}


def _check_heading(heading: Sequence[str]) -> None:
    found = set(heading)
    for needed in ("pcode", "parent_pcode"):
        if needed not in found:
            raise HeadingMissing(needed, heading=needed)
    if not found & {"level", "type"}:
        raise HeadingMissing("level", heading="level")
    if not found & {"name_en", "name_ar"}:
        raise HeadingMissing("name_en", heading="name_en")
