"""Targets that stood in activities are plans' after the upgrade: none is lost, and twice is once."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from activities.main import SERVICE as ACTIVITIES
from contracts.targets import TargetChanged
from database import Database
from reporting.main import SERVICE as REPORTING
from testkit.patience import tries
from testkit.service_clients import CURSOR_KEY, SECRET, open_service_client
from testkit.services import Migrated
from testkit.small_syria import OpenService
from testkit.trust import TestIssuer

from tests.reporting.conftest import ReportingClient

from .test_targets import listed, post, target, told

IDS = [UUID(f"01990000-0000-7000-8000-00000000000{place}") for place in range(1, 4)]
BEFORE = """
insert into target (country, sector, area, month_from, month_to, id, version, area_path, unit, value, set_by, set_at)
values ('SY', 'WSH', 'SY070302', '2026-10', '2026-10', $1, 3, '{SY,SY07,SY0703,SY070302}', 'people', 500,
        'wash-coordinator', '2026-02-01T10:00:00.123456Z'),
       ('SY', 'WSH', 'SY07', '2026-10', '2026-10', $2, 2, '{SY,SY07}', 'people', null, 'secretariat-client',
        '2026-02-02T10:00:00Z'),
       ('SY', 'SHL', 'SY02', '2026-01', '2026-12', $3, 1, '{SY,SY02}', 'people', 70, 'secretariat-client',
        '2026-02-03T10:00:00Z')
"""
VERSIONS_BEFORE = """
insert into target_version (country, target_id, version, value, unit, set_by, set_at, replaced_by)
select 'SY', id, version, 100 * version, 'people', 'somebody', '2026-01-01T10:00:00Z', 'another'
  from (values ($1::uuid, 1), ($1, 2), ($2, 1)) as v (id, version)
"""

WAITS = "select from pg_stat_activity where application_name = 'plans-adopt' and wait_event_type = 'Lock'"


@pytest_asyncio.fixture
async def before(migrated: Migrated) -> str:
    """URL of activities' database with the targets of the release before."""
    url = await migrated(ACTIVITIES)
    database = await Database.connect(url, application="test")
    async with database.transaction() as tx:
        await tx.execute(BEFORE, *IDS)
        await tx.execute(VERSIONS_BEFORE, *IDS[:2])
    await database.close()
    return url


async def started(service: str, command: str, url: str) -> Process:
    environment = {
        "TANSIQ_DATABASE_URL": url,
        "TANSIQ_KAFKA_BOOTSTRAP": "127.0.0.1:1",
        "TANSIQ_ISSUER": "http://test",
        "TANSIQ_JWKS_URL": "http://test",
        "TANSIQ_CURSOR_KEY": CURSOR_KEY,
        "TANSIQ_UNIT_KEY": SECRET,
        "TANSIQ_PORT": "0",
    }
    words = (sys.executable, "-m", f"{service}.main", command)
    return await asyncio.create_subprocess_exec(*words, stdin=PIPE, stdout=PIPE, env={**os.environ, **environment})


async def told_of(url: str) -> bytes:
    document, _ = await (await started("activities", "targets", url)).communicate()
    return document


async def adopted(door: OpenService, document: bytes) -> tuple[int | None, str]:
    process = await started("plans", "adopt", door.url)
    said, _ = await process.communicate(document)
    return process.returncode, said.decode().strip()


async def test_targets_of_the_release_before_are_listed_with_ids_versions_and_history(
    door: OpenService, before: str
) -> None:
    assert await adopted(door, await told_of(before)) == (0, "plans: 3 targets were adopted")
    rows = {row["id"]: row for row in await listed(door, withdrawn=True)}
    assert {id: (row["version"], row["people"], row["withdrawn"]) for id, row in rows.items()} == {
        str(IDS[0]): (3, 500, False),
        str(IDS[1]): (2, None, True),
        str(IDS[2]): (1, 70, False),
    }
    assert rows[str(IDS[0])]["set_at"].startswith("2026-02-01T10:00:00.123456")
    assert {(event.id, event.version, event.value) for event in await told(door)} == {
        (IDS[0], 3, 500),
        (IDS[1], 2, None),
        (IDS[2], 1, 70),
    }
    kept = await door.rows("select target_id, version, value, set_by, replaced_by from target_version order by 1, 2")
    assert [tuple(row.values()) for row in kept] == [
        (IDS[0], 1, 100, "somebody", "another"),
        (IDS[0], 2, 200, "somebody", "another"),
        (IDS[1], 1, 100, "somebody", "another"),
    ]
    [changed] = (await post(door, target(people=600))).json()["results"]
    assert (changed["id"], changed["status"], changed["version"]) == (str(IDS[0]), "updated", 4)
    [back] = (await post(door, target(area="SY07"))).json()["results"]
    assert (back["id"], back["version"]) == (str(IDS[1]), 3)


async def test_again_changes_nothing_but_what_is_newer(door: OpenService, before: str) -> None:
    await adopted(door, await told_of(before))
    await post(door, target(people=600))
    events = len(await told(door))
    assert (await adopted(door, await told_of(before)))[1] == "plans: 0 targets were adopted"
    assert len(await told(door)) == events
    database = await Database.connect(before, application="test")
    async with database.transaction() as tx:  # somebody set it meanwhile, where the release before still ran
        await tx.execute("update target set version = 2, value = 80 where id = $1", IDS[2])
    await database.close()
    assert (await adopted(door, await told_of(before)))[1] == "plans: 1 targets were adopted"
    values = {row["id"]: (row["version"], row["people"]) for row in await listed(door)}
    assert values == {str(IDS[0]): (4, 600), str(IDS[2]): (2, 80)}


async def test_who_dies_in_the_middle_leaves_nothing_and_is_repeated(door: OpenService, before: str) -> None:
    document = await told_of(before)
    assert (await adopted(door, document[: len(document) // 2]))[0] == 2
    async with door.database.transaction() as tx:
        await tx.execute("lock table event in access exclusive mode")
        process = await started("plans", "adopt", door.url)
        ending = asyncio.create_task(process.communicate(document))
        async for _ in tries():
            if await door.rows(WAITS):
                break
        else:
            pytest.fail("it has not begun to write")
        process.kill()
        await ending
    assert await listed(door, withdrawn=True) == []
    assert (await adopted(door, document))[0] == 0
    assert len(await listed(door, withdrawn=True)) == len(await told(door)) == 3


async def test_reporting_counts_against_them(
    door: OpenService, before: str, migrated: Migrated, issuer: TestIssuer
) -> None:
    await adopted(door, await told_of(before))
    url = await migrated(REPORTING)
    database = await Database.connect(url, application="test")
    async with open_service_client(REPORTING, url, issuer) as client:
        reporting = ReportingClient(database, url, client, issuer)
        await reporting.hear_reference()
        await reporting.complete()
        await reporting.hear(*await told(door))
        year = {"month_from": "2026-01", "month_to": "2026-12"}
        [progress] = await reporting.items("/v1/progress", sector="SHL", area="SY02", **year)
        assert (progress["target"], progress["target_basis"]) == (70, "set")
    await database.close()


def test_events_of_before_are_read_as_targets() -> None:
    row: dict[str, Any] = {"type": "activities.target.changed.v1", "id": str(IDS[0]), "version": 3, "country": "SY"}
    row |= {"area": "SY07", "area_path": ["SY", "SY07"], "sector": "WSH", "month_from": "2026-10"}
    event = TargetChanged.model_validate_json(json.dumps({**row, "month_to": "2026-10", "value": 5}))
    assert (event.type, event.value) == ("plans.target.changed.v1", 5)
