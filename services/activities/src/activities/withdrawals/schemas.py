"""The shape of a withdrawal, of a replacement, and of a restoring."""

from typing import Annotated

from contracts.text import Code, Paragraph
from pydantic import BaseModel, ConfigDict, Field

MOST_REPORTS = 2**53

Reason = Annotated[Paragraph, Field(min_length=3)]
"""Kept with each version it makes, and in the audit trail."""


class NewWithdrawal(BaseModel):
    """Why reports are taken back."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Reason


class NewReplacement(BaseModel):
    """That what the file did not hold is taken back: as many reports as its state told."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Reason
    missing: Annotated[int, Field(ge=0, le=MOST_REPORTS, strict=True)]
    digest: Annotated[Code, Field(pattern=r"^[0-9a-f]{32}$")] | None = None
    """Of exactly the reports that were told; with it not one other is taken back in place of one of them."""
    despite_refused: bool = False
    """Though rows of the file were refused, and what they are about may be among the reports it does not hold."""


class Restored(BaseModel):
    """What is said when something withdrawn comes back."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    comment: Paragraph | None = None
