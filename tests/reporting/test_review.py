"""From the review of a report to the figures: what activities tells is what reporting counts."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from itertools import permutations
from typing import Any
from uuid import UUID

import httpx2
import pytest_asyncio
from activities.consumers import PROJECTION
from activities.main import SERVICE as ACTIVITIES
from contracts.areas import AreaChanged
from contracts.codes import ScopeChanged, SectorChanged
from contracts.reports import ReportChanged
from contracts.values import Names
from database import Database
from testkit.service_clients import open_service_client
from testkit.services import Migrated
from testkit.trust import TestIssuer

from .conftest import PATHS, ReportingClient, id_of

AMAL = id_of("Amal")
ROW = {"external_id": "r1", "sector": "FSC", "area": "SY070004", "month": "2026-03", "status": "Completed"}
FIGURES = ("people_total", "official_people_total", "reports", "official_reports", "basis", "official_reason")


@dataclass
class Review:
    """Activities with its door, and reporting that hears all of it."""

    door: httpx2.AsyncClient
    database: Database
    issuer: TestIssuer
    reporting: ReportingClient
    heard: int = 0

    async def send(self, total: int) -> tuple[UUID, int]:
        headers = self.issuer.bearer("member", organisation_id=AMAL)
        answer = await self.door.post("/v1/reports", json={**ROW, "people": {"total": total}}, headers=headers)
        [result] = answer.json()["results"]
        return result["id"], result["version"]

    async def decide(self, report: tuple[UUID, int], decision: str) -> None:
        id, version = report
        row = {"report_id": str(id), "version": version, "decision": decision, "comment": "Which camp?"}
        headers = self.issuer.bearer("coordinator", sectors=["FSC"], areas=["SY07"])
        answer = await self.door.post("/v1/reviews", json=row, headers=headers)
        assert answer.status_code == 200, answer.text

    async def take(self, report: tuple[UUID, int], what: str) -> tuple[UUID, int]:
        headers = {**self.issuer.bearer("member", organisation_id=AMAL), "If-Match": "*"}
        said = {"reason": "Counted twice."} if what == "withdraw" else {}
        answer = await self.door.post(f"/v1/reports/{report[0]}/{what}", json=said, headers=headers)
        assert answer.status_code == 200, answer.text
        return report[0], answer.json()["version"]

    async def figures(self) -> tuple[Any, ...] | None:
        """What coverage says of the area, once all was heard."""
        async with self.database.connection() as tx:
            rows = await tx.fetch("select number, payload from event where number > $1 order by number", self.heard)
        self.heard = max((row["number"] for row in rows), default=self.heard)
        await self.reporting.hear(*(ReportChanged.model_validate_json(row["payload"]) for row in rows))
        found = await self.reporting.items("/v1/coverage", area="SY070004")
        return tuple(found[0][name] for name in FIGURES) if found else None


@pytest_asyncio.fixture(loop_scope="session")
async def review(reporting: ReportingClient, migrated: Migrated, issuer: TestIssuer) -> AsyncIterator[Review]:
    url = await migrated(ACTIVITIES)
    database = await Database.connect(url, application="test")
    async with database.transaction() as tx:
        for event in (
            SectorChanged(version=1, code="FSC", names=Names(en="Food"), has_working_group=True),
            ScopeChanged(
                version=1,
                code="idlib",
                names=Names(en="Idlib"),
                country="SY",
                areas=("SY07",),
                active_from=date(2020, 1, 1),
            ),
            *(
                AreaChanged(version=1, country="SY", pcode=pcode, level=len(path) - 1, names=Names(en=pcode),
                            parent=path[-2] if len(path) > 1 else None, path=path)
                for pcode, path in PATHS.items()
            ),
        ):  # fmt: skip
            await PROJECTION.handlers[type(event)](tx, [event])
    async with open_service_client(ACTIVITIES, url, issuer) as door:
        yield Review(door, database, issuer, reporting)
    await database.close()


async def test_official_figures_follow_the_review(review: Review) -> None:
    report = await review.send(100)
    assert await review.figures() == (100, None, 1, 0, "provisional", "no_approved_reports")

    await review.decide(report, "approved")
    assert await review.figures() == (100, 100, 1, 1, "official", None)

    changed = await review.send(140)
    assert changed == (report[0], 3)
    assert await review.figures() == (140, None, 1, 0, "provisional", "no_approved_reports")

    await review.decide(changed, "returned")
    assert await review.figures() is None

    mended = await review.send(130)
    assert await review.figures() == (130, None, 1, 0, "provisional", "no_approved_reports")
    await review.decide(mended, "approved")
    assert await review.figures() == (130, 130, 1, 1, "official", None)


async def test_figures_follow_a_withdrawal_and_the_way_back(review: Review) -> None:
    report = await review.send(100)
    await review.decide(report, "approved")
    assert await review.figures() == (100, 100, 1, 1, "official", None)
    withdrawn = await review.take(report, "withdraw")
    assert await review.figures() is None
    assert await review.reporting.items("/v1/presence", area="SY070004") == []
    restored = await review.take(withdrawn, "restore")
    assert await review.figures() == (100, None, 1, 0, "provisional", "no_approved_reports")
    await review.take(restored, "withdraw")
    assert await review.figures() is None
    assert await review.send(100) == (report[0], 6)
    assert await review.figures() == (100, None, 1, 0, "provisional", "no_approved_reports")


async def test_withdrawal_and_restoring_count_alike_in_any_order_and_after_a_rebuild(review: Review) -> None:
    report = await review.send(100)
    for what in ("withdraw", "restore", "withdraw"):
        await review.take(report, what)
    async with review.database.connection() as tx:
        rows = await tx.fetch("select payload from event order by number")
    told = [ReportChanged.model_validate_json(row["payload"]) for row in rows]
    assert [event.stage.value for event in told] == ["submitted", "withdrawn", "submitted", "withdrawn"]
    reporting = review.reporting
    for order in permutations(told):
        await reporting.forget_all()
        await reporting.hear_reference()
        await reporting.complete()
        for event in order:
            await reporting.hear(event)
        assert await reporting.items("/v1/coverage", area="SY070004") == []
        cells = await reporting.cells()
        await reporting.forget_all()
        await reporting.hear_reference()
        await reporting.hear(*order)
        await reporting.complete()
        assert await reporting.cells() == cells
