"""Under load and bad luck of every kind nothing acknowledged is lost, nothing counted twice, and only poison dies."""

import asyncio

from tests.faults.bad_luck import freeze_a_consumer, freeze_a_relay, keep_down, kill_each, kill_who_makes_anew
from tests.faults.conftest import Stage
from tests.faults.greed import ask_greedily
from tests.faults.silent import check_served, silent_callers

SOON_ISSUED = 20.0


async def test_two_consumers_of_which_one_freezes_within_a_batch(stage: Stage) -> None:
    async with stage.load.running():
        await freeze_a_consumer(stage.site)
    assert await stage.complaints() == []


async def test_two_relays_of_which_one_freezes_while_it_publishes(stage: Stage) -> None:
    async with stage.load.running():
        await freeze_a_relay(stage.site)
    assert await stage.complaints() == []


async def test_many_callers_say_half_of_what_they_came_for(stage: Stage) -> None:
    platform = stage.site.platform
    async with stage.load.running(), silent_callers(platform.url):
        await stage.grown(reports=50)
        await check_served(platform.url, platform.credentials("member"))
        await asyncio.wait_for(stage.load.secretariat.alert(), SOON_ISSUED)
    assert await stage.complaints() == []


async def test_every_process_is_killed_at_random_moments(stage: Stage) -> None:
    async with stage.load.running():
        await kill_each(stage.site, stage.measure.kills, stage.chance)
    assert await stage.complaints() == []


async def test_figures_are_made_anew_while_their_worker_is_killed(stage: Stage) -> None:
    async with stage.load.running():
        await stage.grown(reports=20)
        await kill_who_makes_anew(stage.site, stage.measure.kills, stage.chance)
    assert await stage.complaints() == []


async def test_kafka_is_down_for_a_while(stage: Stage) -> None:
    async with stage.load.running():
        await keep_down(stage.site, "kafka", stage.measure.outage)
        await stage.grown(reports=50)
    assert await stage.complaints() == []


async def test_postgresql_is_down_for_a_while(stage: Stage) -> None:
    async with stage.load.running():
        await keep_down(stage.site, "postgres", stage.measure.outage)
        await stage.grown(reports=50)
    assert await stage.complaints() == []


async def test_somebody_asks_for_documents_that_double(stage: Stage) -> None:
    async with stage.load.running():
        waited = await ask_greedily(stage.site, stage.measure.outage)
        await stage.grown(reports=20)
    assert waited.complaints == []
    assert await stage.complaints() == []
