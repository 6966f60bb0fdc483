"""Whose file is read next: nobody's files, however many, long or bad, keep those of others waiting."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from activities.uploads import job, store
from activities.uploads.store import UPLOADS
from jobs import store as jobs
from testkit.small_syria import IHSAN

from . import hostile
from .conftest import ServiceClient
from .test_uploading import HXL, finished, send, taken, until_read, working

ANY = "application/octet-stream"
ONE = HXL + "WSH,SY070302,2026-10,1,Completed\n"
OTHERS = {"organisation_id": IHSAN, "subject": "ihsan-system"}
ODS_CELL = 'office:value-type="string"><text:p>x<'


async def order(service: ServiceClient) -> list[str]:
    """Whose files would be read, in their order, by one reader that needs no time."""
    found: list[str] = []
    while True:
        async with service.database.transaction() as tx:
            taken = await jobs.take_in_turn(tx, UPLOADS.name)
            if taken is None:
                return found
            await jobs.remove(tx, taken)
            found.append(await tx.fetchval("select client from upload where id = $1", UUID(taken.key)))


async def test_senders_take_turns_however_many_files_one_has_sent(service: ServiceClient) -> None:
    for _ in range(5):
        await send(service, ONE)
    await send(service, ONE, claims=OTHERS)
    await send(service, ONE, "secretariat", claims={"subject": "first-officer"})
    await send(service, ONE, "secretariat", claims={"subject": "second-officer"})
    violet = "violet-system"
    assert await order(service) == [violet, "ihsan-system", "first-officer", violet, "second-officer", *[violet] * 3]


async def test_a_senders_turn_is_remembered_when_new_files_come(service: ServiceClient) -> None:
    await send(service, ONE)
    assert await order(service) == ["violet-system"]
    await send(service, ONE)
    await send(service, ONE, claims=OTHERS)
    assert await order(service) == ["ihsan-system", "violet-system"]


async def test_files_of_one_sender_are_read_one_after_the_other_and_those_of_two_at_once(
    service: ServiceClient,
) -> None:
    first, second = await send(service, ONE), await send(service, ONE)
    await send(service, ONE, claims=OTHERS)

    async def take() -> Any:
        return await service.database.run(lambda tx: jobs.take_in_turn(tx, UPLOADS.name))

    found = [job for job in await asyncio.gather(*(take() for _ in range(3))) if job]
    while job := await take():
        found.append(job)
    assert len(found) == 2
    ids = {job.key for job in found}
    assert first.json()["id"] in ids
    assert second.json()["id"] not in ids


async def test_a_long_file_is_laid_aside_for_others_and_gone_on_with(
    service: ServiceClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "BATCH", 5)
    monkeypatch.setattr(job, "TURN_SECONDS", 0.0)
    rows = "".join(f"WSH,SY070302,2026-10,{number},Completed\n" for number in range(100))
    long, short = await send(service, HXL + rows), await send(service, ONE, claims=OTHERS)
    async with working(service, readers=1):
        await until_read(service, short.headers["location"])
        other = await service.client.get(short.headers["location"], headers=service.bearer("member", **OTHERS))
        state = await finished(service, long.headers["location"])
    assert other.json()["state"] == "done"
    assert other.json()["finished_at"] < state["finished_at"]
    assert (state["counts"]["rows"], state["counts"]["created"]) == (100, 100)


async def test_an_unread_queue_of_a_thousand_senders_costs_no_scan(service: ServiceClient) -> None:
    async with service.database.transaction() as tx:
        await tx.execute(
            """
            insert into job (queue, key, lane)
            select 'upload', gen_random_uuid()::text, 'client-' || number % 1000
            from generate_series(1, 10000) as number
            """
        )
        await tx.execute("analyze job")
    started = time.monotonic()
    async with service.database.transaction() as tx:
        assert await jobs.take_in_turn(tx, UPLOADS.name)
    assert time.monotonic() - started < 10


XLS = Path(__file__).with_name("samples") / "shown.xls"
HOSTILE: dict[str, Callable[[], bytes]] = {
    "error cells without an end": lambda: hostile.unclosed_errors(200_000),
    "error cells": lambda: hostile.closed_errors(90_000),
    "sheets without an end": lambda: hostile.unclosed_tags(hostile.WORKBOOK, 280_000),
    "relations without an end": lambda: hostile.unclosed_tags(hostile.RELATIONS, 100_000),
    "an attribute of two megabytes": lambda: hostile.long_attribute_names(1_900_000),
    "cells far out on a hundred sheets": lambda: hostile.far_out_sheets(100),
    "merged cells": lambda: hostile.merged_cells(500_000),
    "formulas without an end": lambda: hostile.uncalculated(200_000, closed=False),
    "formulas nobody calculated": lambda: hostile.uncalculated(300_000, closed=True),
    "a style a cell": lambda: hostile.many_styles(40_000),
    "merged cells below each other": lambda: hostile.steps_of_merged_cells(200_000),
    "sheets of an XLS upon each other": lambda: hostile.xls_of_sheets_upon_each_other(XLS.read_bytes(), 20),
    "separators": lambda: (",;\t|" * 60_000 + "\n").encode() * 30,
    "quotation marks": (HXL + '","' * 2_000_000).encode,
    "words of another page": lambda: b"\xe1\xed\xd3 \xc7\xe1\xe3\xce\xed\xe3\n" * 400_000,
    "nested elements": lambda: hostile.nested(1_000_000),
    "a column two thousand million times": lambda: hostile.repeated_in_ods(
        {ODS_CELL: 'table:number-columns-repeated="2000000000" ' + ODS_CELL}
    ),
    "a row a thousand million times": lambda: hostile.repeated_in_ods(
        {"<table:table-row>": '<table:table-row table:number-rows-repeated="1000000000">'}
    ),
    "parts over each other": hostile.overlapping_parts,
    "one cell of 20 MB": (HXL + '"' + "x" * 20_000_000 + '"\n').encode,
    "one record of a million lines": (HXL + '"a\n",' * 1_000_000).encode,
    "a quotation mark left open": (HXL + '"' + "WSH,SY070302,2026-10,1,Completed\n" * 40_000).encode,
    "marks upon one letter": ("Sector,Month,x" + "\u0316\u0301" * 250_000 + "\n" + "WSH,\n" * 3).encode,
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_file_ends_in_time_and_others_are_read_meanwhile(service: ServiceClient, name: str) -> None:
    content = HOSTILE[name]()
    async with working(service):
        bad = await send(service, content, kind=ANY)
        await asyncio.sleep(0.2)
        honest = await send(service, ONE, claims=OTHERS)
        await until_read(service, honest.headers["location"])
        read = await service.client.get(honest.headers["location"], headers=service.bearer("member", **OTHERS))
        assert read.json()["state"] == "done"
        state = await finished(service, bad.headers["location"])
    assert state.get("failure") is None or state["failure"]["code"] != "not_finished", state


async def test_a_part_is_read_once_however_many_sheets_name_it(service: ServiceClient) -> None:
    state = await taken(service, hostile.one_part_many_sheets(90, 3), kind=ANY)
    assert state["counts"]["rows"] == 3
    told = [sheet.get("reason", {}).get("code") for sheet in state["sheets"]]
    assert told == [None, *["sheet_repeated"] * 89]


async def test_a_file_is_given_up_when_its_first_ten_thousand_rows_are_refused(service: ServiceClient) -> None:
    content = HXL + "QQQ,SY070302,2026-10,1,Completed\n" * 30_000
    async with working(service):
        sent = await send(service, content)
        state = await finished(service, sent.headers["location"])
    assert (state["state"], state["failure"]["code"]) == ("failed", "all_rows_refused")
    assert (state["counts"]["rows"], state["counts"]["rejected"]) == (10_000, 10_000)
    assert "10000" in state["failure"]["detail"]
    assert await service.rows("select count(*) from upload_problem") == [{"count": 10_000}]
    assert state["problem_counts"] == {"total": 10_000, "listed": 10_000, "by_code": {"unknown_sector": 10_000}}
    [cause] = state["problem_causes"]
    assert {name: cause[name] for name in ("code", "field", "value", "rows", "first_rows")} == {
        "code": "unknown_sector",
        "field": "sector",
        "value": "QQQ",
        "rows": 10_000,
        "first_rows": [3, 4, 5, 6, 7],
    }
    page = await service.client.get(f"{sent.headers['location']}/problems", headers=service.bearer())
    assert page.json()["counts"] == state["problem_counts"]
    assert not await service.rows("select 1 from upload_chunk")


async def test_problems_beyond_those_kept_are_counted_and_good_rows_are_taken(
    service: ServiceClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MOST_PROBLEMS", 1000)
    bad = "QQQ,SY070302,someday,1,Completed\nQQQ,SY070302,2026-10,1,Completed\n" * 3000
    state = await taken(service, ONE + bad + "WSH,SY070302,2026-10,7,Completed\n")
    assert (state["state"], state["counts"]["accepted"], state["counts"]["rejected"]) == ("done", 2, 6000)
    assert state["problem_counts"]["total"] == sum(state["problem_counts"]["by_code"].values()) >= 6000
    kept = await service.rows("select row from upload_problem order by row")
    assert [row["row"] for row in kept] == list(range(4, 1004))
    causes = {(cause["code"], cause["value"]): cause["rows"] for cause in state["problem_causes"]}
    assert causes == {("unknown_sector", "QQQ"): 3000, ("not_a_month", "someday"): 3000}


async def test_rows_of_long_cells_are_taken_a_few_at_a_time(service: ServiceClient) -> None:
    columns = ",".join(f"Extra {number}" for number in range(100))
    cells = ",".join(["y" * 5000] * 100)
    content = f"Sector,Area,Month,{columns}\n" + f"WSH,SY070302,2026-10,{cells}\n" * 40
    state = await taken(service, content)
    assert (state["counts"]["rows"], state["counts"]["accepted"]) == (40, 40)
