"""Headings of files of areas: the platform's own, and those of common operational datasets (COD-AB) through the years.

`admin3Name_en, admin3Pcode, admin2Pcode`, `ADM3_EN, ADM3_PCODE`, `adm3_name, adm3_name1, lang1`: a row names an area
and all above it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

COD = re.compile(
    r"adm(?:in)?(?P<level>\d)_?(?:(?P<pcode>pcode)|(?P<ref>ref(?:_?name)?)|alt(?:name)?\d?_?(?P<alt>[a-z]{2})"
    r"|name(?P<place>\d?)(?:_(?P<named>[a-z]{2}))?|(?P<language>[a-z]{2}))"
)
SAME = {
    "center_lat": "lat", "center_lon": "lon", "latitude": "lat", "longitude": "lon", "centroid_lat": "lat",
    "centroid_lon": "lon", "validon": "valid_on", "validto": "valid_to",
}  # fmt: skip
LANGUAGES = ("ar", "en", "tr", "ku")
ARABIC = re.compile("[\u0621-\u064a]")


class CodHeading(NamedTuple):
    """What a column of a COD-AB says of the area of one level."""

    level: int
    kind: str
    """`pcode`, `alias`, or `name`."""
    language: str | None = None
    place: str = ""
    """Of a name whose language another column tells: `lang`, `lang1`."""


def cod_heading(heading: str) -> CodHeading | None:
    found = COD.fullmatch(heading)
    if not found:
        return None
    level = int(found["level"])
    if found["pcode"]:
        return CodHeading(level, "pcode")
    if found["ref"] or found["alt"]:
        return CodHeading(level, "alias")
    return CodHeading(level, "name", found["named"] or found["language"], found["place"] or "")


def deepest(headings: Sequence[str]) -> int | None:
    """The deepest level these headings give a P-code of; none where they are no COD-AB's but the platform's."""
    if "pcode" in headings:
        return None
    found = [cod.level for heading in headings if (cod := cod_heading(heading)) and cod.kind == "pcode"]
    return max(found, default=None)


class CodTable:
    """A table with the headings of a COD-AB."""

    def __init__(self, headings: Sequence[str]) -> None:
        found = {heading: cod for heading in headings if (cod := cod_heading(heading))}
        self._levels = sorted({cod.level for cod in found.values() if cod.kind == "pcode"}, reverse=True)
        self._columns = {
            level: [(heading, cod) for heading, cod in found.items() if cod.level == level] for level in self._levels
        }
        self.is_named = any(cod.kind == "name" and cod.level == self._levels[0] for cod in found.values())

    def areas(self, row: Mapping[str, str]) -> Iterator[dict[str, object]]:
        """The area of a row and those above it, the deepest first, as they would be sent one by one."""
        for place, level in enumerate(self._levels):
            area = self._named(row, level)
            if place + 1 < len(self._levels):
                above = f"{self._pcode(row, self._levels[place + 1])}"
                area["parent_pcode"] = above
            if place == 0:
                area |= {SAME[heading]: cell for heading, cell in row.items() if heading in SAME}
                area |= {heading: row[heading] for heading in ("lat", "lon", "valid_to") if row.get(heading)}
            yield area

    def _pcode(self, row: Mapping[str, str], level: int) -> str:
        return next((row.get(heading, "") for heading, cod in self._columns[level] if cod.kind == "pcode"), "")

    def _named(self, row: Mapping[str, str], level: int) -> dict[str, object]:
        names: dict[str, object] = {}
        aliases: list[str] = []
        for heading, cod in self._columns[level]:
            cell = row.get(heading, "")
            if cod.kind == "pcode" or not cell.strip():
                continue
            language = cod.language or row.get(f"lang{cod.place}", "").strip().lower()
            if cod.kind == "name" and not language:
                language = "ar" if ARABIC.search(cell) else "en"
            if cod.kind == "name" and language in LANGUAGES and f"name_{language}" not in names:
                names[f"name_{language}"] = cell
            else:
                aliases.append(cell)
        if not names and aliases:
            # Of another language than those kept: it stands where its letters are read.
            names["name_ar" if ARABIC.search(aliases[0]) else "name_en"] = aliases.pop(0)
        return {"level": level, "pcode": self._pcode(row, level), **names, "aliases": tuple(aliases)}
