"""Partners under load: batches, single reports, corrections, files, and requests they give up on."""

import asyncio
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from client import Tansiq
from client.uploads import UploadDefaults
from local.demo.partners import Partner
from local.demo.sample import SampleReport
from local.demo.spreadsheets import write

from tests.faults.ledger import Ledger, Row

OTHER_SECTORS = (("FSC", 0.15), ("HEA", 0.1))
"""Sectors the sample has not, and how many of its rows are moved there: rules that add, and services alone."""
FILES = ("csv", "xlsx")


class SendingPartner:
    """One organisation's system: it sends one thing after another, and notes what it is told."""

    def __init__(
        self, partner: Partner, sample: Sequence[SampleReport], ledger: Ledger, chance: random.Random, patience: float
    ) -> None:
        self.name = f"partner {partner.organisation.number}"
        self._organisation = partner.id
        self._sends = partner.organisation.sends
        self._fresh: Iterator[SampleReport] = iter(sample)
        self._ledger = ledger
        self._chance = chance
        self._tansiq = Tansiq(partner.credentials, language="en", patience_seconds=patience)

    async def close(self) -> None:
        await self._tansiq.close()

    async def turn(self) -> None:
        turns = (self._batch, self.one, self._correction, self._again, self._given_up, self._file)
        [turn] = self._chance.choices(turns, weights=(8, 4, 6, 2, 2, 1 if self._sends in FILES else 0))
        await turn()

    async def _batch(self) -> None:
        rows = [self._new_row() for _ in range(self._chance.randint(5, 20))]
        await self._push([*rows, *self._corrections(self._chance.randint(0, 8))])

    async def one(self) -> None:
        await self._push([self._new_row()])

    async def _correction(self) -> None:
        await self._push(self._corrections(1))

    async def _again(self) -> None:
        """The same rows once more, as after a database was restored: they are the same reports."""
        accounts = list(self._ledger.settled(self._organisation))
        chosen = self._chance.sample(accounts, min(len(accounts), 10))
        await self._push([account.acknowledged[max(account.acknowledged)] for account in chosen])

    async def _given_up(self) -> None:
        """A partner whose line breaks, and who never asks again."""
        rows = [self._new_row() for _ in range(self._chance.randint(1, 10))]
        self._ledger.doubt(self._organisation, rows)
        try:
            async with asyncio.timeout(self._chance.uniform(0.001, 0.1)):
                await self._push(rows)
        except TimeoutError:
            return

    async def _file(self) -> None:
        reports = [next(self._fresh) for _ in range(self._chance.randint(5, 30))]
        with TemporaryDirectory(prefix="tansiq-faults-") as folder:
            written = await asyncio.to_thread(write, Path(folder), reports)
            sent = await self._tansiq.uploads.send(written.file, UploadDefaults(country="SY"))
        done = await self._tansiq.uploads.finished(sent)
        if (done.state, done.accepted, done.rejected) != ("done", written.good, written.unplaced):
            self._ledger.surprises.append(f"{self.name}: file {done.id} is {done.state}, {done.counts}, {done.failure}")
        self._ledger.acknowledge_file(self._organisation, [report.row for report in reports])

    async def _push(self, rows: Sequence[Row]) -> None:
        if not rows:
            return
        async for pushed in self._tansiq.reports.push(rows):
            for result in pushed.results:
                self._ledger.acknowledge(self._organisation, rows[result.row - 1], result)

    def _corrections(self, most: int) -> list[Row]:
        """Earlier reports as they are now: other counts, place, month or status."""
        accounts = list(self._ledger.settled(self._organisation))
        chosen = self._chance.sample(accounts, min(len(accounts), most))
        return [{**self._new_row(), "external_id": account.external_id} for account in chosen]

    def _new_row(self) -> Row:
        row = dict(next(self._fresh).row)
        for sector, share in OTHER_SECTORS:
            if self._chance.random() < share:
                row.pop("indicator", None)
                row["sector"] = sector
        return row
