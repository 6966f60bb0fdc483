"""The platform under test, with a load that is the same for the same seed, shared by all tests of this folder."""

import os
import random
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
import stamina.instrumentation
from testkit.platform import running_platform

from tests.faults.checker import complaints
from tests.faults.evidence import gathered, quiet, settled
from tests.faults.ledger import Ledger
from tests.faults.load import Load, load_on
from tests.faults.site import Site
from tests.faults.waiting import until

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Measure:
    """How much bad luck: little in `make test`, all of it in `make faults`."""

    seed: int = int(os.environ.get("TANSIQ_FAULTS_SEED", "1"))
    kills: int = int(os.environ.get("TANSIQ_FAULTS_KILLS", "2"))
    """Of each process."""
    outage: float = float(os.environ.get("TANSIQ_FAULTS_OUTAGE", "10"))
    """Seconds a server stays down."""


@dataclass(frozen=True)
class Stage:
    """The platform, those who send, and the measure of their bad luck."""

    site: Site
    load: Load
    measure: Measure
    chance: random.Random

    @property
    def ledger(self) -> Ledger:
        return self.load.ledger

    async def grown(self, *, reports: int) -> None:
        """So many more versions of reports are acknowledged."""
        wanted = self.ledger.reports + reports

        async def acknowledged() -> int:
            return self.ledger.reports

        await until(acknowledged, lambda now: now >= wanted, f"{wanted} versions are not acknowledged")

    async def complaints(self, *, planted: bool = False) -> list[str]:
        """What the checker finds once all has come to rest."""
        await (quiet(self.site) if planted else settled(self.site, self.ledger))
        found = complaints(self.ledger, await gathered(self.site))
        print(f"\nseed {self.measure.seed}: {self.ledger.summary()}", *found, sep="\n! ")
        self.ledger.surprises.clear()  # each is told once
        return found


@pytest.fixture(scope="package")
def site() -> Iterator[Site]:
    folder, environment = Path(tempfile.mkdtemp(prefix="tansiq-faults-")), {"PYTHONPATH": str(ROOT)}
    environment["TANSIQ_ALLOWANCE_FACTOR"] = "100000"  # two clients here are the load of hundreds
    try:
        with running_platform(folder / "state", environment, table="tests.faults.table:brisk") as platform:
            yield Site(platform)
    finally:
        if not os.environ.get("TANSIQ_FAULTS_KEEP"):
            shutil.rmtree(folder, ignore_errors=True)


@pytest_asyncio.fixture(scope="package")
async def stage(site: Site) -> AsyncIterator[Stage]:
    stamina.instrumentation.set_on_retry_hooks([])  # each would be a line of the log
    measure = Measure()
    async with load_on(site, measure.seed) as load:
        yield Stage(site, load, measure, random.Random(measure.seed))
