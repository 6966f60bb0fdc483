"""What a heading says beside what it counts: new or repeated, a month, for whom. Each is a value of another field."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from tables.conventions import is_short_year
from tables.phrases import LONGEST_PHRASE, MOST_WORDS, spelled
from tables.values import words_of

MONTH = "month"
_ARTICLE = "ال"
_FIRST_YEAR, _LAST_YEAR = 2000, 2099
_IN_DIGITS = re.compile(
    r"(?<!\d)(?:(?P<year>20\d\d)[-/.](?P<month>0?[1-9]|1[0-2])(?:[-/.]\d{1,2})?(?:[ T]00:00(?::00)?)?"
    r"|(?P<first>0?[1-9]|1[0-2])[-/.](?P<then>20\d\d))(?![\d/.-])"
)
"""`2025-03`, `2025-03-01` as a spreadsheet writes a month, `03/2025`."""


@dataclass(frozen=True)
class HeadingParts:
    """A heading taken apart."""

    rest: str
    """Its words without those that are parts."""
    said: frozenset[tuple[str, str]] = frozenset()
    """Fields with what it says for them."""

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(kind for kind, _ in self.said)


@lru_cache(maxsize=20_000)
def parts_in(heading: str, kinds: tuple[str, ...]) -> HeadingParts | None:
    """The heading taken apart; none where it says two values of a kind."""
    months, years = set[str](), set[str]()
    if MONTH in kinds:
        for found in _IN_DIGITS.finditer(heading):
            months.add(f"{int(found['month'] or found['first']):02d}")
            years.add(found["year"] or found["then"])
        heading = _IN_DIGITS.sub(" ", heading)
    words = spelled(heading).split()
    if len(words) > MOST_WORDS:
        return None
    said: dict[str, str] = {}
    rest: list[str] = []
    place = 0
    while place < len(words):
        length, kind, value = _beginning(words, place, kinds)
        if kind == MONTH:
            months.add(value)
        elif kind and said.setdefault(kind, value) != value:
            return None
        elif not kind and months and (year := _year(words[place])):
            years.add(year)
        elif not kind:
            rest.append(words[place])
        place += length
    if months:
        years.update(word for word in rest if is_year(word))
        rest = [word for word in rest if not is_year(word)]
    if len(months) > 1 or len(years) > 1:
        return None
    if months:
        [month], year = months, next(iter(years), None)
        said[MONTH] = f"{year}-{month}" if year else str(int(month))
    return HeadingParts(" ".join(rest), frozenset(said.items()))


def _year(word: str) -> str | None:
    """The year of a month it stands behind: `2025`, `25`."""
    if is_year(word):
        return word
    return f"20{word}" if len(word) == 2 and word.isdecimal() and is_short_year(int(word)) else None


def year_in(texts: Iterable[str]) -> str | None:
    """The one year that titles or groups of headings name."""
    years = {word for text in texts for word in spelled(text).split() if is_year(word)}
    return years.pop() if len(years) == 1 else None


def is_year(word: str) -> bool:
    """Whether it is a year somebody may report of."""
    return len(word) == 4 and word.isdecimal() and _FIRST_YEAR <= int(word) <= _LAST_YEAR


def _beginning(words: Sequence[str], place: int, kinds: tuple[str, ...]) -> tuple[int, str, str]:
    """The longest phrase that is a part: its length, its kind and value."""
    for end in range(min(len(words), place + LONGEST_PHRASE), place, -1):
        for phrase in _forms(words[place:end]):
            if (found := _phrases(kinds).get(phrase)) is not None:
                return end - place, *found
    return 1, "", ""


def _forms(words: Sequence[str]) -> Iterator[str]:
    """The phrase, and without the Arabic article."""
    yield " ".join(words)
    if any(word.startswith(_ARTICLE) for word in words):
        yield " ".join(word.removeprefix(_ARTICLE) for word in words)


@cache
def _phrases(kinds: tuple[str, ...]) -> Mapping[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for kind in kinds:
        for phrase, value in words_of(kind).items():
            found.setdefault(spelled(phrase), (kind, f"{int(value):02d}" if kind == MONTH else value))
    return found
