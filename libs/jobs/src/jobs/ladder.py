"""Pauses between attempts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Ladder:
    """The pause after each failure."""

    pauses: tuple[timedelta, ...]

    @classmethod
    def of(cls, *seconds: float) -> "Ladder":
        return cls(tuple(timedelta(seconds=each) for each in seconds))

    def pause(self, failures: int, chance: Callable[[], float]) -> timedelta:
        """The pause after so many failures, the last one again and again.

        `chance` gives 0 to 1: it scatters attempts, so that what failed together does not return together.
        """
        return self.pauses[min(failures, len(self.pauses)) - 1] * (0.75 + chance() / 2)

    def ends_after(self, failures: int) -> bool:
        return failures > len(self.pauses)


PATIENT = Ladder.of(1, 5, 30, 120, 600, 1800)
"""For work that has no ladder of its own: given up after three quarters of an hour."""
