"""What becomes of a job: done once, when it is due, however its worker ends."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from database import Transaction
from jobs import Attempt, JobLeaseLost, JobWorker, Ladder, Queue, Work, dead, store, worker
from messaging import RetryLater
from testkit.patience import tries

from .conftest import QUEUE, WORK, Jobs, note, perform

LATER = timedelta(hours=1)
EMPTY = "select not exists (select from job)"


async def test_a_job_is_put_with_the_change_that_wants_it(jobs: Jobs) -> None:
    async def change(tx: Transaction) -> None:
        await QUEUE.put(tx, "kept", {"a": 1})

    async def undone(tx: Transaction) -> None:
        await QUEUE.put(tx, "undone")
        raise ZeroDivisionError

    async with jobs.working(WORK):
        with pytest.raises(ZeroDivisionError):
            await jobs.do(undone)
        await jobs.do(change)
        await jobs.until("select exists (select from effect)")
    assert await jobs.rows("select job, said from effect") == [{"job": "kept", "said": {"a": 1}}]
    assert not await jobs.rows("select from job")


async def test_a_hint_wakes_the_worker(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "LOOK_SECONDS", 3600.0)
    async with jobs.working(WORK):
        for key in "ab":
            await asyncio.sleep(0.2)
            await jobs.do(lambda tx, key=key: QUEUE.put(tx, key))  # type: ignore[misc]
            await jobs.until(f"select exists (select from effect where job = '{key}')")


async def test_of_one_key_there_is_one_job(jobs: Jobs) -> None:
    for number in range(3):
        await jobs.do(lambda tx, number=number: QUEUE.put(tx, "a", {"n": number}))  # type: ignore[misc]
    async with jobs.working(WORK):
        await jobs.until(EMPTY)
    assert await jobs.rows("select said from effect") == [{"said": {"n": 2}}]


async def test_what_is_put_while_it_runs_is_done_once_more(jobs: Jobs) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_: Any, attempt: Attempt) -> None:
        begun.set()
        await go_on.wait()
        await perform(None, attempt)

    await jobs.do(lambda tx: QUEUE.put(tx, "a", {"n": 1}))
    async with jobs.working(Work(QUEUE, slow)):
        await begun.wait()
        await jobs.do(lambda tx: QUEUE.put(tx, "a", {"n": 2}))
        go_on.set()
        await jobs.until(EMPTY)
    assert [row["said"]["n"] for row in await jobs.rows("select said from effect order by number")] == [1, 2]


async def test_a_job_waits_until_it_is_due_and_can_be_moved(jobs: Jobs) -> None:
    soon = datetime.now(UTC) + LATER
    await jobs.do(lambda tx: QUEUE.put(tx, "a", due_at=soon))
    await jobs.do(lambda tx: QUEUE.put(tx, "b"))
    async with jobs.working(WORK):
        await jobs.until("select exists (select from effect where job = 'b')")
        assert await jobs.effects() == ["b"]
        assert await jobs.do(lambda tx: QUEUE.move(tx, "a", datetime.now(UTC)))
        await jobs.until(EMPTY)
    assert await jobs.effects() == ["b", "a"]
    assert not await jobs.do(lambda tx: QUEUE.move(tx, "a", soon))


async def test_a_job_that_is_moved_while_it_runs_is_done_again_then(jobs: Jobs) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_: Any, attempt: Attempt) -> None:
        begun.set()
        await go_on.wait()
        await perform(None, attempt)

    await jobs.do(lambda tx: QUEUE.put(tx, "a"))
    async with jobs.working(Work(QUEUE, slow)):
        await begun.wait()
        await jobs.do(lambda tx: QUEUE.move(tx, "a", datetime.now(UTC) + LATER))
        go_on.set()
        await jobs.until("select exists (select from effect) and exists (select from job where lease is null)")
    [job] = await jobs.rows("select due_at > now() + interval '50 minutes' as later from job")
    assert job["later"]


async def test_a_cancelled_job_is_not_done_even_if_it_is_under_way(jobs: Jobs) -> None:
    begun, go_on, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow(_: Any, attempt: Attempt) -> None:
        begun.set()
        await go_on.wait()
        try:
            await perform(None, attempt)
        except JobLeaseLost:
            ended.set()
            raise

    await jobs.do(lambda tx: QUEUE.put(tx, "waits", due_at=datetime.now(UTC) + LATER))
    await jobs.do(lambda tx: QUEUE.put(tx, "runs"))
    async with jobs.working(Work(QUEUE, slow)):
        await begun.wait()
        for key in ("waits", "runs"):
            assert await jobs.do(lambda tx, key=key: QUEUE.cancel(tx, key))  # type: ignore[misc]
        go_on.set()
        await ended.wait()
    assert (await jobs.effects(), await jobs.rows("select from job")) == ([], [])


async def test_a_job_whose_lease_is_lost_is_stopped(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "RENEW_SECONDS", 0.05)
    stopped = asyncio.Event()

    async def endless(_: Any, attempt: Attempt) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    await jobs.do(lambda tx: QUEUE.put(tx, "a"))
    async with jobs.working(Work(QUEUE, endless)):
        await jobs.until("select exists (select from job where lease is not null)")
        await jobs.do(lambda tx: QUEUE.cancel(tx, "a"))
        await asyncio.wait_for(stopped.wait(), 60)


async def test_a_lease_is_kept_while_the_work_goes_on(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "RENEW_SECONDS", 0.05)
    monkeypatch.setattr(store, "LEASE_SECONDS", 0.6)

    async def slow(_: Any, attempt: Attempt) -> None:
        await asyncio.sleep(2)
        await perform(None, attempt)

    await jobs.do(lambda tx: QUEUE.put(tx, "a"))
    async with jobs.working(Work(QUEUE, slow)), jobs.working(Work(QUEUE, slow)):
        await jobs.until(EMPTY)
    assert await jobs.effects() == ["a"]


async def test_a_failure_is_tried_again_by_the_ladder_and_then_dead(jobs: Jobs) -> None:
    tried: list[int] = []

    async def broken(_: Any, attempt: Attempt) -> None:
        tried.append(attempt.job.failures)
        await attempt.commit(lambda tx: note(tx, attempt))
        raise ValueError("it can't be done")

    async def mourn(tx: Transaction, job: Any) -> None:
        await tx.execute("insert into effect (job) values ('died')")

    await jobs.do(lambda tx: QUEUE.put(tx, "a"))
    async with jobs.working(Work(QUEUE, broken, Ladder.of(0.05, 0.05), on_death=mourn)):
        await jobs.until("select exists (select from job where died_at is not null)")
    assert tried == [0, 1, 2]
    assert await jobs.effects() == ["a", "a", "a", "died"]
    [letter] = await jobs.do(dead.list_dead_jobs)
    assert (letter.queue, letter.key, letter.cause, letter.failures) == (
        "letters", "a", "ValueError: it can't be done", 3,
    )  # fmt: skip
    async with jobs.working(WORK):  # dead is dead
        await asyncio.sleep(0.3)
        assert await jobs.rows("select from job")
        assert await jobs.do(lambda tx: dead.retry(tx, letter.id))
        await jobs.until(EMPTY)
    assert not await jobs.do(lambda tx: dead.drop(tx, letter.id))


@pytest.mark.parametrize(
    ("statement", "arguments", "told"),
    [
        (
            "insert into effect (job) values ('A SAFE SPACE')",
            [],
            "CheckViolationError: new row for relation (table effect, constraint effect_said_check)",
        ),
        ("select 'A SAFE SPACE'::uuid", [], "InvalidTextRepresentationError: invalid input syntax for type uuid"),
        ("select $1::int", ["A SAFE SPACE"], "DataError: invalid input for query argument $1"),
    ],
)
async def test_why_a_job_died_quotes_no_row(jobs: Jobs, statement: str, arguments: list[str], told: str) -> None:
    await jobs.rows("alter table effect add check (said is not null)")

    async def broken(_: Any, attempt: Attempt) -> None:
        await attempt.complete(lambda tx: tx.execute(statement, *arguments))

    await jobs.do(lambda tx: QUEUE.put(tx, "a"))
    async with jobs.working(Work(QUEUE, broken, Ladder.of())):
        await jobs.until("select exists (select from job where died_at is not null)")
    [letter] = await jobs.do(dead.list_dead_jobs)
    assert letter.cause == told


async def test_a_dead_job_is_dropped_or_renewed_by_the_next_of_its_key(jobs: Jobs) -> None:
    async def broken(_: Any, attempt: Attempt) -> None:
        raise ValueError

    for key in "ab":
        await jobs.do(lambda tx, key=key: QUEUE.put(tx, key))  # type: ignore[misc]
    async with jobs.working(Work(QUEUE, broken, Ladder(()))):
        await jobs.until("select count(*) = 2 from job where died_at is not null")
    first, _ = await jobs.do(dead.list_dead_jobs)
    assert await jobs.do(lambda tx: dead.drop(tx, first.id))
    other = {"a": "b", "b": "a"}[first.key]
    await jobs.do(lambda tx: QUEUE.put(tx, other))
    async with jobs.working(WORK):
        await jobs.until(EMPTY)
    assert await jobs.effects() == [other]


async def test_what_passes_by_itself_does_not_count(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "TROUBLE_SECONDS", 0.01)
    tried = 0

    async def waiting(_: Any, attempt: Attempt) -> None:
        nonlocal tried
        tried += 1
        if tried < 5:
            raise RetryLater
        await perform(None, attempt)

    await jobs.do(lambda tx: QUEUE.put(tx, "a"))
    async with jobs.working(Work(QUEUE, waiting, Ladder(()))):
        await jobs.until(EMPTY)
    assert (tried, await jobs.effects()) == (5, ["a"])


async def test_a_stopped_worker_gives_back_what_it_has(jobs: Jobs) -> None:
    begun = asyncio.Event()

    async def endless(_: Any, attempt: Attempt) -> None:
        begun.set()
        await asyncio.Event().wait()

    await jobs.do(lambda tx: QUEUE.put(tx, "a"))
    async with jobs.working(Work(QUEUE, endless)):
        await begun.wait()
    [row] = await jobs.rows("select lease, taken, held_until <= now() as free from job")
    assert row == {"lease": None, "taken": 0, "free": True}


async def test_a_worker_does_so_many_of_a_queue_at_once(jobs: Jobs) -> None:
    most, now = 0, 0

    async def counting(_: Any, attempt: Attempt) -> None:
        nonlocal most, now
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.05)
        now -= 1

    for number in range(10):
        await jobs.do(lambda tx, number=number: QUEUE.put(tx, str(number)))  # type: ignore[misc]
    async with jobs.working(Work(QUEUE, counting, at_once=lambda _: 3)):
        await jobs.until(EMPTY)
    assert most == 3


@asynccontextmanager
async def doomed(jobs: Jobs, point: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.jobs.job_process", jobs.url, point)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.mark.parametrize("point", ["begun", "uncommitted", "committed"])
async def test_a_worker_killed_at_any_point_leaves_each_effect_once(jobs: Jobs, point: str) -> None:
    keys = [str(number) for number in range(9)]
    for key in keys:
        await jobs.do(lambda tx, key=key: QUEUE.put(tx, key))  # type: ignore[misc]
    for _ in range(2):
        async with doomed(jobs, point) as process:
            await asyncio.wait_for(process.wait(), 120)
            assert process.returncode == -signal.SIGKILL
        await jobs.do(lambda tx: tx.execute("update job set held_until = now()"))  # leases run out by themselves

    async with jobs.working(Work(QUEUE, perform, at_once=lambda _: 3)):
        await jobs.until(EMPTY)
    assert sorted(await jobs.effects()) == keys


async def test_a_worker_that_stood_still_changes_nothing_when_it_wakes(jobs: Jobs) -> None:
    await jobs.do(lambda tx: QUEUE.put(tx, "a"))
    async with doomed(jobs, "frozen") as process:
        await jobs.until("select exists (select from job where lease is not null)")
        await asyncio.sleep(0.5)
        await jobs.do(lambda tx: tx.execute("update job set held_until = now()"))
        async with jobs.working(WORK):
            await jobs.until(EMPTY)
        process.send_signal(signal.SIGCONT)
        await asyncio.sleep(1)
    assert await jobs.effects() == ["a"]


async def test_a_job_that_kills_its_worker_each_time_dies_too(jobs: Jobs) -> None:
    await jobs.do(lambda tx: QUEUE.put(tx, "poison"))
    await jobs.do(lambda tx: tx.execute("update job set taken = $1", worker.MOST_TAKEN))
    async with jobs.working(WORK):
        await jobs.until("select exists (select from job where died_at is not null)")
    [letter] = await jobs.do(dead.list_dead_jobs)
    assert "10 times" in letter.cause


LANES = Queue("files", fair=True)


async def test_lanes_take_turns_and_each_keeps_its_order(jobs: Jobs) -> None:
    for lane, keys in (("violet", ["v1", "v2", "v3"]), ("ihsan", ["i1"]), ("amal", ["a1", "a2"])):
        for key in keys:
            await jobs.do(lambda tx, key=key, lane=lane: LANES.put(tx, key, lane=lane))  # type: ignore[misc]
    async with jobs.working(Work(LANES, perform)):
        await jobs.until(EMPTY)
    assert await jobs.effects() == ["v1", "i1", "a1", "v2", "a2", "v3"]


async def test_a_lane_has_one_job_under_way_and_its_failure_is_not_overtaken(jobs: Jobs) -> None:
    most, under_way, failed = 0, 0, False

    async def failing_first(_: Any, attempt: Attempt) -> None:
        nonlocal most, under_way, failed
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.02)
        under_way -= 1
        if not failed:
            failed = True
            raise ValueError
        await perform(None, attempt)

    for key in ("1", "2", "3"):
        await jobs.do(lambda tx, key=key: LANES.put(tx, key, lane="violet"))  # type: ignore[misc]
    work = Work(LANES, failing_first, Ladder.of(0.3), at_once=lambda _: 2)
    async with jobs.working(work), jobs.working(work):
        await jobs.until(EMPTY)
    assert (most, await jobs.effects()) == (1, ["1", "2", "3"])


async def test_a_long_job_gives_its_place_to_others_and_goes_on(jobs: Jobs) -> None:
    async def in_pieces(_: Any, attempt: Attempt) -> None:
        while int((await jobs.rows("select count(*) from effect where job = 'long'"))[0]["count"]) < 4:
            await attempt.commit(lambda tx: note(tx, attempt))
            if await attempt.give_back_to_others():
                return

    await jobs.do(lambda tx: LANES.put(tx, "long", lane="violet"))
    await jobs.do(lambda tx: LANES.put(tx, "short", lane="ihsan"))

    async def either(_: Any, attempt: Attempt) -> None:
        await (in_pieces if attempt.job.key == "long" else perform)(None, attempt)

    async with jobs.working(Work(LANES, either)):
        await jobs.until(EMPTY)
    assert await jobs.effects() == ["long", "short", "long", "long", "long"]


async def test_a_worker_lives_through_a_database_that_ends_its_sessions(jobs: Jobs) -> None:
    async with jobs.working(WORK):
        for key in "abc":
            await jobs.do(lambda tx, key=key: QUEUE.put(tx, key))  # type: ignore[misc]
            await jobs.rows(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )
            async for _ in tries():
                try:
                    await jobs.until(EMPTY)
                except OSError:
                    continue
                break
    assert await jobs.effects() == ["a", "b", "c"]


async def test_what_fails_to_be_settled_is_tried_again(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "LEASE_SECONDS", 0.3)
    calls = 0

    async def mourn(tx: Transaction, job: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise ZeroDivisionError

    async def broken(_: Any, attempt: Attempt) -> None:
        raise ValueError

    await jobs.do(lambda tx: QUEUE.put(tx, "a"))
    async with jobs.working(Work(QUEUE, broken, Ladder(()), on_death=mourn)):
        await jobs.until("select exists (select from job where died_at is not null)")
    assert calls == 2


async def test_a_worker_without_work_has_none(jobs: Jobs) -> None:
    await JobWorker(jobs.database, [], None).run(asyncio.Event())
