"""Text a user can send: bounded, and free of what a database or a reader can't hold."""

import re
from typing import Annotated

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

# NUL and other controls (tab and line breaks are fine), lone surrogates, and the marks that reorder what a reader sees.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def clean(value: str) -> str:
    """The text, or a `invalid_text` error of pydantic's."""
    if FORBIDDEN.search(value):
        raise PydanticCustomError("invalid_text", "characters that are not allowed")
    return value


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), AfterValidator(clean)]
"""A name or a label."""

Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(clean)]
"""A code or an id in somebody's own system."""

Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000), AfterValidator(clean)]
"""A description or a comment."""
