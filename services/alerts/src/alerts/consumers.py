"""What this service does when the registry speaks."""

from collections.abc import Mapping
from typing import Any

from contracts.event import Event
from contracts.registry import AreaChanged, IdentityChanged, OrganisationChanged, SectorChanged
from messaging import Handler

from alerts.reference import store

HANDLERS: Mapping[type[Event], Handler[Any]] = {
    OrganisationChanged: store.keep_organisations,
    AreaChanged: store.keep_areas,
    SectorChanged: store.keep_sectors,
    IdentityChanged: store.keep_identities,
}
PROJECTION = ("organisation", "area", "sector", "identity")
