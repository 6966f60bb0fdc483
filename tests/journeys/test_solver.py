"""Nothing that is withheld can be computed from all that is shown: over areas, groups, months, parts and time.

A hub, a member that planted two invented implementers beside another's single report, and a member that is one of three
organisations behind a closed month read everything after each step; what they learnt is solved.
"""

import random
from collections.abc import Mapping, Sequence
from typing import Any

from client import Tansiq
from client.transport import Call
from testkit.journeys import PlatformClients, eventually, new_member
from testkit.platform import Platform

from .reading_between import Learnt, Moment, Row
from .solving import Equations

MONTHS = ("2023-05", "2023-06")
WHERE = {"SY07": ("SY070004", "SY070005", "SY070300"), "SY02": ("SY020000", "SY020001")}
AREAS = tuple(area for areas in WHERE.values() for area in areas)
GROUPS = ("idp", "returnee")
SECTORS = ("FSC", "EDU", "PRO", "PRO-GBV", "PRO-HLP")
PERIOD = {"month_from": MONTHS[0], "month_to": MONTHS[1]}


def people(chance: random.Random) -> dict[str, int]:
    """Counts with small parts in most of them."""
    parts = {name: chance.choice((0, 2, 4, 7, 9, 12, 15, 20, 31)) for name in ("men", "women", "boys", "girls")}
    if chance.random() < 0.2:
        del parts["girls"]
    total = sum(parts.values()) + (0 if len(parts) == 4 else chance.choice((0, 3, 14)))
    young = chance.randint(0, total)
    ages = {"age_0_4": young, "age_18_59": total - young} if chance.random() < 0.4 else {}
    return {"total": total, **parts, **ages, "with_disability": chance.randint(0, total)}


def row(name: str, chance: random.Random, **said: Any) -> dict[str, Any]:
    return {
        "external_id": f"solve-{name}",
        "area": chance.choice(AREAS),
        "month": chance.choice(MONTHS),
        "population_group": chance.choice(GROUPS),
        "sector": chance.choice(SECTORS),
        "status": "Completed",
        "newly_reached": chance.random() < 0.8,
        "people": people(chance),
        **said,
    }


class Scene:
    """Organisations at work, and who reads what they say."""

    def __init__(self, secretariat: Tansiq, members: Mapping[str, Tansiq], hub: Tansiq) -> None:
        self.secretariat = secretariat
        self.members = members
        self.readers = {"hub": hub, "planter": members["planter"], "first": members["first"]}
        self.learnt: dict[str, Learnt] = {}

    async def send(self, who: str, *rows: Mapping[str, Any]) -> None:
        async for pushed in self.members[who].reports.push(rows):
            assert not pushed.problems, pushed.problems

    async def approve(self, **which: str) -> None:
        """As the secretariat may, saying why."""
        reports = self.secretariat.session.pages("/api/activities/v1/reports", **PERIOD, stage="submitted", **which)
        said = {"decision": "approved", "override_reason": "solving"}
        decisions = [{"report_id": report["id"], "version": report["version"], **said} async for report in reports]
        await self.secretariat.session.ask(Call.json("POST", "/api/activities/v1/reviews", decisions))

    async def look(self, *, history: bool = False) -> None:
        """All read, once the figures have followed."""
        reports = self.secretariat.session.pages("/api/activities/v1/reports", **PERIOD)
        now = Moment([Row(report) async for report in reports])
        approved = sum(report.content["stage"] == "approved" for report in now.rows)
        await eventually(
            self._counted, lambda found: found == (len(now.rows), approved, sum(map(_total, now.rows))), seconds=60
        )
        for name, reader in self.readers.items():
            if name not in self.learnt:
                self.learnt[name] = Learnt(_organisation(now.rows, name))
            await self.learnt[name].read(reader, now, MONTHS, history=history)

    async def _counted(self) -> tuple[int, int, int]:
        figures = [
            figure async for figure in self.secretariat.session.pages("/api/reporting/v1/coverage", **PERIOD, level=0)
        ]
        reports, approved, people = (
            sum(figure[name] or 0 for figure in figures) for name in ("reports", "official_reports", "frequencies")
        )
        return reports, approved, people


def _total(report: Row) -> int:
    return report.count("total") or 0


def _organisation(now: Sequence[Row], name: str) -> str | None:
    own = (one for one in now if (one.content["external_id"] or "").startswith(f"solve-{name}-"))
    found = next(own, None)
    return found.content["organisation_id"] if found else None


async def play(scene: Scene) -> None:
    """A month of protection from the first report to what is told of it when it is closed."""
    chance = random.Random(11)
    for who in scene.members:
        await scene.send(
            who,
            *(
                row(f"{who}-{sector}-{n}", chance, sector=sector)
                for sector in ("FSC", "EDU", "PRO-HLP")
                for n in range(6)
            ),
        )
    there = {
        "sector": "PRO-GBV",
        "area": AREAS[0],
        "month": MONTHS[0],
        "population_group": "idp",
        "newly_reached": True,
    }
    await scene.send("victim", row("victim-gbv", chance, **there))
    planted = [
        row(f"planter-gbv-{name}", chance, **there, implementing_organisation=f"Invented {name}") for name in "ab"
    ]
    await scene.send("planter", *planted)
    legal = {"sector": "PRO", "month": MONTHS[0], "newly_reached": True}
    for who, area in zip(("first", "second", "third"), WHERE["SY07"], strict=True):
        await scene.send(who, row(f"{who}-pro", chance, **legal, area=area))
    targets = [
        {"sector": sector, "area": area, "people": 1000, **period}
        for sector in ("FSC", "PRO", "PRO-GBV")
        for area in ("SY07", AREAS[0])
        for period in ({"month": MONTHS[0]}, PERIOD)
    ]
    async for _ in scene.secretariat.targets.push(targets):
        pass
    await scene.look()
    await scene.send("victim", row("victim-gbv-2", chance, **there))
    await scene.look()
    for sector in ("FSC", "PRO", "PRO-GBV"):
        await scene.approve(sector=sector)
    closed: dict[str, str | int] = {**PERIOD, "sector": "PRO", "level": 1, "area": "SY07"}

    async def told() -> int | None:
        [figure] = [one async for one in scene.readers["hub"].session.pages("/api/reporting/v1/coverage", **closed)]
        total: int | None = figure["official_people_total"]
        return total

    await eventually(told, lambda total: total is not None)
    await scene.look()
    await scene.send("first", row("first-pro", chance, **legal, area=AREAS[1]))
    await scene.send("second", row("second-pro-2", chance, **legal, area=AREAS[0]))
    await scene.approve(sector="PRO")
    await scene.look(history=True)


async def test_no_withheld_count_comes_out_of_all_that_is_shown(platform: Platform, clients: PlatformClients) -> None:
    names = ("victim", "planter", "first", "second", "third")
    members = {
        name: Tansiq(await new_member(platform, clients.secretariat, f"Solver {name} (sample)", f"حاسب {name} (عيّنة)"))
        for name in names
    }
    scene = Scene(clients.secretariat, members, clients.hub)
    try:
        await play(scene)
    finally:
        for member in members.values():
            await member.close()
    for name, learnt in scene.learnt.items():
        found, kept = learnt.found(), len(learnt.kept()) + len(learnt.cells)
        narrowed = learnt.narrowed()
        print(f"\n{name}: {learnt.shown} shown; of {kept} withheld {len(found)} found, {len(narrowed)} narrowed")
        assert learnt.shown > 500
        assert kept > 500
        assert (found, narrowed) == ([], []), name


def test_the_solver_finds_what_there_is_to_find() -> None:
    """Of three children and their parent, two children and the parent give the third, and a total its last part."""
    known = Equations()
    known.learn({"a": 1, "b": 1, "c": 1}, 30)
    known.learn({"a": 1, "b": 1}, 22)
    known.learn({"c": 1, "men": -1, "women": -1}, 0)
    assert known.tells({"c": 1})
    assert not known.tells({"a": 1})
    [(least, greatest)] = known.room([{"men": 1}])
    assert (round(least), round(greatest)) == (0, 8)
    known.learn({"men": 1}, 5)
    assert known.tells({"women": 1})
