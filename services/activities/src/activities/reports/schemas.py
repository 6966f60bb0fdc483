"""The shape of a report as a partner sends it: every field with its sensitivity level."""

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from contracts.countries import CountryCode
from contracts.instants import ReportedDay, ReportingMonth
from contracts.lines import as_code
from contracts.reports import ActivityStatus, PopulationGroup
from contracts.sensitivity import High, Low, Moderate, Sensitivity
from contracts.text import Code, Line, OneCode, Paragraph
from contracts.values import Pcode
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PlainSerializer,
    StringConstraints,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError
from runtime.counts import Bounded, Count
from runtime.numbers import Plain
from tables.spelling import western_digits

from activities.reports.counts import people_as_written


class Modality(StrEnum):
    """`#modality`."""

    IN_KIND = "In-kind"
    SERVICE = "Service"
    CASH = "Cash"
    VOUCHER = "Voucher"


class Conditionality(StrEnum):
    """`#modality+conditionality`."""

    CONDITIONAL = "Conditional"
    UNCONDITIONAL = "Unconditional"


class DisaggregationMethod(StrEnum):
    COUNTED = "counted"
    ESTIMATED = "estimated"
    BACKFILLED = "backfilled"


Amount = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=6), Plain, PlainSerializer(str)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Some = Field(max_length=20)
MOST_AS_WRITTEN = 60


EXACT = 2**53
"""Whole numbers below it come through every program that takes numbers for floating-point ones."""
_DIGITS_LOST = re.compile(r"[-+]?[0-9]+(?:[.,٫][0-9]+[eE][-+]?|[eE]\+)[0-9]+|[0-9]{5,}[.,٫]0+")


def _id_as_written(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    """`2.02602E+15` and `2026020100000001.0` are what spreadsheets and statistics programs leave of an id."""
    if isinstance(value, float) or (type(value) is int and not -EXACT < value < EXACT):
        raise PydanticCustomError("digits_lost", "an id that was taken for a number")
    text = handler(str(value) if type(value) is int else value)
    if _DIGITS_LOST.fullmatch(text if text.isascii() else western_digits(text)):
        raise PydanticCustomError("digits_lost", "an id that was taken for a number")
    return text


ExternalId = Annotated[Code, WrapValidator(_id_as_written)]


class ReportedPeople(BaseModel):
    """People reached. What is missing was not counted apart; it is not zero."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    total: Moderate[Bounded | None] = None
    men: Moderate[Bounded | None] = None
    women: Moderate[Bounded | None] = None
    boys: Moderate[Bounded | None] = None
    girls: Moderate[Bounded | None] = None
    age_0_4: Moderate[Bounded | None] = None
    age_5_11: Moderate[Bounded | None] = None
    age_12_17: Moderate[Bounded | None] = None
    age_18_59: Moderate[Bounded | None] = None
    age_60_plus: Moderate[Bounded | None] = None
    with_disability: Moderate[Bounded | None] = None

    @model_validator(mode="wrap")
    @classmethod
    def _numbers(cls, value: Any, handler: ModelWrapValidatorHandler["ReportedPeople"]) -> "ReportedPeople":
        if not isinstance(value, dict):
            return handler(value)
        counts, rounded = people_as_written(value)
        people = handler(counts)
        return people.model_copy(update=dict(rounded)) if rounded else people


class NewReport(BaseModel):
    """One activity report (5W). The least it needs: sector, a place, a month, and whose it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    external_id: High[ExternalId | None] = None
    """The organisation's own id of the report: sent again, it is the same report. A number is taken as its digits."""
    organisation_id: Moderate[UUID | None] = None
    organisation: Moderate[Line | None] = None
    """Name of the organisation, where its id is not known."""
    organisation_acronym: Moderate[Line | None] = None
    implementing_organisation_id: Moderate[UUID | None] = None
    implementing_organisation: Moderate[Line | None] = None
    donors: High[Annotated[tuple[Line, ...], Some] | None] = None
    un_funded: Moderate[bool | None] = None
    sector: Moderate[Line]
    """Code, or a name known to the registry."""
    sector_name: Moderate[Line | None] = None
    """Beside `sector`: of a sector and one of its areas of responsibility the latter holds."""
    area_of_responsibility: Moderate[Line | None] = None
    """Beside `sector`: code or name of an area of responsibility, such as PRO-GBV."""
    sensitivity: Moderate[Literal[Sensitivity.MODERATE, Sensitivity.HIGH, Sensitivity.SEVERE] | None] = None
    """A level at least: never lower than what the row says makes it."""
    activity: Moderate[Line | None] = None
    activity_description: High[Paragraph | None] = None
    indicator: Moderate[Code | None] = None
    unit: Moderate[Code | None] = None
    output_value: Moderate[Amount | None] = None
    in_response_plan: Moderate[bool | None] = None
    hub: Moderate[Line | None] = None
    cross_line: Moderate[bool | None] = None
    modality: Moderate[Modality | None] = None
    conditionality: Moderate[Conditionality | None] = None
    transfer_value_usd: Moderate[Amount | None] = None
    transfer_mechanism: Moderate[Line | None] = None
    country: Low[CountryCode] = "SY"
    area: High[Annotated[Pcode, OneCode] | None] = None
    """P-code of the deepest area. Others see it at the sub-district at the finest."""
    adm1: Moderate[Line | None] = None
    adm2: Moderate[Line | None] = None
    adm3: Moderate[Line | None] = None
    adm4: High[Line | None] = None
    adm1_name: Moderate[Line | None] = None
    adm2_name: Moderate[Line | None] = None
    adm3_name: Moderate[Line | None] = None
    adm4_name: High[Line | None] = None
    community: High[Line | None] = None
    neighbourhood: High[Line | None] = None
    site_name: High[Line | None] = None
    site_type: High[Line | None] = None
    latitude: High[Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False), Plain] | None] = None
    longitude: High[Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False), Plain] | None] = None
    start_date: Moderate[ReportedDay | None] = None
    end_date: Moderate[ReportedDay | None] = None
    month: Moderate[ReportingMonth]
    status: Moderate[ActivityStatus | None] = None
    population_group: Moderate[PopulationGroup | None] = None
    households: Moderate[Count | None] = None
    people: Moderate[ReportedPeople] = ReportedPeople()
    newly_reached: Moderate[bool | None] = None
    previously_assisted: Moderate[bool | None] = None
    reported_elsewhere: Moderate[bool | None] = None
    disaggregation_method: Moderate[DisaggregationMethod | None] = None
    budget_required: Moderate[Amount | None] = None
    budget_received: Moderate[Amount | None] = None
    currency: Moderate[Currency | None] = None
    measured_outputs: Moderate[Annotated[dict[Code, Amount], Some] | None] = None
    """Values that minimum standards are about, such as litres per person and day, by their code."""
    comments: High[Paragraph | None] = None
    as_written: High[Annotated[dict[Code, Paragraph], Field(max_length=MOST_AS_WRITTEN)] | None] = None
    """What was not understood of optional fields, by field: kept as it was written, and never counted."""

    _codes = field_validator("month", "start_date", "end_date", "status", "sensitivity", "currency", mode="before")(
        as_code
    )

    @property
    def has_counts(self) -> bool:
        return self.households is not None or self.output_value is not None or self.people != NO_PEOPLE


NO_PEOPLE = ReportedPeople()


def _kind_of(annotation: Any) -> type:
    origin = get_origin(annotation)
    if origin in (UnionType, Union, Annotated):
        return _kind_of(get_args(annotation)[0])
    kind: type = type(get_args(annotation)[0]) if origin is Literal else origin or annotation
    return kind


KINDS: Mapping[str, type] = {name: _kind_of(field.annotation) for name, field in NewReport.model_fields.items()}
"""What Python makes of each field that is sent."""
