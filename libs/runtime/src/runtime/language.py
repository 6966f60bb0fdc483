"""The platform's two languages: which one a reader wants, and words that are said in either. Arabic is first."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["ar", "en"]


@dataclass(frozen=True)
class LocalizedText:
    """The same words in both languages, to be a part of a sentence in either."""

    ar: str
    en: str

    def text(self, language: Language) -> str:
        return self.ar if language == "ar" else self.en


def preferred(accept_language: str | None) -> Language:
    """The better liked of Arabic and English by RFC 9110 weights; Arabic where none is named."""
    best: tuple[float, Language] = (0.0, "ar")
    for choice in (accept_language or "").split(","):
        tag, _, parameters = choice.strip().partition(";")
        weight = weight_of(parameters)
        for language in ("ar", "en"):
            if tag.strip().lower().split("-")[0] == language and weight > best[0]:
                best = (weight, language)
    return best[1]


def weight_of(parameters: str) -> float:
    """How much a choice is liked, by its `q` (RFC 9110, 12.4.2)."""
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
