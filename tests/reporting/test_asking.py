"""Filters, pages, presence and refusals."""

from typing import Any

import pytest
from contracts.codes import IndicatorChanged
from contracts.figures import COVERAGE, PRESENCE
from contracts.values import Names


async def test_a_sector_is_exact_unless_its_descendants_are_asked_for(reporting: Any, report: Any) -> None:
    await reporting.hear(report("a", sector="PRO", new=True), report("b", sector="PRO-GBV", new=True))
    assert [row["sector"] for row in await reporting.items("/v1/coverage", sector="PRO")] == ["PRO"]
    rows = await reporting.items("/v1/coverage", sector="PRO", descendants="true")
    assert [row["sector"] for row in rows] == ["PRO", "PRO-GBV"]
    rows = await reporting.items("/v1/presence", sector="PRO", descendants="true")
    assert [row["sector"] for row in rows] == ["PRO", "PRO-GBV"]


async def test_months_bound_the_figures(reporting: Any, report: Any) -> None:
    await reporting.hear(*(report(f"r{n}", month=f"2026-{n:02d}") for n in range(1, 7)))
    rows = await reporting.items("/v1/coverage", month_from="2026-02", month_to="2026-04")
    assert [row["month"] for row in rows] == ["2026-02", "2026-03", "2026-04"]


async def test_pages_hold_every_figure_once(reporting: Any, report: Any) -> None:
    await reporting.hear(
        *(report(f"{n}{s}{g}", month=f"2026-{n:02d}", sector=s, group=g)
          for n in range(1, 5) for s in ("FSC", "EDU") for g in ("idp", "mixed"))
    )  # fmt: skip
    for filters in ({}, {"population_group": "each"}):
        whole = await reporting.items("/v1/coverage", **filters)
        paged, after = [], None
        while True:
            page = (
                await reporting.ask("/v1/coverage", first=3, **({"after": after} if after else {}), **filters)
            ).json()
            paged += page["items"]
            if (after := page["next"]) is None:
                break
        assert paged == whole


async def test_a_cursor_of_another_filter_is_refused(reporting: Any, report: Any) -> None:
    await reporting.hear(report("a"), report("b", month="2026-04"))
    after = (await reporting.ask("/v1/coverage", first=1)).json()["next"]
    answer = await reporting.ask("/v1/coverage", after=after, sector="FSC")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


async def test_presence_counts_each_organisation_once_over_months_and_units(reporting: Any, report: Any) -> None:
    await reporting.hear(
        report("a", month="2026-01"),
        report("b", month="2026-02", unit="camp-2"),
        report("c", month="2026-02", organisation="Bunyan"),
        report("d", month="2026-03", organisation="Nobody known", resolved=False, sector="EDU"),
        report("e", month="2026-03", status="Planned", organisation="Cedar"),
    )
    food, education = sorted(await reporting.items("/v1/presence"), key=lambda row: row["sector"], reverse=True)
    assert (food["sector"], food["organisations"], food["reports"]) == ("FSC", 2, 3)
    assert {names["en"] for names in food["organisation_names"]} == {"Amal", "Bunyan"}
    assert education["organisation_names"] == [{"en": "Nobody known"}]
    [together] = await reporting.items("/v1/presence", all_sectors="true")
    assert (together["sector"], together["organisations"], together["reports"]) == (None, 3, 4)
    [january] = await reporting.items("/v1/presence", month_to="2026-01")
    assert (january["organisations"], january["reports"]) == (1, 1)
    assert (together["area"], together["area_names"]["ar"]) == ("SY07", "مكان SY07")


async def test_presence_pages_hold_every_row_once(reporting: Any, report: Any) -> None:
    await reporting.hear(
        *(report(f"{s}{a}", sector=s, area=a) for s in ("FSC", "EDU", "WSH") for a in ("SY070004", "SY020000"))
    )
    whole = await reporting.items("/v1/presence", level=3)
    first = (await reporting.ask("/v1/presence", level=3, first=2)).json()
    second = (await reporting.ask("/v1/presence", level=3, first=4, after=first["next"])).json()
    assert len(whole) == 6
    assert first["items"] + second["items"] == whole
    assert second["next"] is None


async def test_the_gateway_gets_every_column_it_can_name(reporting: Any, report: Any) -> None:
    await reporting.hear(report())
    for path, columns in (("coverage", COVERAGE.columns), ("presence", PRESENCE.columns)):
        answer = await reporting.door.post(
            f"/internal/{path}/query",
            json={"columns": columns, "filter": {}, "first": 5},
            headers=reporting.issuer.bearer("secretariat"),
        )
        found = answer.json()
        assert set(found["columns"]) == set(columns)
        assert (len(found["cursors"]), found["has_next"], found["rebuilding"]) == (1, False, False)


async def test_faulty_questions_are_refused_with_a_code(reporting: Any) -> None:
    async def code(**filters: str) -> tuple[int, str, str]:
        answer = await reporting.ask("/v1/coverage", **filters)
        problem = answer.json()
        return answer.status_code, problem["code"], problem["errors"][0]["code"]

    assert await code(month_from="2026-04", month_to="2026-03") == (422, "months_reversed", "months_reversed")
    assert await code(month_from="٢٠٢٦-03") == (422, "invalid", "wrong_form")
    assert await code(month_from="2026-13") == (422, "invalid", "wrong_form")
    assert await code(sector="pro'; drop") == (422, "invalid", "wrong_form")
    assert await code(area="SY\x00") == (422, "invalid", "wrong_form")
    assert await code(level="9") == (422, "invalid", "too_large")
    assert await code(colour="red") == (422, "invalid", "unknown_field")
    answer = await reporting.door.post(
        "/internal/coverage/query",
        json={"columns": ["unit_key"], "filter": {}},
        headers=reporting.issuer.bearer("secretariat"),
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_column")


@pytest.mark.parametrize("path", ["/v1/coverage", "/v1/presence", "/v1/progress"])
@pytest.mark.parametrize(
    ("filter", "code"),
    [
        ({"area": "XX99"}, "unknown_area"),
        ({"area": "SY07", "country": "TR"}, "invalid"),
        ({"country": "TR"}, "unknown_country"),
        ({"sector": "XYZ"}, "unknown_sector"),
        ({"sector": "XYZ", "descendants": "true"}, "unknown_sector"),
        ({"month_from": "0001-01"}, "month_out_of_range"),
        ({"month_to": "9999-12"}, "month_out_of_range"),
        ({"month_from": "2026-05", "month_to": "2026-04"}, "months_reversed"),
    ],
)
async def test_what_a_filter_names_in_vain_is_refused_by_name(
    reporting: Any, report: Any, path: str, filter: Any, code: str
) -> None:
    await reporting.hear(report())
    answer = await reporting.ask(path, **filter)
    assert answer.status_code == 422, answer.text
    assert code in (answer.json()["code"], *(error["code"] for error in answer.json()["errors"]))
    assert {error["field"] for error in answer.json()["errors"]} <= set(filter)


async def test_an_indicator_is_known_once_the_registry_told_of_it(reporting: Any) -> None:
    answer = await reporting.ask("/v1/progress", indicator="wsh_ind_1")
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_indicator")
    await reporting.hear(
        IndicatorChanged(version=1, code="wsh_ind_1", sector="WSH", names=Names(en="Water"), unit="people")
    )
    assert await reporting.items("/v1/progress", indicator="wsh_ind_1") == []


async def test_while_figures_are_made_anew_nothing_is_called_unknown(reporting: Any) -> None:
    await reporting.forget_all()
    answer = await reporting.ask("/v1/coverage", area="SY07", sector="WSH")
    assert (answer.status_code, answer.json()["items"], answer.json()["rebuilding"]) == (200, [], True)
