"""A count of people or things, which was sent as a fraction at times.

A share such as 12.5 people is nobody's count. It is rounded half to even. Within a millionth of a whole number it is
what computers make of that number.
"""

import math
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Annotated, Any

from pydantic import Field, ValidatorFunctionWrapHandler, WrapValidator

from runtime.numbers import PlainWhole

MOST_PEOPLE = 100_000_000
NEAR = Decimal("0.000001")
ONE = Decimal(1)


class Rounded(int):
    """A count that was a fraction when it was sent."""


class Neared(Rounded):
    """A count that was a whole number but for what computers lose."""


def fraction_of(value: object) -> Decimal | None:
    """The number where it is a fraction that can be counted, else none: all else is its type's affair."""
    if isinstance(value, float) and math.isfinite(value) and not value.is_integer():
        value = Decimal(repr(value))
    if not isinstance(value, Decimal) or not value.is_finite() or not -NEAR <= value <= MOST_PEOPLE:
        return None
    return value if value != value.to_integral_value() else None


def rounded(fraction: Decimal) -> Rounded:
    """One count by itself."""
    whole = int(fraction.quantize(ONE, ROUND_HALF_EVEN))
    return Neared(whole) if abs(fraction - whole) <= NEAR else Rounded(whole)


def _counted(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    if value.__class__ is int:
        return handler(value)
    fraction = fraction_of(value)
    if fraction is None:
        return handler(value)
    whole = rounded(fraction)
    handler(int(whole))
    return whole


Bounded = Annotated[int, Field(ge=0, le=MOST_PEOPLE)]
Count = Annotated[Bounded, PlainWhole, WrapValidator(_counted)]
"""A count by itself; the parts of a total are counted together."""
