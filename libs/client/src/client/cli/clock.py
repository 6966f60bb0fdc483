"""Instants as people read them: in the zone of the platform's scopes, whose name stands beside them."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from contracts.codes import Scope

from client.errors import Refused
from client.tansiq import Tansiq


@dataclass(frozen=True)
class ZoneClock:
    """A zone by which instants are told."""

    name: str = "UTC"
    zone: tzinfo = UTC

    def minute(self, instant: datetime | str | None) -> str | None:
        """Such as `2026-03-01 10:15`; what is no instant as it is."""
        return self._formatted(instant, "%Y-%m-%d %H:%M")

    def day(self, instant: datetime | str | None) -> str | None:
        return self._formatted(instant, "%Y-%m-%d")

    def _formatted(self, instant: datetime | str | None, form: str) -> str | None:
        try:
            moment = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
        except ValueError:
            return str(instant)
        return moment.astimezone(self.zone).strftime(form) if moment else None


async def clock_of(tansiq: Tansiq) -> ZoneClock:
    """That of all scopes, where they have one zone; else UTC."""
    try:
        zones = {scope.time_zone async for scope in tansiq.lists.of(Scope)}
    except (Refused, ValueError):
        return ZoneClock()
    if len(zones) != 1:
        return ZoneClock()
    [name] = zones
    try:
        return ZoneClock(name, ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError):  # a system that knows no zones
        return ZoneClock()
