"""Following the list of targets, where an area skips a level too."""

from typing import Any

from testkit.small_syria import OpenService

from tests.activities.test_following import READERS, Follower
from tests.activities.test_levels import TREE, skipping_areas


async def test_targets_are_followed_and_withdrawn_ones_leave(door: OpenService) -> None:
    async def set_(people: int | None, area: str = "SY0703") -> None:
        target = {"sector": "WSH", "area": area, "month": "2026-03", "people": people}
        headers = door.bearer("coordinator", **READERS["coordinator"])
        answer = await door.client.post("/v1/targets", json=target, headers=headers)
        assert answer.json()["accepted"] == 1, answer.text

    followers = [Follower(door, role, claims, path="/v1/targets") for role, claims in READERS.items()]
    for people in (100, 200, None, None, 300, 300):
        await set_(people)
        for follower in followers:
            await follower.poll()
            assert follower.copy == await follower.listed()
            assert len(follower.copy) == int(people is not None)
    [all_] = [await Follower(door, path="/v1/targets", filter={"withdrawn": "true"}).poll()]
    await set_(None)
    await all_.poll()
    assert all_.copy == await all_.listed()
    assert [item["withdrawn"] for item in all_.copy.values()] == [True]


async def test_a_target_has_its_areas_own_level(door: OpenService) -> None:
    await door.announce(*skipping_areas())
    for area, level in (("SY091100", 3), ("SY0999", 2), ("SY09", 1)):
        row: dict[str, Any] = {"sector": "WSH", "area": area, "month": "2026-03", "people": 10}
        headers = {**door.bearer("secretariat"), "Content-Type": "application/json"}
        answer = await door.client.post("/v1/targets", json=row, headers=headers)
        assert answer.status_code == 200, answer.text
        [target] = (await door.client.get("/v1/targets", params={"level": level}, headers=headers)).json()["items"]
        assert (target["area"], target["level"]) == (area, level)
    refused = await door.client.post("/v1/targets", json={**row, "area": "C9002"}, headers=headers)
    assert refused.json()["results"][0]["errors"][0]["code"] == "area_too_fine"
    rows = await door.rows("select area, area_levels from target order by area")
    assert [row["area_levels"] for row in rows] == [None, [0, 1, 3], [0, 2]]
    await door.rows("delete from area where pcode = any($1::text[])", [pcode for pcode, _, _ in TREE])
