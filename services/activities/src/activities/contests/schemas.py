"""The shape of a contest, and of its settlement."""

from typing import Annotated, Literal

from contracts.reports import ImplementerContest
from contracts.text import Paragraph
from pydantic import BaseModel, ConfigDict, Field

Reason = Annotated[Paragraph, Field(min_length=10)]
"""Kept with the report's version and in the audit trail."""


class NewContest(BaseModel):
    """Why an organisation says that it should not have been named as the implementer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Reason


class NewSettlement(BaseModel):
    """What a reviewer decided on a contest: upheld, the name stays withheld; dismissed, it is shown again."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    decision: Literal[ImplementerContest.UPHELD, ImplementerContest.DISMISSED]
    reason: Reason
