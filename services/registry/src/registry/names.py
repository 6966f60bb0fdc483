"""Names in the languages of the platform, as users send them."""

from collections.abc import Iterable, Mapping
from typing import Self

from contracts.folding import LONGEST_SPELLING, fold
from contracts.text import Line
from contracts.values import Names
from pydantic import ConfigDict, model_validator
from pydantic_core import PydanticCustomError

LANGUAGES = ("ar", "en", "tr", "ku")
"""In the order they are shown."""

LONGEST_SEARCHED = 600

NamesByLanguage = Mapping[str, str]


class Acronyms(Names):
    """An acronym by language; there may be none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ar: Line | None = None
    en: Line | None = None
    tr: Line | None = None
    ku: Line | None = None

    def given(self) -> dict[str, str]:
        """The languages that have one."""
        return self.model_dump(exclude_none=True)


class NewNames(Acronyms):
    """A name in at least one language."""

    @model_validator(mode="after")
    def _one_at_least(self) -> Self:
        if not self.given():
            raise PydanticCustomError("missing", "a name in at least one language")
        return self


def spellings(names: Iterable[str]) -> set[str]:
    """What a search looks in: folded names, so much of each as an index can hold."""
    return {fold(name)[:LONGEST_SEARCHED] for name in names} - {""}


def sort_name(names: NamesByLanguage) -> str:
    """The folded name a list is ordered by: so much of it as a cursor can carry."""
    return next((fold(names[language])[:LONGEST_SPELLING] for language in LANGUAGES if names.get(language)), "")
