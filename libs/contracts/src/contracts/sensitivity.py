"""The four sensitivity levels, and how a field declares its own.

Source: OCHA Data Responsibility Guidelines (2021) and the IASC Operational Guidance (2023).
Which role sees which level is decided in `runtime.access`.
"""

from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import BaseModel


class Sensitivity(StrEnum):
    """How much harm the disclosure of a field or a row can do."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    SEVERE = "severe"

    @property
    def rank(self) -> int:
        return _RANKS[self]

    def allows(self, level: "Sensitivity") -> bool:
        """Whether somebody cleared up to `self` may see `level`."""
        return level.rank <= self.rank


_RANKS = {level: rank for rank, level in enumerate(Sensitivity)}

T = TypeVar("T")
Low = Annotated[T, Sensitivity.LOW]
Moderate = Annotated[T, Sensitivity.MODERATE]
High = Annotated[T, Sensitivity.HIGH]
Severe = Annotated[T, Sensitivity.SEVERE]


class UndeclaredSensitivity(TypeError):
    """A field of a contract does not say how sensitive it is."""


def levels_of(model: type[BaseModel]) -> dict[str, Sensitivity]:
    """Level of each field of `model`; raises `UndeclaredSensitivity` where a field declares none."""
    found: dict[str, Sensitivity] = {}
    for name, field in model.model_fields.items():
        declared = [mark for mark in field.metadata if isinstance(mark, Sensitivity)]
        if len(declared) != 1:
            raise UndeclaredSensitivity(f"{model.__name__}.{name} declares {len(declared)} sensitivity levels, not one")
        found[name] = declared[0]
    return found
