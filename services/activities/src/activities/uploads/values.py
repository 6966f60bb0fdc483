"""Words that stand for values, in the languages of those who write them: `values.csv`."""

from functools import cache

from activities.spelling import folded, parts
from activities.words import rows_of

LONGEST_EMPTY = 14
"""Letters of the longest word for "there is none"."""


def word(kind: str, text: str) -> str | None:
    """The value that one half of a bilingual cell spells, such as `completed` for "مكتمل"."""
    words = words_of(kind)
    return next((words[form] for part in parts(text) if (form := folded(part)) in words), None)


def is_empty(text: str) -> bool:
    return text.casefold() in words_of("empty")


@cache
def words_of(kind: str) -> dict[str, str]:
    """Values by their spelling. `empty` is looked up as it stands: folding would leave nothing of a dash."""
    read = str.casefold if kind == "empty" else folded
    return {read(row["spelling"]): row["value"] for row in rows_of("values.csv") if row["kind"] == kind}
