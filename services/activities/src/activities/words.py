"""The tables of words this service reads texts by: headings, HXL tags, units, and words that make a row severe."""

from functools import partial
from pathlib import Path

from tables import words

rows_of = partial(words.rows_of, folder=Path(__file__).parent / "data")
