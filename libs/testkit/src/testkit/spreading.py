"""How tests are spread over workers: those that share a platform stay together, all others go where there is room.

By folder, since pytest 9.2 no longer lets xdist 3.8 put a group's mark into the ids it spreads tests by.
"""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

TOGETHER = ("tests/journeys", "tests/faults")
"""Each folder has a platform of its own. They mostly wait, so they go beside one another, and begin first."""


class PlatformTogether(LoadScopeScheduling):  # type: ignore[misc]
    """A platform is started once, by the worker that has its folder."""

    def _split_scope(self, nodeid: str) -> str:
        folder = "/".join(nodeid.split("/")[:2])
        return folder if folder in TOGETHER else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> PlatformTogether:
    return PlatformTogether(config, log)
