"""The headings and HXL tags of reports: `data/headings.csv`, with words of each sector, and `data/hxl.csv`."""

from collections.abc import Iterable, Mapping
from functools import cache

from tables.headings import Headings, TagPattern, pattern_of
from tables.phrases import Vocabulary, passed_over

from activities.uploads.fields import REPORT_FIELDS
from activities.words import rows_of


def report_headings(sector: str | None = None) -> Headings:
    """As the sector says them, as all do, as no sector contradicts; an area of responsibility has its sector's."""
    return _headings((sector or "").partition("-")[0])


@cache
def _headings(sector: str) -> Headings:
    said: dict[str, dict[str, str]] = {"": dict(passed_over())}
    for row in rows_of("headings.csv"):
        said.setdefault(row["sector"], {})[row["heading"]] = row["field"]
    own = said.get(sector, {}) if sector else {}
    return Headings(REPORT_FIELDS, Vocabulary([own.items(), said[""].items(), _agreed(said.values())]), _patterns())


@cache
def _patterns() -> tuple[TagPattern, ...]:
    return tuple(pattern_of(row["pattern"], row["field"]) for row in rows_of("hxl.csv"))


def _agreed(tables: Iterable[Mapping[str, str]]) -> list[tuple[str, str]]:
    meant: dict[str, set[str]] = {}
    for table in tables:
        for heading, field in table.items():
            meant.setdefault(heading, set()).add(field)
    return [(heading, fields.pop()) for heading, fields in meant.items() if len(fields) == 1]
