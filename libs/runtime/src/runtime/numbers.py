"""Numbers as users send them: JSON numbers, or plain digits as text.

Pydantic by itself takes `"1_000"` for 1000, `" 12 "` for 12 and `"1.000"` for 1: which number somebody meant by such a
text is not for us to say here.
"""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

_WHOLE = re.compile(r"-?[0-9]+(?:\.0{1,2})?")
"""`12.0` is what many programs make of 12; three digits behind a point may be thousands."""
_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def is_whole(text: str) -> bool:
    """Whether a text is a whole number in plain digits."""
    return _WHOLE.fullmatch(text) is not None


def _whole_as_written(value: Any) -> Any:
    if value.__class__ is int:
        return value
    # `true` would pass as 1: nobody means one person by it.
    if isinstance(value, bool) or (isinstance(value, str) and not is_whole(value)):
        raise PydanticCustomError("int_type", "a whole number in plain digits")
    # Of what no machine word holds pydantic says so, and not which bound the field has.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _plain_as_written(value: Any) -> Any:
    if isinstance(value, bool) or (isinstance(value, str) and not _PLAIN.fullmatch(value)):
        raise PydanticCustomError("decimal_type", "a number in plain digits")
    return value


PlainWhole = BeforeValidator(_whole_as_written)
"""Before an `int` is read from what was sent."""
Plain = BeforeValidator(_plain_as_written)
"""Before a `Decimal` or a `float` is read from what was sent."""

Whole = Annotated[int, PlainWhole]
