"""Jobs with a schedule: by the clock of a zone, over its changes, missed and failed times."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from jobs import AtStart, Attempt, Cron, Every, Ladder, Work, dead
from jobs.schedule import read

from .conftest import QUEUE, Jobs, note

DAMASCUS, ISTANBUL = "Asia/Damascus", "Europe/Istanbul"


def times(schedule: Cron, start: str, count: int = 3) -> list[str]:
    moment = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(schedule.zone))
    found = []
    for _ in range(count):
        moment = schedule.after(moment)
        found.append(moment.isoformat(timespec="minutes"))
    return found


@pytest.mark.parametrize(
    ("schedule", "start", "expected"),
    [
        # The clock of Damascus goes from midnight to one o'clock: what falls between is due right after.
        (Cron("30 0 * * *", DAMASCUS), "2022-03-24T12:00",
         ["2022-03-25T01:00+03:00", "2022-03-26T00:30+03:00", "2022-03-27T00:30+03:00"]),
        # It goes back from midnight to eleven: what lies between is due once.
        (Cron("30 23 * * *", DAMASCUS), "2021-10-27T12:00",
         ["2021-10-27T23:30+03:00", "2021-10-28T23:30+03:00", "2021-10-29T23:30+02:00"]),
        (Cron("30 3 * * *", ISTANBUL), "2016-03-26T12:00",
         ["2016-03-27T04:00+03:00", "2016-03-28T03:30+03:00", "2016-03-29T03:30+03:00"]),
        (Cron("30 3 * * *", ISTANBUL), "2015-11-07T12:00",
         ["2015-11-08T03:30+03:00", "2015-11-09T03:30+02:00", "2015-11-10T03:30+02:00"]),
        # Syria keeps one time since 2022.
        (Cron("0 8 * * MON", DAMASCUS), "2026-10-30T12:00",
         ["2026-11-02T08:00+03:00", "2026-11-09T08:00+03:00", "2026-11-16T08:00+03:00"]),
    ],
)  # fmt: skip
def test_the_clock_may_change(schedule: Cron, start: str, expected: list[str]) -> None:
    assert times(schedule, start) == expected


@pytest.mark.parametrize("schedule", [Cron("0 8 * * MON", DAMASCUS), Every(0.5)])
def test_a_schedule_is_read_as_it_is_stored(schedule: Any) -> None:
    assert read(str(schedule)) == schedule


@pytest.mark.parametrize("schedule", [("61 0 * * *", DAMASCUS), ("0 8 * *", DAMASCUS), ("0 8 * * *", "Syria")])
def test_a_wrong_schedule_is_refused_when_it_is_declared(schedule: tuple[str, str]) -> None:
    with pytest.raises(Exception, match=r"."):
        Cron(*schedule)


async def perform(_: Any, attempt: Attempt) -> None:
    await attempt.complete(lambda tx: note(tx, attempt))


async def test_what_is_done_every_so_often_is_done_again(jobs: Jobs) -> None:
    works = Work(QUEUE, perform, schedule=Every(0.02))
    async with jobs.working(works), jobs.working(works):
        await jobs.until("select count(*) >= 5 from effect")
    assert len(await jobs.rows("select from job")) == 1


async def test_a_missed_time_is_made_up_for_once(jobs: Jobs) -> None:
    work = Work(QUEUE, perform, schedule=Cron("0 8 * * *", DAMASCUS))
    async with jobs.working(work):
        await jobs.until("select exists (select from job)")
    await jobs.do(lambda tx: tx.execute("update job set due_at = now() - interval '3 days'"))
    async with jobs.working(work):
        await jobs.until("select exists (select from job where due_at > now())")
    assert await jobs.effects() == [""]
    [row] = await jobs.rows("select due_at from job")
    assert row["due_at"].astimezone(ZoneInfo(DAMASCUS)).hour == 8


async def test_another_zone_moves_what_is_scheduled_and_the_same_does_not(jobs: Jobs) -> None:
    async def due(zone: str) -> datetime:
        await jobs.do(lambda tx: QUEUE.repeat(tx, "idlib", Cron("0 8 * * *", zone)))
        [row] = await jobs.rows("select due_at from job")
        found: datetime = row["due_at"]
        return found

    first = await due(DAMASCUS)
    await jobs.do(lambda tx: tx.execute("update job set due_at = due_at - interval '3 days'"))
    assert await due(DAMASCUS) < first
    assert (await due("Asia/Tokyo")).astimezone(ZoneInfo("Asia/Tokyo")).hour == 8


async def test_a_scheduled_job_that_dies_is_shown_and_done_at_its_next_time(jobs: Jobs) -> None:
    fails = True

    async def failing(_: Any, attempt: Attempt) -> None:
        if fails:
            raise ValueError("not today")
        await perform(None, attempt)

    async with jobs.working(Work(QUEUE, failing, Ladder(()), schedule=Every(0.05))):
        await jobs.until("select exists (select from job where died_at is not null)")
        [letter] = await jobs.do(dead.list_dead_jobs)
        assert letter.cause == "ValueError: not today"
        assert await jobs.do(lambda tx: dead.drop(tx, letter.id))
        fails = False
        await jobs.until("select exists (select from effect)")
    assert await jobs.do(dead.list_dead_jobs) == []


async def test_what_is_done_at_the_start_is_done_at_each(jobs: Jobs) -> None:
    for times_done in (1, 2):
        async with jobs.working(Work(QUEUE, perform, schedule=AtStart())):
            await jobs.until(f"select count(*) = {times_done} from effect")
    assert await jobs.rows("select from job") == []


async def test_the_time_of_a_schedule_is_in_the_future(jobs: Jobs) -> None:
    await jobs.do(lambda tx: QUEUE.repeat(tx, "", Cron("* * * * *", ISTANBUL)))
    [row] = await jobs.rows("select due_at from job")
    assert datetime.now(UTC) < row["due_at"]
