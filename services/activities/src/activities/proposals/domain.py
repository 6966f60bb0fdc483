"""A proposal: what is told of a file, and how its sheets would be read. No I/O."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from contracts.folding import fold
from runtime.problems import Refusal
from tables.profile import Profile

LEAST_ALIKE = 0.6
"""Share of headings that two files of one shape have in common."""


@dataclass(frozen=True)
class NewProposal:
    """How a file would be read."""

    told: Mapping[str, Any]
    profiles: Mapping[int, Profile]
    """By the sheet's place in the file."""
    question: Refusal | None
    """What must be settled before it counts."""

    @property
    def digest(self) -> str:
        """Of all that is told, and of how each sheet would be read."""
        profiles = {str(place): profile.model_dump(mode="json") for place, profile in self.profiles.items()}
        content = orjson.dumps([self.told, profiles], option=orjson.OPT_SORT_KEYS, default=str)
        return hashlib.sha256(content).hexdigest()[:32]


def most_alike(headings: frozenset[str], earlier: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The latest of the earlier files that has most of these headings."""
    return next((each for each in earlier if _likeness(headings, headings_of(each["columns"])) >= LEAST_ALIKE), None)


def headings_of(columns: Sequence[Mapping[str, Any]] | None) -> frozenset[str]:
    """The folded headings of columns as they are told."""
    return frozenset(fold(column["heading"] or column["tag"] or "") for column in columns or ()) - {""}


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0
