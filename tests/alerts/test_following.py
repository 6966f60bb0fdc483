"""Following alerts: a copy kept by changes is the list as its reader sees it, and says which ended."""

from typing import Any

import pytest
from testkit.horizon import caught_up

from .conftest import ASKING


class Follower:
    def __init__(self, alerts: Any, who: str, **filter: Any) -> None:
        self.alerts, self.who, self.filter = alerts, who, filter
        self.position = "start"
        self.copy: dict[str, Any] = {}
        self.told: list[Any] = []

    async def poll(self) -> None:
        """Ask until nothing more follows, once what was written so far can be told."""
        await caught_up(self.alerts.database)
        while True:
            params = {**self.filter, "first": 2, "changes_after": self.position}
            answer = await self.alerts.door.get("/v1/alerts", params=params, headers=self.alerts.bearer(self.who))
            assert answer.status_code == 200, answer.text
            page = answer.json()
            self.position = page["position"]
            for item in page["items"]:
                self.told.append(item)
                if item.get("gone"):
                    assert set(item) == {"id", "gone"}
                    self.copy.pop(item["id"], None)
                else:
                    self.copy[item["id"]] = item
            if page["next"] is None:
                return


@pytest.mark.parametrize("who", ASKING)
async def test_a_copy_of_the_alerts_is_the_list(alerts: Any, who: str) -> None:
    followers = [
        Follower(alerts, who, **filter)
        for filter in ({}, {"active": True}, {"active": False}, {"area": "SY07"}, {"severity": "Severe"})
    ]

    async def all_agree() -> None:
        for follower in followers:
            await follower.poll()
            assert follower.copy == {row["id"]: row for row in await alerts.listed(who, **follower.filter)}

    await all_agree()
    first = await alerts.issued(areas=["SY07"])
    await alerts.issued("far_coordinator", areas=["SY02"], sectors=["WSH"])
    await alerts.issued(status="Draft")
    await all_agree()
    update = await alerts.issued(message_type="Update", references=[first["identifier"]], areas=["SY07"])
    await all_agree()
    await alerts.issued(message_type="Cancel", references=[update["identifier"]], areas=["SY07"])
    await all_agree()


async def test_drafts_and_private_alerts_of_others_are_not_heard_of(alerts: Any) -> None:
    followers = [Follower(alerts, who) for who in ("other_member", "hub", "far_coordinator")]
    await alerts.issued(status="Draft")
    await alerts.issued(scope="Private", addresses=[str(ASKING["member"]["organisation_id"])])
    for follower in followers:
        await follower.poll()
        assert follower.told == []
