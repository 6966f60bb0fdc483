"""Whom a heading counts: one sex or both, of some ages, every word of it accounted for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from tables.phrases import LONGEST_PHRASE, MOST_WORDS, adding_nothing, spelled
from tables.words import rows_of

OLDEST = 199
ADULT = 18
BOTH = frozenset("fm")


@dataclass(frozen=True)
class PeopleGroup:
    """People of a sex and of ages, both included; `of` names the field they are a part of, where that is neither's."""

    sexes: frozenset[str] = BOTH
    first: int = 0
    last: int = OLDEST
    of: str = ""

    def within(self, other: "PeopleGroup") -> bool:
        same = self.of == other.of
        return same and self.sexes <= other.sexes and other.first <= self.first and self.last <= other.last

    def meets(self, other: "PeopleGroup") -> bool:
        """Whether anybody is in both. A year that ends one and begins the other is nobody's: `0-5`, `5-17`."""
        if not self.sexes & other.sexes:
            return False
        inside = self.first >= other.first and self.last <= other.last
        around = self.first <= other.first and self.last >= other.last
        return inside or around or (self.first < other.last and other.first < self.last)

    def __and__(self, other: "PeopleGroup") -> "PeopleGroup | None":
        sexes = self.sexes & other.sexes
        first, last = max(self.first, other.first), min(self.last, other.last)
        if not sexes or first > last or (self.of and other.of and self.of != other.of):
            return None
        return PeopleGroup(sexes, first, last, self.of or other.of)


EVERYBODY = PeopleGroup()


def group_of(row: Mapping[str, str]) -> PeopleGroup:
    """A row of a table of groups: a sex, ages such as `0-17` or `18+`, and what they are a part of."""
    first, _, last = row["ages"].removesuffix("+").partition("-")
    return PeopleGroup(frozenset(row["sex"] or BOTH), int(first or 0), int(last or OLDEST), row.get("of", ""))


def cover(group: PeopleGroup, parts: Sequence[PeopleGroup]) -> bool:
    """Whether these are all of the group, and nobody of it twice."""
    if any(one.meets(other) for place, one in enumerate(parts) for other in parts[place + 1 :]):
        return False
    return all(_reach(group, [part for part in parts if sex in part.sexes]) for sex in group.sexes)


def _reach(group: PeopleGroup, parts: Iterable[PeopleGroup]) -> bool:
    reached = group.first
    for part in sorted(parts, key=lambda part: part.first):
        if part.first > reached:
            return False
        reached = part.last + 1
    return reached > group.last


@lru_cache(maxsize=20_000)
def people_in(heading: str) -> PeopleGroup | None:
    """The group a heading names; none where it names nobody, two that exclude each other, or anything else."""
    words = spelled(heading).split()
    if not 0 < len(words) <= MOST_WORDS:
        return None
    found, place = EVERYBODY, 0
    while place < len(words):
        length, said = _beginning(words, place)
        both = found & said if said else found
        if not length or both is None:
            return None
        found, place = both, place + length
    return found if found != EVERYBODY else None


def _beginning(words: Sequence[str], place: int) -> tuple[int, PeopleGroup | None]:
    """How many of the words say something, and what; no word where they are not known."""
    if (ages := _ages(words, place)) is not None:
        return ages
    for end in range(min(len(words), place + LONGEST_PHRASE), place, -1):
        phrase = " ".join(words[place:end])
        if (group := _groups().get(phrase)) is not None:
            return end - place, group
        if phrase in _neutral_words():
            return end - place, None
    return 0, None


def _ages(words: Sequence[str], place: int) -> tuple[int, PeopleGroup] | None:
    """`0 4`, `0 to 4`, `under 5`, `60 plus`, `60 years and above`; an age alone is none."""
    before = _kind_at(words, place, ("under", "over"))
    start = place + before[0]
    if start >= len(words) or not _is_age(words[start]):
        return None
    age, end = int(words[start]), start + 1
    if before[1]:
        group = PeopleGroup(last=age - 1) if before[1] == "under" and age else PeopleGroup(first=age)
        return end - place, group
    between = end + _kind_at(words, end, ("beside",))[0]
    between += _kind_at(words, between, ("between",))[0]
    if between < len(words) and _is_age(words[between]) and int(words[between]) >= age:
        last = int(words[between])
        # Who is 18 is grown up, whatever a heading of children says.
        return between + 1 - place, PeopleGroup(first=age, last=ADULT - 1 if last == ADULT > age else last)
    for after in (end, end + _kind_at(words, end, ("beside",))[0]):
        if (found := _kind_at(words, after, ("plus",)))[1]:
            return after + found[0] - place, PeopleGroup(first=age)
    return None


def _is_age(word: str) -> bool:
    return word.isdecimal() and len(word) <= 2


def _kind_at(words: Sequence[str], place: int, kinds: Sequence[str]) -> tuple[int, str]:
    """The longest phrase of these kinds that begins here, by its length and kind."""
    for end in range(min(len(words), place + LONGEST_PHRASE), place, -1):
        if (kind := _age_words().get(" ".join(words[place:end]))) in kinds:
            return end - place, kind or ""
    return 0, ""


@cache
def _groups() -> Mapping[str, PeopleGroup]:
    return {spelled(row["words"]): group_of(row) for row in rows_of("people_words.csv")}


@cache
def _age_words() -> Mapping[str, str]:
    return {spelled(row["words"]): row["kind"] for row in rows_of("age_words.csv")}


@cache
def _neutral_words() -> frozenset[str]:
    """Words that add nothing to whom a heading counts."""
    ages = {phrase for phrase, kind in _age_words().items() if kind == "beside"}
    return adding_nothing("people.total") | ages
