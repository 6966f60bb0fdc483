"""Following organisations and areas: a copy kept by changes is the list as its reader sees it."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from testkit.horizon import caught_up

from .conftest import APPLICATION, MEMBER, OTHER, RegistryClient


@dataclass
class Follower:
    stage: RegistryClient
    role: str
    path: str = "/v1/organisations"
    filter: str = ""
    position: str = "start"
    copy: dict[str, Any] = field(default_factory=dict)
    told: list[Any] = field(default_factory=list)

    async def poll(self) -> "Follower":
        """Ask until nothing more follows, once what was written so far can be told."""
        await caught_up(self.stage.database)
        while True:
            query = f"{self.path}?first=3&changes_after={self.position}&{self.filter}"
            answer = await self.stage.ask(self.role, "GET", query)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            self.position = page["position"]
            for item in page["items"]:
                self.told.append(item)
                if item.get("gone"):
                    assert set(item) == {"id", "gone"}
                    self.copy.pop(item["id"], None)
                else:
                    self.copy[item.get("id") or f"{item['country']}:{item['pcode']}"] = item
            if page["next"] is None:
                return self

    async def listed(self) -> dict[str, Any]:
        page = (await self.stage.ask(self.role, "GET", f"{self.path}?first=500&{self.filter}")).json()
        return {item.get("id") or f"{item['country']}:{item['pcode']}": item for item in page["items"]}


@pytest.mark.parametrize("role", ["member", "coordinator", "hub", "secretariat"])
async def test_a_copy_of_the_organisations_is_the_list(registry: RegistryClient, role: str) -> None:
    followers = [
        Follower(registry, role),
        Follower(registry, role, filter="status=verified"),
        Follower(registry, role, filter="sector=WSH"),
        Follower(registry, role, filter="search=olive"),
    ]

    async def all_agree() -> None:
        for follower in followers:
            assert (await follower.poll()).copy == await follower.listed()

    await all_agree()
    applied = (await registry.ask("public", "POST", "/v1/organisations", APPLICATION)).json()["id"]
    await all_agree()
    for verb in ("verify", "suspend", "verify"):
        await registry.ask("secretariat", "POST", f"/v1/organisations/{applied}/{verb}")
        await registry.ask("secretariat", "POST", f"/v1/organisations/{OTHER}/{verb}")
        await all_agree()
    changes: list[dict[str, Any]] = [{"names": {"en": "Olive Branch"}}, {"names": {"en": "Another"}}, {"sectors": []}]
    for change in changes:
        path = f"/v1/organisations/{MEMBER}"
        await registry.ask("secretariat", "PATCH", path, change, headers={"If-Match": "*"})
        await all_agree()


@pytest.mark.parametrize("role", ["member", "coordinator", "hub"])
async def test_of_applicants_nothing_is_heard_and_of_a_suspended_one_once_that_it_is_gone(
    registry: RegistryClient, role: str
) -> None:
    follower = await Follower(registry, role).poll()
    follower.told.clear()
    applied = (await registry.ask("public", "POST", "/v1/organisations", APPLICATION)).json()["id"]
    for path in (f"/v1/organisations/{applied}/suspend", f"/v1/organisations/{OTHER}/suspend"):
        await registry.ask("secretariat", "POST", path)
    await registry.rows("update organisation set aliases = '{x}' where id = $1 returning 1", applied)
    await follower.poll()
    assert follower.told == [{"id": str(OTHER), "gone": True}]
    await registry.rows("update organisation set aliases = '{x}' where id = $1 returning 1", OTHER)
    assert len((await follower.poll()).told) == 1
    late = await Follower(registry, role).poll()
    assert not [item for item in late.told if item.get("gone")]


async def test_areas_are_followed_and_one_that_is_called_otherwise_leaves_what_was_sought(
    registry: RegistryClient,
) -> None:
    followers = [
        Follower(registry, "member", "/v1/areas", filter)
        for filter in ("country=SY&level=1", "within=SY0700", "level=1&search=newname")
    ]

    async def all_agree() -> None:
        for follower in followers:
            assert (await follower.poll()).copy == await follower.listed()

    await all_agree()
    heading = "level,pcode,name_en,name_ar,parent_pcode,lat,lon\n"
    await registry.load(heading + "1,SY07,Newname,,SY,,\n3,SY070004,Other,,SY0700,,\n")
    await all_agree()
    assert set(followers[2].copy) == {"SY:SY07"}
    await registry.load(heading + "1,SY07,Idleb,,SY,,\n")
    await all_agree()
    assert followers[2].copy == {}
