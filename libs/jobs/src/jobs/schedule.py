"""When work is due again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias, cast
from zoneinfo import ZoneInfo

from cronsim import CronSim


@dataclass(frozen=True)
class AtStart:
    """Once whenever a worker starts; several that start together do it once."""


@dataclass(frozen=True)
class Every:
    """So many seconds after it was done."""

    seconds: float

    def __str__(self) -> str:
        return f"every {self.seconds}"

    def after(self, moment: datetime) -> datetime:
        return moment + timedelta(seconds=self.seconds)


@dataclass(frozen=True)
class Cron:
    """By the clock of a zone. What the clock skips is due right after; what it repeats is due once."""

    expression: str
    """Five fields: minute, hour, day, month, day of the week."""
    zone: str
    """IANA name, such as Asia/Damascus."""

    def __post_init__(self) -> None:
        self.after(datetime.now(ZoneInfo(self.zone)))  # raises what is wrong with it

    def __str__(self) -> str:
        return f"{self.expression} {self.zone}"

    def after(self, moment: datetime) -> datetime:
        return next(cast("Iterator[datetime]", CronSim(self.expression, moment.astimezone(ZoneInfo(self.zone)))))


Repeating: TypeAlias = Every | Cron
Schedule: TypeAlias = Every | Cron | AtStart


def read(text: str) -> Repeating:
    """The schedule as it is stored with its job."""
    first, _, rest = text.partition(" ")
    if first == "every":
        return Every(float(rest))
    expression, _, zone = text.rpartition(" ")
    return Cron(expression, zone)
