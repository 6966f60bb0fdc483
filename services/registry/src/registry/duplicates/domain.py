"""Whether two organisations may be one: a score, and the reasons for it. No I/O."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import product
from uuid import UUID

from contracts.folding import fold
from rapidfuzz.distance import Levenshtein

from registry.duplicates.words import GENERIC_WEIGHT, Word, WordKind, of_known, words_of
from registry.organisations.domain import OrganisationProfile

PROPOSED = 0.82
"""Score from which two are proposed to be one."""
HINT = 0.3
"""Of an acronym that both have: a quarter of all partners share theirs with another."""
NEAR = 0.6
"""Score from which somebody who applies is told of another."""
LIKE = 0.8
"""Of two words, from which they may be one word."""
OF_A_PART = 0.03
"""What is less certain where only parts of names are alike."""
APART = re.compile(r"\s[-–—|/:]\s|[()\[\]/|]")
LONGEST_ACRONYM = 10
LONGEST_LEADING = 4
FEWEST = 0.9
"""Weight of what two names share where all the rest says what kind of body it is: a name of its own, or two words."""
NAME_IS_ACRONYM, SAME_ACRONYM = "name_is_acronym", "same_acronym"
SURELY, ALIKE, NEARLY = 1.0, 0.97, 0.95
"""What is the same; most of what is only alike; a code, or an acronym for a name."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two organisations are, and why."""

    score: float
    reasons: tuple[str, ...] = ()
    """The strongest first."""

    @property
    def proposes(self) -> bool:
        """Whether it is enough to propose that they are one."""
        return self.score >= PROPOSED

    @property
    def is_near(self) -> bool:
        """Whether it is enough to tell who applies: an acronym that both have, too."""
        return self.score >= NEAR or SAME_ACRONYM in self.reasons


Reading = tuple[Word, ...]
"""A name, or a part of one, by its words."""


@dataclass(frozen=True, eq=False)
class Known:
    """An organisation as it is compared."""

    id: UUID
    names: frozenset[str]
    """Names and aliases, folded."""
    acronyms: frozenset[str]
    world_names: frozenset[str]
    """What the world calls it besides."""
    world_acronyms: frozenset[str]
    words: tuple[tuple[Word, ...], ...]
    """Of each name."""
    parts: tuple[tuple[Word, ...], ...]
    """Of what stands within names by itself, as before or within brackets."""
    ids: frozenset[tuple[str, str]]
    codes: frozenset[tuple[str, str]]

    @cached_property
    def keys(self) -> frozenset[str]:
        """What it may be found by: whatever may be one shares one of these."""
        words = {word for reading in (*self.words, *self.parts) for word in reading}
        called = self.names | self.acronyms | self.world_names | self.world_acronyms
        weighty = {word for word in words if word.kind is not WordKind.GENERIC} or words
        return frozenset(
            {
                *(word.text for word in weighty),
                *(f"sound {word.sound}" for word in weighty if len(word.sound) > 1),
                *(f"whole {name[:200]}" for name in called),
                *(f"id {scheme} {value}" for scheme, value in self.ids),
                *(f"code {issuer} {code}" for issuer, code in self.codes),
            }
        )


def known(id: UUID, profile: OrganisationProfile) -> Known:
    """The organisation as it is compared."""
    said = sorted({*profile.names.values(), *profile.aliases})
    world = [names for name in said if (names := of_known(name))]
    called = [name for names in world for name in names.names]
    words = dict.fromkeys(reading for name in said if (reading := words_of(name)))
    parts = dict.fromkeys(words_of(part) for name in (*said, *called) for part in _parts(name))
    return Known(
        id,
        _forms_of(said),
        _forms_of(profile.acronyms.values()),
        _forms_of(called),
        _forms_of(acronym for names in world for acronym in names.acronyms),
        tuple(words),
        (*parts, *dict.fromkeys(map(words_of, called))),
        frozenset((scheme, fold(value)) for scheme, value in profile.external_ids.items()),
        frozenset((code["issuer"], fold(code["code"])) for code in profile.partner_codes),
    )


def _forms_of(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(map(fold, texts)) - {""}


def _parts(name: str) -> Iterator[str]:
    """Parts of a name that are names of one body, not of a branch in some country."""
    parts = [part for part in APART.split(name) if part and part.strip()]
    words = [words_of(part) for part in parts]
    if len(parts) > 1 and not any(word.kind is WordKind.PLACE for each in words for word in each):
        for part, each in zip(parts, words, strict=True):
            if not part.strip().isdecimal() and (sum(word.weight for word in each) >= 1 or len(each) > 2):
                yield part


def _without(words: tuple[Word, ...], acronyms: Iterable[str]) -> tuple[Word, ...]:
    """The words of a name without an acronym, as `ACTED - Agency for …` has it, unless that is all there is."""
    forms = {form for acronym in acronyms if len(acronym) <= LONGEST_ACRONYM for form in (acronym, *acronym.split())}
    return tuple(word for word in words if word.text not in forms) or words


def likeness(one: Known, other: Known, common: Collection[Reading] = frozenset()) -> Likeness:
    """How alike they are; a part of a name that is `common` says nothing of who has it."""
    found = [Likeness(SURELY, ("external_id",))] if one.ids & other.ids else []
    if one.codes & other.codes:
        found.append(Likeness(NEARLY, ("partner_code",)))
    if one.names & other.names:
        found.append(Likeness(SURELY, ("same_name",)))
    elif (one.names | one.world_names) & (other.names | other.world_names):
        found.append(Likeness(ALIKE, ("same_name",)))
    if (one.names & other.acronyms) or (other.names & one.acronyms):
        found.append(Likeness(NEARLY, (NAME_IS_ACRONYM,)))
    elif (one.names & other.world_acronyms) or (other.names & one.world_acronyms):
        found.append(Likeness(NEARLY - OF_A_PART, (NAME_IS_ACRONYM,)))
    acronyms = one.acronyms | other.acronyms | one.world_acronyms | other.world_acronyms
    shared = bool(one.acronyms & other.acronyms)
    parts = [[part for part in each.parts if part not in common] for each in (one, other)]
    for mine, theirs in product((*one.words, *parts[0]), (*other.words, *parts[1])):
        left, right = _without(mine, acronyms), _without(theirs, acronyms)
        both = shared or (left != mine) is not (right != theirs)
        like = names_alike(left, right, shared=both)
        whole = mine in one.words and theirs in other.words
        found.append(like if whole else replace(like, score=like.score - OF_A_PART))
    if shared:
        found.append(Likeness(HINT, (SAME_ACRONYM,)))
    found = sorted((each for each in found if each.score >= HINT), key=lambda each: -each.score)
    reasons = dict.fromkeys(reason for each in found for reason in each.reasons)
    return Likeness(found[0].score, tuple(reasons)) if found else Likeness(0.0)


ACRONYM_BONUS = 0.15


@lru_cache(maxsize=100_000)
def names_alike(one: tuple[Word, ...], other: tuple[Word, ...], *, shared: bool = False) -> Likeness:
    """How much of two names is the same, each word by its weight; `shared`: their acronyms are the same."""
    left, weight, how, proper = list(other), 0.0, set(), False
    missed: list[Word] = []
    for word in sorted(one, key=lambda word: -word.weight):
        near = max(((_alike(word, each), each) for each in left), key=lambda pair: pair[0][0], default=None)
        if near is None or near[0][0] < LIKE:
            missed.append(word)
            continue
        (score, reason), match = near
        left.remove(match)
        weight += score * min(word.weight, match.weight)
        how.add(reason)
        proper = proper or match.proper
    asides = {word for word in (*missed, *left) if word in (one[0], other[0]) and _may_be_acronym(word, one, other)}
    if len(asides) > 1:
        asides = set()
    both = sum(GENERIC_WEIGHT if word in asides else word.weight for word in (*one, *other))
    score = 2 * weight / both if both else 0.0
    extra = [word for word in (*missed, *left) if word not in asides]
    if any(word.kind is WordKind.PLACE or word.text.isdecimal() for word in extra):
        return Likeness(min(score, 0.6), ("similar_name",))
    if weight >= (FEWEST if proper else 1 + FEWEST) and all(word.kind is WordKind.GENERIC for word in extra):
        score = max(score, 0.85)
    if shared and score >= 0.5:
        score += ACRONYM_BONUS
    reasons = [reason for reason in ("transliterated",) if reason in how]
    return Likeness(round(min(score, ALIKE), 3), (*reasons, "similar_name"))


def _may_be_acronym(word: Word, one: Sequence[Word], other: Sequence[Word]) -> bool:
    """Whether the first word of a longer name may be its acronym in another language."""
    return len(word.text) <= LONGEST_LEADING and word.kind is WordKind.WORD and min(len(one), len(other)) > 1


def _alike(one: Word, other: Word) -> tuple[float, str]:
    if one.text == other.text:
        return 1.0, "same"
    if one.is_arabic is not other.is_arabic:
        same = one.sound == other.sound and len(one.sound) > 1
        return (0.95 if len(one.sound) > 2 else LIKE, "transliterated") if same else (0.0, "")
    if min(len(one.text), len(other.text)) < 4:
        return 0.0, ""
    score = Levenshtein.normalized_similarity(one.text, other.text)
    if one.sound == other.sound and len(one.sound) > 2:
        score = max(score, 0.85)
    return score, "similar"


Pair = tuple[UUID, UUID]
RAREST = 4
"""Words of each organisation by which it is compared in bulk: those the fewest others have."""
MOST_HOLDERS = 50
"""What more have says nothing of who one of them is."""
MOST_SHARING = 3
"""The same of what stands by itself in a name: `(local)`, `(sample)`."""


def nearest(one: Known, others: Collection[Known]) -> dict[UUID, Likeness]:
    """Those that are anything like it. An acronym that several have, who are not alike, stands for none of them."""
    found: dict[UUID, Likeness] = {}
    held = Counter(part for each in (one, *others) for part in set(each.parts))
    common = {part for part, holders in held.items() if holders > MOST_SHARING}
    for other in others:
        like = likeness(one, other, common)
        if like.score > found.get(other.id, Likeness(0.0)).score:
            found[other.id] = like
    holders = [other for other in others if other.id in found and found[other.id].reasons[0] == NAME_IS_ACRONYM]
    if not all(likeness(holder, holders[0]).proposes for holder in holders[1:]):
        found |= {holder.id: Likeness(HINT, found[holder.id].reasons) for holder in holders}
    return found


def pairs_among(organisations: Sequence[Known]) -> dict[Pair, Likeness]:
    """All pairs that may be one, each organisation compared with those that share one of its rarest words."""
    holders: dict[str, list[Known]] = {}
    for each in organisations:
        for key in each.keys:
            holders.setdefault(key, []).append(each)
    found: dict[Pair, Likeness] = {}
    for one in organisations:
        shared = [key for key in one.keys if 1 < len(holders[key]) <= MOST_HOLDERS]
        keys = sorted(shared, key=lambda key: (len(holders[key]), key))[:RAREST]
        others = dict.fromkeys(other for key in keys for other in holders[key] if other.id != one.id)
        near = nearest(one, others)
        found |= {pair_of(one.id, id): like for id, like in near.items() if like.proposes}
    return found


def pair_of(one: UUID, other: UUID) -> Pair:
    return min(one, other), max(one, other)


def percent(like: Likeness) -> tuple[int, Sequence[str]]:
    """As it is kept."""
    return round(like.score * 100), like.reasons
