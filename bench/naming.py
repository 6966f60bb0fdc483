"""Whether an organisation is found under the names others write: recall and precision over labelled aliases.

The register holds each organisation's own name and acronym alone. Organisations are parted in halves by a hash of
their names; words and thresholds were chosen by looking at the one, and measured is the other, which nobody looked at.
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from contracts.folding import fold
from registry.duplicates.domain import Known, Likeness, known, nearest
from registry.organisations.domain import OrganisationProfile

from bench.figures import Measurement

REAL = Path(__file__).parents[1].parent / "shared/data/hapi/org_map.csv"
OWN = Path(__file__).parent / "aliases.csv"
MARGIN = 0.02
"""So much worse than the best is not proposed beside it."""
BRACKETED = re.compile(r"\(.*?\)")


@dataclass(frozen=True)
class Alias:
    """A name somebody wrote, and whose it is."""

    text: str
    name: str
    acronym: str

    @property
    def is_measured(self) -> bool:
        """Whether it lies in the half that nobody looked at."""
        return bool(sha256(self.name.encode()).digest()[0] % 2)

    @property
    def is_spelled_otherwise(self) -> bool:
        return fold(self.text) not in (fold(self.name), fold(self.acronym))


@dataclass(frozen=True)
class Found:
    """What was proposed of aliases: rightly, beside it, and where the right one was not."""

    right: int
    wrong: int
    missed: int

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed)

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong)


def aliases_of(path: Path) -> list[Alias]:
    with path.open(encoding="utf-8", newline="") as file:
        return [Alias(row["Lookup"], row["Canonical Name"], row["Acronym"]) for row in csv.DictReader(file)]


class Register:
    """Organisations under their own names, found by what they share with an alias."""

    def __init__(self, aliases: Iterable[Alias]) -> None:
        acronyms = {alias.name: alias.acronym for alias in aliases}
        self.names = {UUID(int=number): name for number, name in enumerate(acronyms)}
        self._holders: dict[str, list[Known]] = {}
        for id, name in self.names.items():
            given = {"en": acronyms[name]} if acronyms[name] else {}
            for key in (each := known(id, OrganisationProfile({"en": name}, "", given))).keys:
                self._holders.setdefault(key, []).append(each)

    def proposed(self, text: str) -> Sequence[str]:
        """Names of those that are proposed for an alias."""
        asked = known(UUID(int=1 << 100), OrganisationProfile({"en": text}, ""))
        others = {each.id: each for key in asked.keys for each in self._holders.get(key, ())}
        return [self.names[id] for id in best_of(nearest(asked, others.values()))]


def best_of(found: Mapping[UUID, Likeness]) -> Sequence[UUID]:
    """Those that are proposed and none of which is plainly worse than another."""
    best = max((like.score for like in found.values()), default=0.0)
    return [id for id, like in found.items() if like.proposes and like.score >= best - MARGIN]


def found_of(aliases: Sequence[Alias], register: Register, *, by_name: bool = True) -> Found:
    """What comes of these aliases; `by_name`: names that differ in case or in brackets alone are two organisations."""
    right = wrong = missed = 0
    for alias in aliases:
        proposed = register.proposed(alias.text)
        hits = [name for name in proposed if name == alias.name or (not by_name and _bare(name) == _bare(alias.name))]
        right, missed, wrong = right + bool(hits), missed + (not hits), wrong + len(proposed) - len(hits)
    return Found(right, wrong, missed)


def _bare(name: str) -> str:
    return fold(BRACKETED.sub("", name))


def measured() -> list[Measurement]:
    """Recall and precision over the real file where it is there, over the project's own sample where it is not."""
    aliases = aliases_of(REAL if REAL.exists() else OWN)
    register = Register(aliases)
    half = [alias for alias in aliases if alias.is_measured] if REAL.exists() else aliases
    otherwise = [alias for alias in half if alias.is_spelled_otherwise]
    found, apart, of_all = found_of(half, register), found_of(otherwise, register), found_of(aliases, register)
    bare = found_of(half, register, by_name=False)
    return [
        Measurement(f"aliases: recall ({len(half)} unseen)", found.recall, "", target="≥ 0.95"),
        Measurement("aliases: precision", found.precision, "", target="≥ 0.9"),
        Measurement("aliases: precision, names in two writings being one", bare.precision, "", target="≥ 0.9"),
        Measurement(f"aliases: recall of the {len(otherwise)} spelled otherwise", apart.recall, ""),
        Measurement(f"aliases: recall of all {len(aliases)}", of_all.recall, "", target="≥ 0.95"),
        Measurement(f"aliases: precision of all {len(aliases)}", of_all.precision, "", target="≥ 0.9"),
    ]
