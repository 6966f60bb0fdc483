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
PROJECTION: tuple[str, ...] = ()
"""Nothing is emptied when all is heard again: meanwhile a revoked holder would be unknown and be believed, a suspended
organisation be told, and an alert for an area nobody knows be refused. What is heard again is written over.
"""
