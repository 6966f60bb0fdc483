"""Areas whose countries skip a level: each figure stands at its area's own level."""

from typing import Any

import pytest
from contracts.areas import AreaChanged
from contracts.targets import TargetChanged
from contracts.values import Names

from .conftest import id_of

# What activities tells of a report: no finer than the sub-district, by each area's own level.
SKIPPING = {
    "a settlement right under its district": (("SY", "SY09", "SY0900"), (0, 1, 2)),
    "a sub-district right under its governorate": (("SY", "SY09", "SY090000"), (0, 1, 3)),
    "a district right under the country": (("SY", "SY0900"), (0, 2)),
    "a sub-district right under the country": (("SY", "SY090000"), (0, 3)),
}
PLACES = [pytest.param(path, levels, id=name) for name, (path, levels) in SKIPPING.items()]


def areas(path: tuple[str, ...], levels: tuple[int, ...]) -> list[AreaChanged]:
    return [
        AreaChanged(
            version=9, country="SY", pcode=path[step], level=level, names=Names(en=path[step]),
            parent=path[step - 1] if step else None, path=path[: step + 1],
        )
        for step, level in enumerate(levels)
    ]  # fmt: skip


def there(report: Any, path: tuple[str, ...], levels: tuple[int, ...], **more: Any) -> Any:
    where = {"area": path[-1], "area_path": path, "area_levels": levels}
    return report("a", **{"total": 100, **more}).model_copy(update=where)


@pytest.mark.parametrize(("path", "levels"), PLACES)
async def test_figures_stand_at_each_areas_own_level(
    reporting: Any, report: Any, path: tuple[str, ...], levels: tuple[int, ...]
) -> None:
    await reporting.hear(*areas(path, levels), there(report, path, levels))
    for route in ("coverage", "presence"):
        found = {
            (row["level"], row["area"])
            for level in range(4)
            for row in await reporting.items(f"/v1/{route}", level=level)
        }
        assert found == set(zip(levels, path, strict=True)), route
    own = await reporting.items("/v1/coverage", area=path[-1])
    assert [(row["area"], row["level"], row["people_total"]) for row in own] == [(path[-1], levels[-1], 100)]
    await reporting.bury(id_of("a"))
    assert await reporting.items("/v1/coverage", level=0) == []


@pytest.mark.parametrize(("path", "levels"), PLACES)
@pytest.mark.parametrize("sector", ["FSC", "WSH"])
async def test_targets_are_met_at_each_areas_own_level(
    reporting: Any, report: Any, path: tuple[str, ...], levels: tuple[int, ...], sector: str
) -> None:
    target = TargetChanged(
        id=id_of("t"), version=1, country="SY", area=path[-1], area_path=path, area_levels=levels, sector=sector,
        month_from="2026-01", month_to="2026-12", value=1000,
    )  # fmt: skip
    await reporting.hear(*areas(path, levels), target, there(report, path, levels, sector=sector))
    for level in range(4):
        period = {"month_from": "2026-01", "month_to": "2026-12"}
        rows = await reporting.items("/v1/progress", level=level, sector=sector, **period)
        expected = [(path[levels.index(level)], 1000, 100)] if level in levels else []
        assert [(row["area"], row["target"], row["people_reached"]) for row in rows] == expected
    await reporting.hear(target.model_copy(update={"version": 2, "value": None}))
    untargeted = await reporting.items("/v1/progress", level=levels[-1], sector=sector, **period)
    assert [(row["target"], row["people_reached"]) for row in untargeted] == [(None, 100)]


async def test_a_mended_report_moves_its_figures(reporting: Any, report: Any) -> None:
    """As old topics have it, a settlement under a district stands as its sub-district; then it is told again."""
    path, levels = ("SY", "SY09", "SY0900", "SY09000011"), (0, 1, 2, 4)
    wrong = report("a").model_copy(update={"area": path[-1], "area_path": path})
    await reporting.hear(*areas(path, levels), wrong)
    right = there(report, path[:3], levels[:3]).model_copy(update={"version": 2})
    await reporting.hear(right)
    assert await reporting.items("/v1/coverage", level=3) == []
    [figure] = await reporting.items("/v1/coverage", level=2)
    assert (figure["area"], figure["people_total"]) == ("SY0900", 100)
