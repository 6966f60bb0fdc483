"""Text a user can send: one notion of a line, normalised before it is measured, compared or kept.

What is normalised away is said in `contracts.lines`: text is composed (NFC), invisible characters are left out but for
a zero-width non-joiner between two letters of the Arabic script, white space becomes single spaces. In a paragraph line
breaks stay. Controls, noncharacters and lone surrogates are refused.
"""

import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BeforeValidator, StringConstraints
from pydantic_core import PydanticCustomError

from contracts import lines

_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
FORBIDDEN = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff{_NONCHARACTERS}]")
"""NUL and other controls (tab and line breaks are fine), lone surrogates, and what is no character."""


def _before(normalise: Callable[[str], str]) -> BeforeValidator:
    def validated(value: Any) -> Any:
        """The text normalised, or an `invalid_text` error of pydantic's; what is no text is its type's affair."""
        if not isinstance(value, str):
            return value
        if value.isascii() and value.isprintable() and "  " not in value and value == value.strip():
            return value  # as most of what is sent: nothing to normalise
        if not lines.PLAIN.fullmatch(value) and FORBIDDEN.search(value):
            raise PydanticCustomError("invalid_text", "characters that are not allowed")
        return normalise(value)

    return BeforeValidator(validated)


OneLine = _before(lines.line)
"""Makes a type of its own one line before its bounds and pattern are looked at."""
OneCode = _before(lines.code)
"""The same for codes, whose digits and letters are made those of ASCII."""
_Lines = _before(lines.paragraph)

Line = Annotated[str, StringConstraints(min_length=1, max_length=300), OneLine]
"""A name or a label."""

Code = Annotated[str, StringConstraints(min_length=1, max_length=100), OneCode]
"""A code or an id in somebody's own system."""

Paragraph = Annotated[str, StringConstraints(max_length=5000), _Lines]
"""A description or a comment."""
