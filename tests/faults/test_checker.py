"""The checker is checked: it names each fault that was planted, and has nothing to say when there is none."""

import re

import pytest

from tests.faults.checker import complaints
from tests.faults.conftest import Stage
from tests.faults.evidence import gathered
from tests.faults.mutants import PLANTS, an_older_state_after_a_newer_one, other_content_under_an_id


async def test_it_is_silent_on_an_ordinary_day(stage: Stage) -> None:
    async with stage.load.running():
        await stage.grown(reports=400)
    assert await stage.complaints() == []


@pytest.mark.parametrize("name", PLANTS)
async def test_it_names_what_was_planted(stage: Stage, name: str) -> None:
    plant, complaint = PLANTS[name]
    async with plant(stage):
        found = await stage.complaints(planted=True)
    assert any(re.search(complaint, each) for each in found), found


async def test_it_names_what_lies_wrong_on_a_topic(stage: Stage) -> None:
    evidence = await gathered(stage.site)
    stale = complaints(stage.ledger, an_older_state_after_a_newer_one(evidence))
    assert any("stands last on activities.reports" in each for each in stale)
    other = complaints(stage.ledger, other_content_under_an_id(evidence))
    assert any("with other content than was logged" in each for each in other)


async def test_it_is_silent_when_all_is_undone(stage: Stage) -> None:
    assert await stage.complaints() == []
