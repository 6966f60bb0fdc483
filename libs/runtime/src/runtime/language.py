"""Which of the platform's two languages a reader wants. Arabic is first."""

from typing import Literal

Language = Literal["ar", "en"]


def preferred(accept_language: str | None) -> Language:
    """The better liked of Arabic and English by RFC 9110 weights; Arabic where none is named."""
    best: tuple[float, Language] = (0.0, "ar")
    for choice in (accept_language or "").split(","):
        tag, _, parameters = choice.strip().partition(";")
        weight = _weight(parameters)
        for language in ("ar", "en"):
            if tag.strip().lower().split("-")[0] == language and weight > best[0]:
                best = (weight, language)
    return best[1]


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
