"""Text a user can send, in one form: normalised before it is compared or kept (`contracts.text`), and bounded.

What no text holds (NUL and its like, lone surrogates, noncharacters) is refused, not taken out: whoever sends it sends
something else than text.
"""

import re
from collections.abc import Callable
from typing import Annotated, Any

from contracts.text import one_line, paragraph
from pydantic import BeforeValidator, StringConstraints
from pydantic_core import PydanticCustomError

FORBIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 17))
    + "]"
)


def clean(value: str) -> str:
    """The text as it is, or an `invalid_text` error: for what is compared to the letter, such as secrets."""
    if FORBIDDEN.search(value):
        raise PydanticCustomError("invalid_text", "characters that are not allowed")
    return value


def _normalised(form: Callable[[str], str]) -> BeforeValidator:
    def validate(value: Any) -> Any:
        return form(clean(value)) if isinstance(value, str) else value

    return BeforeValidator(validate)


AsLine = _normalised(one_line)
"""For a string type of its own pattern that is a line."""
AsParagraph = _normalised(paragraph)

Line = Annotated[str, StringConstraints(min_length=1, max_length=300), AsLine]
"""A name or a label: one line, whatever it was sent as."""

Code = Annotated[str, StringConstraints(min_length=1, max_length=100), AsLine]
"""A code or an id in somebody's own system."""

Paragraph = Annotated[str, StringConstraints(max_length=5000), AsParagraph]
"""A description or a comment: its line breaks stay."""
