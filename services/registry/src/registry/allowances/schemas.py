"""What a replica of the gateway sends: what was spent since it last told."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

MOST = 5000
"""Counters told at once."""
KEY = r"^[0-9a-f]{32}$"
LARGEST = 10**12

Key = Annotated[str, StringConstraints(pattern=KEY)]
Number = Annotated[int, Field(ge=0, le=LARGEST)]


class SentSpending(BaseModel):
    """Columns of one row a counter."""

    model_config = ConfigDict(extra="forbid")

    keys: Annotated[list[Key], Field(max_length=MOST)]
    windows: Annotated[list[Number], Field(max_length=MOST)]
    """Number of each counter's window, from the start of Unix time."""
    lasting: Annotated[list[Annotated[int, Field(ge=1, le=200_000)]], Field(max_length=MOST)]
    """Seconds for which each is still needed."""
    spent: Annotated[list[Number], Field(max_length=MOST)]

    @model_validator(mode="after")
    def _of_one_length(self) -> Self:
        if len({len(self.keys), len(self.windows), len(self.lasting), len(self.spent)}) > 1:
            raise ValueError("columns of several lengths")
        return self


class Spending(BaseModel):
    """What was spent everywhere, of each counter that was sent."""

    spent: list[int]
