"""Numbers as they are sent."""

from typing import Annotated, Any

import pytest
from pydantic import Field, TypeAdapter, ValidationError
from runtime.numbers import Whole
from runtime.validation import refusal_of

SEATS: TypeAdapter[int] = TypeAdapter(Annotated[Whole, Field(ge=1, le=10_000)])


@pytest.mark.parametrize("sent", [10_001, 2**63, 10**30, 1e30, 1.7e308])
def test_a_number_too_large_is_told_the_bound_of_its_field(sent: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        SEATS.validate_python(sent)
    [error] = refused.value.errors()
    told = refusal_of(error)
    assert (told.code, told.facts["bound"]) == ("too_large", 10_000)


@pytest.mark.parametrize("sent", [True, "1_0", "1.000", " 1"])
def test_what_is_no_plain_number_is_not_taken_for_one(sent: Any) -> None:
    with pytest.raises(ValidationError):
        SEATS.validate_python(sent)


@pytest.mark.parametrize("sent", [12, 12.0, "12", "12.0"])
def test_a_whole_number_is_taken_as_it_is_written(sent: Any) -> None:
    assert SEATS.validate_python(sent) == 12
