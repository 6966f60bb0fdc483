"""How tests are spread over workers: those of the whole platform stay together, all others go where there is room.

By folder, since pytest 9.2 no longer lets xdist 3.8 put a group's mark into the ids it spreads tests by.
"""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

TOGETHER = ("tests/journeys/", "tests/faults/")


class PlatformTogether(LoadScopeScheduling):  # type: ignore[misc]
    """One platform for a run is enough, and as much as a small machine carries."""

    def _split_scope(self, nodeid: str) -> str:
        return "platform" if nodeid.startswith(TOGETHER) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> PlatformTogether:
    return PlatformTogether(config, log)
