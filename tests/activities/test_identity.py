"""Which report a row is when it is sent again: by what it says, never by its place; a file changes what it carries."""

import asyncio
import csv
import io
import random
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest
from activities.reports.pairing import HOW, WHAT, WHOLE, ReportContent, StoredReport, mask_of, pair
from activities.uploads import job, store
from hypothesis import given
from hypothesis import strategies as st

from .conftest import ServiceClient, report
from .test_reviewing import WASH, decision, review
from .test_uploading import taken
from .workbooks import workbook

HEADINGS = (
    "Sector",
    "Activity",
    "Sub-district P-code",
    "Site name",
    "Month",
    "Start date",
    "End date",
    "Status",
    "People reached",
)
Rows = Sequence[Sequence[Any]]


def lines(rows: Rows, headings: Sequence[str] = HEADINGS) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([headings, *rows])
    return text.getvalue()


def row(number: int, **more: Any) -> list[Any]:
    """A row of water work; four a place, month and activity differ in dates and people alone."""
    values = {
        "sector": "WSH",
        "activity": ("Water trucking", "نقل المياه")[number % 2],
        "area": "SY070302",
        "site": f"Camp {number // 8}",
        "month": "2026-10",
        "start": f"2026-10-{number % 8 + 1:02}",
        "end": f"2026-10-{number % 8 + 10:02}",
        "status": "Completed",
        "people": 100 + number,
    }
    return list({**values, **more}.values())


async def standing(service: ServiceClient) -> dict[Any, tuple[Any, ...]]:
    rows = await service.rows("select id, version, stage, people_total, end_date from report")
    return {found["id"]: tuple(found.values())[1:] for found in rows}


def changes(state: dict[str, Any]) -> dict[str, int]:
    return {
        name: state["counts"][name] for name in ("created", "updated", "unchanged", "rejected") if state["counts"][name]
    }


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "BATCH", 7)


async def approve_all(service: ServiceClient) -> None:
    ids = [str(id) for id in await standing(service)]
    answer = await review(service, [decision(id) for id in ids], **WASH)
    assert answer.status_code == 200, answer.text


async def test_the_same_rows_in_any_order_and_format_change_nothing_and_take_no_approval_back(
    service: ServiceClient,
) -> None:
    rows = [row(number) for number in range(40)]
    assert changes(await taken(service, lines(rows))) == {"created": 40}
    await approve_all(service)
    before, events = await standing(service), len(await service.events())
    for seed in range(3):
        random.Random(seed).shuffle(rows)
        assert changes(await taken(service, lines(rows))) == {"unchanged": 40}
    assert changes(await taken(service, workbook({"Report": [HEADINGS, *rows]}))) == {"unchanged": 40}
    assert (await standing(service), len(await service.events())) == (before, events)


async def test_corrected_dates_and_numbers_are_versions_of_the_same_reports(service: ServiceClient) -> None:
    rows = [row(number) for number in range(40)]
    await taken(service, lines(rows))
    before = await standing(service)
    corrected = [
        row(number, end="2026-10-30", people=100 + number + (1 if number % 8 == 3 else 0))
        if number % 4 == 3
        else row(number)
        for number in range(40)
    ]
    random.Random(1).shuffle(corrected)
    assert changes(await taken(service, lines(corrected))) == {"updated": 10, "unchanged": 30}
    after = await standing(service)
    assert after.keys() == before.keys()
    assert sorted(version for version, *_ in after.values()) == [1] * 30 + [2] * 10
    for id, (version, _, people, _) in after.items():
        if version == 2:
            assert people - before[id][2] in (0, 1)


async def test_a_row_that_is_gone_leaves_the_others_alone_and_a_new_one_is_new(service: ServiceClient) -> None:
    rows = [row(number) for number in range(20)]
    await taken(service, lines(rows))
    assert changes(await taken(service, lines(rows[1:]))) == {"unchanged": 19}
    assert changes(await taken(service, lines([*rows[1:10], row(77, site="Camp new"), *rows[10:]]))) == {
        "unchanged": 19,
        "created": 1,
    }


async def test_two_rows_swapped_and_one_corrected_at_once(service: ServiceClient) -> None:
    first, second = row(0), row(2, people=900)
    await taken(service, lines([first, second]))
    ids = {people: id for id, (_, _, people, _) in (await standing(service)).items()}
    assert changes(await taken(service, lines([row(2, people=901), first]))) == {"updated": 1, "unchanged": 1}
    found = await standing(service)
    assert (found[ids[100]][2], found[ids[900]][2]) == (100, 901)


async def test_a_row_twice_is_two_reports_and_once_again_is_one_of_them(service: ServiceClient) -> None:
    assert changes(await taken(service, lines([row(1), row(1)]))) == {"created": 2}
    assert changes(await taken(service, lines([row(1), row(1)]))) == {"unchanged": 2}
    assert changes(await taken(service, lines([row(1)]))) == {"unchanged": 1}
    assert len(await standing(service)) == 2


async def test_what_a_file_does_not_carry_stays_and_an_empty_cell_empties(service: ServiceClient) -> None:
    rows = [row(number) for number in range(8)]
    await taken(service, lines(rows))
    before = await standing(service)
    without = [[value for place, value in enumerate(each) if HEADINGS[place] != "People reached"] for each in rows]
    assert changes(await taken(service, lines(without, HEADINGS[:-1]))) == {"unchanged": 8}
    assert await standing(service) == before
    emptied = [row(number, people="") for number in range(8)]
    assert changes(await taken(service, lines(emptied))) == {"updated": 8}
    assert {people for _, _, people, _ in (await standing(service)).values()} == {None}


async def test_with_ids_of_its_own_too_a_file_changes_only_what_it_carries(service: ServiceClient) -> None:
    headings = ("External ID", "Sector", "Sub-district P-code", "Month", "Status", "Men", "Women", "Comments")
    await taken(service, lines([["W1", "WSH", "SY070302", "2026-10", "Completed", 6, 7, "عدّ ميداني"]], headings))
    state = await taken(service, lines([["W1", "WSH", "SY070302", "2026-10", "Completed", 8]], headings[:6]))
    assert changes(state) == {"updated": 1}
    [found] = await service.rows("select people_men, people_women, people_total, comments, flags, version from report")
    assert tuple(found.values()) == (8, 7, 15, "عدّ ميداني", ["total_from_parts"], 2)
    assert (await service.events())[-1]["people"]["total"] == 15


@pytest.mark.parametrize("left_out", ["Activity", "Site name", "Start date", "Status"])
async def test_rows_whose_column_is_gone_are_the_reports_they_were(service: ServiceClient, left_out: str) -> None:
    rows = [row(number) for number in range(16)]
    await taken(service, lines(rows))
    before = await standing(service)
    place = HEADINGS.index(left_out)
    fewer = [[*each[:place], *each[place + 1 :]] for each in rows]
    headings = [*HEADINGS[:place], *HEADINGS[place + 1 :]]
    random.Random(2).shuffle(fewer)
    state = await taken(service, lines(fewer, headings))
    if left_out == "Status":
        assert changes(state) == {"rejected": 16}
    else:
        assert changes(state) == {"unchanged": 16}
    assert await standing(service) == before


async def test_a_column_that_is_understood_later_adds_to_the_reports_there_are(service: ServiceClient) -> None:
    rows = [row(number) for number in range(16)]
    place = HEADINGS.index("Activity")
    fewer = [[*each[:place], *each[place + 1 :]] for each in rows]
    await taken(service, lines(fewer, [*HEADINGS[:place], *HEADINGS[place + 1 :]]))
    assert changes(await taken(service, lines(rows))) == {"updated": 16}
    assert len(await standing(service)) == 16


async def test_rows_whose_ids_are_gone_are_the_reports_they_equal(service: ServiceClient) -> None:
    rows = [row(number) for number in range(8)]
    named = [[f"W{number}", *each] for number, each in enumerate(rows)]
    await taken(service, lines(named, ("External ID", *HEADINGS)))
    assert changes(await taken(service, lines(rows))) == {"unchanged": 8}


@pytest.mark.parametrize("between", [0, 9])
@pytest.mark.parametrize("named_first", [True, False])
async def test_a_row_without_an_id_is_not_one_the_file_names(
    service: ServiceClient, between: int, named_first: bool
) -> None:
    headings = ("external_id", *HEADINGS)
    others = [[f"F{number}", *row(number + 8)] for number in range(between)]
    twice = [["A1", *row(0)], ["", *row(0)]]
    rows = [twice[0], *others, twice[1]] if named_first else [twice[1], *others, twice[0]]
    await taken(service, lines(twice[:1], headings))
    assert changes(await taken(service, lines(rows, headings))) == {"created": 1 + between, "unchanged": 1}
    assert changes(await taken(service, lines(rows[::-1], headings))) == {"unchanged": 2 + between}
    assert sorted(people for _, _, people, _ in (await standing(service)).values())[:2] == [100, 100]


async def test_over_rest_too_a_row_without_an_id_is_not_one_the_request_names(service: ServiceClient) -> None:
    named, other = report(external_id="A1"), report(external_id=None, people={"total": 7})
    await service.post([named, other])
    rows = [named, report(external_id=None), {**other, "people": {"total": 8}}]
    results = (await service.post(rows)).json()["results"]
    assert [result["status"] for result in results] == ["unchanged", "created", "updated"]


async def test_over_rest_a_row_is_whole_and_pairs_by_content_too(service: ServiceClient) -> None:
    rows = [report(external_id=None, start_date=f"2026-10-{day:02}", people={"total": 50 + day}) for day in range(1, 6)]
    await service.post(rows)
    before = await standing(service)
    again = [{**each, "people": {"total": 99}} if each["start_date"].endswith("3") else each for each in reversed(rows)]
    results = (await service.post(again)).json()["results"]
    assert sorted(result["status"] for result in results) == ["unchanged"] * 4 + ["updated"]
    after = await standing(service)
    assert after.keys() == before.keys()
    assert sorted(people for _, _, people, _ in after.values()) == [51, 52, 54, 55, 99]


async def test_rows_that_were_laid_aside_are_paired_at_the_end_and_nothing_is_left_behind(
    service: ServiceClient,
) -> None:
    rows = [row(number) for number in range(40)]
    await taken(service, lines(rows))
    corrected = [row(number, people=500 + number) for number in range(40)]
    state = await taken(service, lines(corrected))
    assert changes(state) == {"updated": 40}
    assert len(await standing(service)) == 40
    assert await service.rows("select from upload_aside union all select from upload_met") == []


async def test_rows_laid_aside_are_taken_by_where_they_stand_and_reports_by_their_key(service: ServiceClient) -> None:
    await taken(service, lines([row(number) for number in range(40)]))
    aside = await service.rows(f"explain {store.TAKE_ASIDE}", "SY", uuid4(), 1000, 5000)
    assert "Tid Scan" in str(aside)
    lookup = await service.rows("select indexdef from pg_indexes where indexname = 'report_by_spot'")
    assert "(month, " in lookup[0]["indexdef"]


def said(activity: Any, site: Any, start: Any, people: Any, status: Any) -> ReportContent:
    what = {"activity": activity, "site_name": site}
    how = {"start_date": start, "people_total": people, "status": status}
    return ReportContent(tuple(what.get(name) for name in WHAT), tuple(how.get(name) for name in HOW))


NAMES = st.sampled_from([None, "a", "b"])
SAID = st.builds(
    said,
    NAMES,
    NAMES,
    st.sampled_from([None, "1", "2"]),
    st.sampled_from([None, 1, 2, 30]),
    st.sampled_from(["Ongoing", "Completed"]),
)


def paired(
    rows: list[ReportContent], reports: list[ReportContent], carried: frozenset[str] | None = None
) -> list[tuple[Any, Any]]:
    there = [StoredReport(f"{place:03}", each) for place, each in enumerate(reports)]
    found = pair(rows, there, mask_of(carried))
    assert len([place for place in found if place is not None]) == len({place for place in found if place is not None})
    return sorted(
        ((repr(each), None if place is None else place) for each, place in zip(rows, found, strict=True)), key=repr
    )


@given(st.lists(SAID, max_size=12), st.lists(SAID, max_size=12), st.randoms())
def test_pairing_does_not_heed_the_order_of_the_rows(
    rows: list[ReportContent], reports: list[ReportContent], chance: Any
) -> None:
    shuffled = rows.copy()
    chance.shuffle(shuffled)
    assert paired(rows, reports) == paired(shuffled, reports)


@given(st.lists(SAID, min_size=1, max_size=12), st.data())
def test_what_is_there_is_found_and_one_correction_changes_one(rows: list[ReportContent], data: Any) -> None:
    assert [place for _, place in paired(rows, rows)].count(None) == 0
    corrected = data.draw(st.integers(0, len(rows) - 1))
    changed = [
        ReportContent(each.what, (*each.how[:-2], "Suspended", each.how[-1])) if place == corrected else each
        for place, each in enumerate(rows)
    ]
    there = [StoredReport(str(place), each) for place, each in enumerate(rows)]
    found = pair(changed, there, WHOLE)
    assert None not in found
    unequal = [1 for place, each in enumerate(changed) if rows[found[place] or 0] != each]
    assert len(unequal) == 1


@given(st.lists(SAID, max_size=10), st.sampled_from(["activity", "site_name", "people.total", "start_date"]))
def test_a_column_that_is_gone_makes_no_report_new(rows: list[ReportContent], gone: str) -> None:
    carried = frozenset({"activity", "site_name", "people.total", "start_date", "status"} - {gone})
    assert [place for _, place in paired(rows, rows, carried)].count(None) == 0


def test_thousands_of_one_kind_are_paired_in_time() -> None:
    rows = [said("a", "b", str(uuid4()), number, "Completed") for number in range(4000)]
    there = [StoredReport(str(place), said("a", "b", str(uuid4()), place, "Ongoing")) for place in range(4000)]
    assert None not in pair(rows, there, WHOLE)


async def test_the_same_row_sent_at_once_is_one_report(service: ServiceClient) -> None:
    row = report(external_id=None, activity="نقل المياه")
    answers = await asyncio.gather(*(service.post(row) for _ in range(6)))
    statuses = [result["status"] for answer in answers for result in answer.json()["results"]]
    assert sorted(statuses) == ["created", *["unchanged"] * 5]
    assert len(await standing(service)) == 1
