"""Events of activities: what was done, where, when and for whom."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal
from uuid import UUID

from contracts.event import Event, Topic, published
from contracts.sensitivity import Low, Moderate, Sensitivity
from contracts.values import Country, Month, Pcode, People, SectorCode, Value

REPORTS = Topic("activities.reports", partitions=4)


class ActivityStatus(StrEnum):
    """`#status` of the Whole-of-Syria 4W template."""

    PLANNED = "Planned"
    ONGOING = "Ongoing"
    COMPLETED = "Completed"
    SUSPENDED = "Suspended"


class PopulationGroup(StrEnum):
    """`#beneficiary+type` of the Whole-of-Syria 4W template."""

    IDP = "idp"
    HOST_COMMUNITY = "host_community"
    RETURNEE = "returnee"
    PALESTINE_REFUGEE = "palestine_refugee"
    MIXED = "mixed"


class ReportStage(StrEnum):
    """Stage of a report's life; figures are official from `approved` and provisional from `submitted`."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    """Taken back by who sent it: it counts nowhere, and comes back as `submitted`."""


class ImplementerContest(StrEnum):
    """What became of a contest: the implementer that a report names says that it should not have been."""

    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"

    @classmethod
    def withholds(cls, contest: str | None) -> bool:
        """Whether the name is withheld from others."""
        return contest in (cls.OPEN, cls.UPHELD)


class ReportOrganisation(Value):
    """The organisation a report names."""

    id: Moderate[UUID]
    """Id in the registry, or, while nobody has resolved the name, an id of activities for that name."""
    name: Moderate[str | None] = None
    """The provider's own spelling; there when the name is unresolved."""
    resolved: Moderate[bool] = True


@published(REPORTS, formerly="activities.report.submitted.v1")
class ReportChanged(Event):
    """An activity report at any stage, coarsened to the sub-district.

    Site, community, coordinates and free text stay with activities: counting needs only the opaque `unit_key`.
    """

    type: Low[Literal["activities.report.changed.v1"]] = "activities.report.changed.v1"
    id: Moderate[UUID]
    stage: Moderate[ReportStage] = ReportStage.SUBMITTED
    sensitivity: Moderate[Sensitivity] = Sensitivity.MODERATE
    """Level of the row: `severe` for gender-based violence and child protection."""
    country: Low[Country]
    area: Moderate[Pcode]
    """The finest area named, adm3 at the finest."""
    area_path: Moderate[tuple[Pcode, ...]]
    """P-codes from adm0 down to `area`."""
    area_levels: Moderate[tuple[int, ...] | None] = None
    """Level of each area of `area_path`, where a level is skipped; else its place in the path is its level."""
    unit_key: Moderate[str]
    """Opaque key of the facility, collective centre, camp or community where people are counted once."""
    organisation: Moderate[ReportOrganisation]
    implementer: Moderate[ReportOrganisation | None] = None
    sector: Moderate[SectorCode]
    indicator: Moderate[str | None] = None
    month: Moderate[Month]
    start_date: Moderate[date | None] = None
    end_date: Moderate[date | None] = None
    status: Moderate[ActivityStatus]
    population_group: Moderate[PopulationGroup | None] = None
    people: Moderate[People] = People()
    newly_reached: Moderate[bool | None] = None
    """Whether these people are reached for the first time in the plan year; null when the row does not say."""
    output_value: Moderate[Decimal | None] = None
    exact_repeat: Moderate[bool] = False
    """The row repeats another of the same file to the letter; it is flagged, and counts like any other."""
    counted_unit: Moderate[str | None] = None
    """What the numbers of `people` count, where the row names another unit than people and no output beside, such as
    `sessions`; null for people."""
    component: Moderate[str | None] = None
    """Part of the sector that is counted apart, such as `shelter` and `nfi` of SHL."""
    core_item: Moderate[bool | None] = None
    """Whether what was given is among the core items of its part; null where that is no question."""
