"""The checker is checked: it names each fault that was planted, and has nothing to say once it is undone."""

import re

import pytest

from tests.faults.conftest import Stage
from tests.faults.plants import PLANTS, publish_older_after_newer, publish_other_content


@pytest.mark.parametrize("name", PLANTS)
async def test_it_names_what_was_planted(stage: Stage, name: str) -> None:
    plant, complaint = PLANTS[name]
    async with plant(stage):
        found = await stage.complaints(planted=True)
    assert any(re.search(complaint, each) for each in found), found


async def test_it_is_silent_when_all_is_undone(stage: Stage) -> None:
    assert await stage.complaints() == []


async def test_it_names_what_can_not_be_undone(stage: Stage) -> None:
    await publish_older_after_newer(stage)
    assert any("stands last on activities.reports" in each for each in await stage.complaints(planted=True))
    await publish_other_content(stage)
    assert any("with other content than was logged" in each for each in await stage.complaints(planted=True))
