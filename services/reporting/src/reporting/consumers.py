"""What this service does when the others speak."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from contracts.activities import REPORTS, ReportSubmitted, TargetChanged
from contracts.event import Event, Topic
from contracts.registry import AreaChanged, IndicatorChanged, OrganisationChanged, ScopeChanged, SectorChanged
from database import Transaction
from messaging import Handler, Tombstone

from reporting.counting import commands
from reporting.reference import store
from reporting.targets import store as targets


async def on_report_submitted(tx: Transaction, reports: Sequence[ReportSubmitted]) -> None:
    await commands.count_reports(tx, reports)


async def on_report_gone(tx: Transaction, gone: Sequence[Tombstone]) -> None:
    await commands.forget_reports(tx, [UUID(tombstone.key) for tombstone in gone])


HANDLERS: Mapping[type[Event], Handler[Any]] = {
    OrganisationChanged: store.keep_organisations,
    AreaChanged: store.keep_areas,
    SectorChanged: store.keep_sectors,
    IndicatorChanged: store.keep_indicators,
    ScopeChanged: store.keep_scopes,
    ReportSubmitted: on_report_submitted,
    TargetChanged: targets.keep_targets,
}
TOMBSTONES: Mapping[Topic, Handler[Any]] = {REPORTS: on_report_gone}
PROJECTION = (
    "organisation",
    "provider_name",
    "area",
    "sector",
    "indicator",
    "scope",
    "report_fact",
    "unit_cell",
    "unit_reach",
    "coverage_cell",
    "presence_cell",
    "target",
    "projection_complete",
)
SCHEMA_VERSION = 5
"""Raise it with the tables' meaning and with the counting rules: the cells are then made anew from the topics."""
EVENTS_AT_ONCE = 8000
"""The more reports are counted together, the fewer times the cells they share are written."""
