"""Reading a file of areas: a table with the headings of a COD, a map, or NDJSON. A row that can't be read is refused
alone."""

import asyncio
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import IO, Annotated, Any

from contracts.lines import code, line
from contracts.nothing import is_nothing
from contracts.text import Line, OneCode
from contracts.values import Pcode
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter
from runtime.numbers import Plain, PlainWhole
from runtime.rows.errors import MalformedRow, NoRows
from runtime.rows.outcomes import Outcome, rejected_row
from runtime.rows.reading import BodyReader, Limits, ParsedRows
from tables.errors import NoSheets
from tables.extraction import extract
from tables.kinds import FileKind
from tables.records import SkippedSheet

from registry.areas.domain import AreaRow
from registry.areas.errors import BrokenMap, HeadingMissing, NameCutOff, NamesMissing
from registry.areas.headings import CodTable, cod_heading, deepest
from registry.files import CSV as CSV
from registry.files import NDJSON as NDJSON
from registry.files import by_heading, rows_of
from registry.maps.reading import is_zip, read_map

GEOJSON = "application/geo+json"
"""TopoJSON, too."""
ZIP = "application/zip"
SHEETS = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.spreadsheet",
)
KINDS = (CSV, NDJSON, *SHEETS, GEOJSON, ZIP)
CUT_OFF = re.compile("[\ufffd\udc80-\udcff]\\s*$")
"""Of a letter of which only a part is left; elsewhere such a sign is no valid text."""

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


async def read(body: bytes, content_type: str) -> ParsedRows[AreaRow]:
    """The rows of a file and those that can't be read.

    A row's number is its line in a sheet, whose heading is line 1; in NDJSON, its line; in a map, the feature's. Raises
    `HeadingMissing`, `HeadingTwice`, `NoRows`, `TooManyRows`, `EncodingNotUnderstood` and why a workbook or a map can't
    be read.
    """
    if content_type == NDJSON:
        return await asyncio.to_thread(_read_lines, body)
    if content_type == CSV:
        return await asyncio.to_thread(
            _read_table, lambda table: rows_of(body, FIELDS, table.rejected, table.check, known=is_cod)
        )
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as rows:
        await asyncio.to_thread(_spool, body, file)
        if content_type in SHEETS:
            return await _read_workbook(file, rows)
        if content_type != GEOJSON and not is_zip(file):
            raise BrokenMap
        found = await read_map(file, "json" if content_type == GEOJSON else "zip", rows)
        read = await asyncio.to_thread(
            _read_table, lambda table: by_heading(found.records(), FIELDS, table.rejected, table.check)
        )
        rows_read = [replace(row, boundary=found.boundaries.get(row.row or 0)) for row in read.rows]
        return ParsedRows(rows_read, read.rejected)


def _spool(body: bytes, file: IO[bytes]) -> None:
    file.write(body)
    file.seek(0)


async def _read_workbook(file: IO[bytes], rows: IO[bytes]) -> ParsedRows[AreaRow]:
    """The rows of the sheet of the deepest level: they name the areas above them, too."""
    book = await extract(file, FileKind.WORKBOOK, rows)
    sheets = [source for source in book.sources if not isinstance(source, SkippedSheet)]
    if not sheets:
        raise NoSheets
    headings = await asyncio.to_thread(lambda: [next(sheet.records()).cells for sheet in sheets])
    levels = [deepest([line(cell).lower() for cell in cells]) for cells in headings]
    place = max(range(len(sheets)), key=lambda place: -1 if levels[place] is None else levels[place] or 0)
    return await asyncio.to_thread(
        _read_table, lambda table: by_heading(sheets[place].records(), FIELDS, table.rejected, table.check)
    )


def _read_lines(body: bytes) -> ParsedRows[AreaRow]:
    return _named(READER.ndjson(body, _with_level))


def _read_table(rows: Callable[["TableOfAreas"], Iterator[tuple[int, dict[str, str]]]]) -> ParsedRows[AreaRow]:
    table = TableOfAreas()
    read = _named(READER.batch(table.completed(rows(table)), table.rejected, _with_level))
    return ParsedRows([*table.above(), *map(table.nested, read.rows)], read.rejected)


def _named(batch: ParsedRows[AreaRow]) -> ParsedRows[AreaRow]:
    named = [row for row in batch.rows if row.names]
    nameless = [rejected_row(row.row or 0, [NamesMissing("name_en")]) for row in batch.rows if not row.names]
    return ParsedRows(named, [*batch.rejected, *nameless])


class TableOfAreas:
    """What is learned of a table while its rows are read."""

    def __init__(self) -> None:
        self.rejected: list[Outcome] = []
        self._cod: CodTable | None = None
        self._above: dict[tuple[object, object], dict[str, object]] = {}

    def check(self, heading: Sequence[str]) -> None:
        """Take the headings. Raises `HeadingMissing`."""
        if deepest(heading) is None:
            _check_heading(heading)
            return
        self._cod = CodTable(heading)
        if not self._cod.is_named:
            raise HeadingMissing("name_en", heading="name_en")

    def completed(self, rows: Iterator[tuple[int, dict[str, str]]]) -> Iterator[tuple[int, dict[str, object]]]:
        """The rows as they would be sent one by one; a name cut off rejects its row."""
        for number, row in rows:
            read = (heading for heading in row if heading in FIELDS or is_cod(heading))
            if cut := next((heading for heading in read if CUT_OFF.search(row[heading])), None):
                self.rejected.append(rejected_row(number, [NameCutOff(cut, heading=cut)]))
                continue
            if not self._cod:
                yield number, dict(row)
                continue
            own, *above = self._cod.areas(row)
            for area in above:
                self._above.setdefault((area["level"], area["pcode"]), area)
            yield number, own

    def above(self) -> list[AreaRow]:
        """The areas that rows only stand under: they are added where nobody knows them yet."""
        if not self._above:
            return []
        read, _ = READER.validated(list(enumerate(self._above.values())))
        return [replace(self.nested(row), row=None) for row in read if row.names]

    def nested(self, row: AreaRow) -> AreaRow:
        is_nested = self._cod is not None and row.parent is None and row.level > 0
        return replace(row, is_nested=True) if is_nested else row


def is_cod(heading: str) -> bool:
    return cod_heading(heading) is not None


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
