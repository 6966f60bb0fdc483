"""The shape of a decision as a reviewer sends it."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from contracts.sensitivity import Sensitivity
from contracts.text import Paragraph
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

LARGEST_VERSION = 2**63 - 1


class Decision(StrEnum):
    APPROVED = "approved"
    RETURNED = "returned"


class NewDecision(BaseModel):
    """What a reviewer decided on the version of a report that they read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    report_id: UUID
    version: Annotated[int, Field(ge=1, le=LARGEST_VERSION, strict=True)]
    """The version the reviewer read: if there is a newer one, the decision is refused."""
    decision: Decision
    comment: Annotated[Paragraph | None, Field(validate_default=True)] = None
    """What has to be mended; required where the report is returned."""
    override_reason: Paragraph | None = None
    """Why the secretariat decides what belongs to a working group."""

    @field_validator("comment")
    @classmethod
    def _says_why(cls, comment: str | None, info: ValidationInfo) -> str | None:
        if not comment and info.data.get("decision") is Decision.RETURNED:
            raise PydanticCustomError("missing", "a returned report needs a comment")
        return comment or None

    @field_validator("override_reason")
    @classmethod
    def _something_or_nothing(cls, reason: str | None) -> str | None:
        return reason or None


class NewSensitivity(BaseModel):
    """How sensitive a report is, as somebody who may see it decides."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sensitivity: Literal[Sensitivity.MODERATE, Sensitivity.HIGH, Sensitivity.SEVERE]
    reason: Annotated[Paragraph, Field(min_length=10)]
    """Kept with the version and in the audit trail."""


class Again(BaseModel):
    """What its sender says when a returned report is sent again as it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    comment: Paragraph | None = None
