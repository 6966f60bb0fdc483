"""The tables of words this service reads texts by: headings, HXL tags, values, and words that make a row severe."""

import csv
from collections.abc import Iterable
from pathlib import Path

DATA = Path(__file__).parent / "data"


def rows_of(name: str) -> Iterable[dict[str, str]]:
    """Rows of one of these tables."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
