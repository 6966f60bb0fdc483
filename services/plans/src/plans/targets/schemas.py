"""The shape of a target as it is sent: every field with its sensitivity level."""

from typing import Annotated, Any

from contracts.countries import CountryCode
from contracts.instants import ReportingMonth
from contracts.lines import as_code
from contracts.reports import PopulationGroup
from contracts.sensitivity import Low, Moderate
from contracts.text import Code, Line, OneCode
from contracts.values import Pcode
from pydantic import BaseModel, ConfigDict, field_validator
from runtime.counts import Count
from tables.values import word


class NewTarget(BaseModel):
    """How many are to be reached: sector, area, a period of whole months, and the number."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sector: Moderate[Line]
    """Code, or a name known to the registry."""
    indicator: Moderate[Code | None] = None
    """Left out: the target of the sector as a whole."""
    country: Low[CountryCode] = "SY"
    area: Low[Annotated[Pcode, OneCode]]
    """P-code of an area of level 0 to 3."""
    population_group: Moderate[PopulationGroup | None] = None
    """Left out: all groups together."""
    month: Moderate[ReportingMonth | None] = None
    """A target of one month; for a longer period `month_from` and `month_to`."""
    month_from: Moderate[ReportingMonth | None] = None
    month_to: Moderate[ReportingMonth | None] = None
    people: Moderate[Count | None] = None
    """People to be reached; null, said outright, withdraws the target."""
    value: Moderate[Count | None] = None
    """The same for any unit: what the indicator counts, people where there is none."""

    _codes = field_validator("month", "month_from", "month_to", mode="before")(as_code)

    @field_validator("population_group", mode="before")
    @classmethod
    def _group(cls, value: Any) -> Any:
        return (word("population_group", value, {}) or value) if isinstance(value, str) else value


class Defaults(BaseModel):
    """What holds for all rows that do not say it themselves."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    country: CountryCode | None = None
    sector: Line | None = None
    month: ReportingMonth | None = None
    month_from: ReportingMonth | None = None
    month_to: ReportingMonth | None = None
    accept_ignored: bool = False
    """Of a table: take it though columns with figures or dates in it are not understood, and leave these out."""

    def completed(self, row: dict[str, Any]) -> dict[str, Any]:
        """The row with what it left open; a period is taken whole, or not at all."""
        given = self.model_dump(exclude_none=True, exclude={"accept_ignored"})
        if any(row.get(name) is not None for name in PERIOD):
            given = {name: value for name, value in given.items() if name not in PERIOD}
        return {**given, **{name: value for name, value in row.items() if value is not None or name not in given}}


PERIOD = ("month", "month_from", "month_to")
