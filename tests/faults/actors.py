"""The other side under load: working groups review, the secretariat sets targets, verifies newcomers and alerts."""

import asyncio
import random
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from client import Credentials, Tansiq
from client.reports import PATH as REPORTS
from client.reviews import ReviewDecision
from client.transport import Call
from local.demo.alerting import EXERCISE
from local.demo.reviewing import COMMENT
from local.demo.sample import SECTORS

from tests.faults.ledger import Ledger, Target

OVERTAKEN = frozenset({"version_mismatch", "outside_your_scope"})
"""The partner corrected the report while the coordinator read it, or moved it to another sector."""
AT_ONCE = 15


class Coordinator:
    """A working group's reviewer."""

    def __init__(self, sector: str, credentials: Credentials, ledger: Ledger, chance: random.Random, patience: float):
        self.name = f"coordinator of {sector}"
        self._sector = sector
        self._ledger = ledger
        self._chance = chance
        self._tansiq = Tansiq(credentials, language="en", patience_seconds=patience)

    async def close(self) -> None:
        await self._tansiq.close()

    async def turn(self) -> None:
        asked = [self._decision(report) for report in await self._waiting()]
        if not asked:
            return
        async for pushed in self._tansiq.reviews.decide(asked):
            for result in pushed.results:
                decided = asked[result.row - 1]
                if result.version is not None and not result.errors:
                    self._ledger.decide(str(decided.report_id), result.version, decided.decision)
                elif not OVERTAKEN.issuperset(error.code for error in result.errors):
                    self._ledger.surprises.append(f"{self.name}: {result}")

    async def _waiting(self) -> list[dict[str, Any]]:
        """The first page of what waits."""
        call = Call("GET", REPORTS, params={"reviewable": "true", "sector": self._sector, "first": AT_ONCE})
        found: list[dict[str, Any]] = (await self._tansiq.session.ask_json(call))["items"]
        return found

    def _decision(self, report: dict[str, Any]) -> ReviewDecision:
        if self._chance.random() < 0.2:
            return ReviewDecision(report["id"], report["version"], "returned", COMMENT)
        return ReviewDecision(report["id"], report["version"], "approved")


class Secretariat:
    """Sets and withdraws targets, verifies newcomers, issues exercise alerts and ends some of them."""

    def __init__(
        self, tansiq: Tansiq, areas: Sequence[str], months: Sequence[str], ledger: Ledger, chance: random.Random
    ) -> None:
        self.name = "secretariat"
        self._tansiq = tansiq
        self._areas = areas
        self._months = months
        self._ledger = ledger
        self._chance = chance
        self._turns = 0

    async def close(self) -> None:
        await self._tansiq.close()

    async def turn(self) -> None:
        turns = (self._set_targets, self._verify_newcomer, self.alert, self._alert_and_end)
        # Each once, so that the shortest day has something of all, then by chance.
        [turn] = turns[self._turns : self._turns + 1] or self._chance.choices(turns, weights=(3, 1, 2, 1))
        self._turns += 1
        await turn()

    async def _set_targets(self) -> None:
        keys = {(self._chance.choice(SECTORS), self._chance.choice(self._areas)) for _ in range(5)}
        rows = [
            {"country": "SY", "sector": sector, "area": area, "month": self._chance.choice(self._months)}
            | {"people": self._chance.randint(100, 5000)}
            for sector, area in sorted(keys)
        ]
        await self._push(rows)
        if self._chance.random() < 0.3:
            await self._push([{**rows[0], "people": None}])

    async def _push(self, rows: Sequence[dict[str, Any]]) -> None:
        async for pushed in self._tansiq.targets.push(rows):
            for result in pushed.results:
                if result.id is None or result.version is None or result.errors:
                    self._ledger.surprises.append(f"target {rows[result.row - 1]}: {result}")
                else:
                    self._ledger.targets[result.id] = Target(result.version, rows[result.row - 1]["people"])

    async def _verify_newcomer(self) -> None:
        name = uuid4().hex[:12]
        applied = await self._tansiq.organisations.apply(
            {
                "names": {"ar": f"منظمة جديدة {name}", "en": f"Newcomer {name}"},
                "type_code": "441",
                "external_ids": {"iati": f"XX-{name}"},
            }
        )
        await self._tansiq.organisations.verify(applied.id)
        self._ledger.organisations.add(str(applied.id))

    async def alert(self) -> str:
        issued = await self._tansiq.alerts.issue({**EXERCISE, "identifier": f"2.25.{uuid4().int}"})
        self._ledger.alerts.add(str(issued.id))
        return str(issued.id)

    async def _alert_and_end(self) -> None:
        """The Cancel is marked as less than the subscriber asks for: it reaches them as what they were told of ends."""
        issued = await self._tansiq.alerts.issue({**EXERCISE, "identifier": f"2.25.{uuid4().int}"})
        await asyncio.sleep(self._chance.uniform(0, 0.2))
        cancel = {"message_type": "Cancel", "severity": "Minor", "references": [issued.identifier]}
        end = await self._tansiq.alerts.issue({**EXERCISE, **cancel, "identifier": f"2.25.{uuid4().int}"})
        self._ledger.alerts.add(str(end.id))
        self._ledger.ends[str(end.id)] = str(issued.id)
