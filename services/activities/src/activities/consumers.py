"""What this service does when the registry speaks: it keeps who, where and which codes at hand."""

from collections.abc import Mapping
from typing import Any

from contracts.event import Event
from contracts.registry import AreaChanged, IndicatorChanged, OrganisationChanged, ScopeChanged, SectorChanged
from messaging import Handler

from activities.reference import store

HANDLERS: Mapping[type[Event], Handler[Any]] = {
    OrganisationChanged: store.keep_organisations,
    AreaChanged: store.keep_areas,
    SectorChanged: store.keep_sectors,
    IndicatorChanged: store.keep_indicators,
    ScopeChanged: store.keep_scopes,
}
PROJECTION = ("organisation", "area", "sector", "indicator", "scope")
SCHEMA_VERSION = 2
"""Raise it with the meaning of these tables: they are then filled anew from the topics."""
