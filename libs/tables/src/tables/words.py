"""The tables of words that texts are read by: headings, HXL tags and values, in the languages of those who write."""

import csv
from collections.abc import Sequence
from pathlib import Path

DATA = Path(__file__).parent / "data"


def rows_of(name: str, folder: Path = DATA) -> Sequence[dict[str, str]]:
    """Rows of one of these tables; a service's own stand in a folder of its own."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
