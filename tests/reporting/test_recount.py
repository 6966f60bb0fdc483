"""Counting bit by bit gives what counting anew gives, whatever the order, repeats and moves of versions."""

import asyncio
from collections import defaultdict
from typing import Any

from contracts.reports import ReportChanged
from contracts.values import NO_GROUP
from database import Transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from messaging import Tombstone
from reporting.consumers import on_report_changed, on_report_gone
from reporting.counting import store
from reporting.counting.domain import PRESETS

CONTENT = st.fixed_dictionaries(
    {
        "organisation": st.sampled_from(["Amal", "Bunyan", "UNX"]),
        "implementer": st.sampled_from([None, "Amal"]),
        "area": st.sampled_from(["SY", "SY07", "SY070004", "SY070005", "SY020000"]),
        "unit": st.sampled_from(["u1", "u2"]),
        "sector": st.sampled_from(["WSH", "SHL", "SHL", "EDU", "FSC", "HEA"]),
        "indicator": st.sampled_from([None, "one"]),
        "month": st.sampled_from(["2026-03", "2026-04"]),
        "status": st.sampled_from(["Completed", "Completed", "Ongoing", "Planned"]),
        "stage": st.sampled_from(["submitted", "approved", "returned", "withdrawn"]),
        "group": st.sampled_from(["idp", None]),
        "new": st.sampled_from([True, False, None]),
        "total": st.sampled_from([None, 0, 7, 40, 40, 100]),
        "parts": st.sampled_from([(None,) * 4, (10, 10, 10, 10), (1, None, 2, None), (0, 0, 0, 0)]),
        "disabled": st.sampled_from([None, 3]),
        "sensitivity": st.sampled_from(["moderate", "severe"]),
        "counted_unit": st.sampled_from([None, None, "sessions", "other"]),
        "component": st.sampled_from([None, "shelter", "nfi"]),
        "core": st.sampled_from([None, True, False]),
    }
)
HISTORY = st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(1, 4), CONTENT), min_size=1, max_size=14)


def in_versions(history: Any, report: Any) -> list[ReportChanged]:
    """One content for each version of a report, as the log has it; the list may repeat and disorder them."""
    first: dict[tuple[str, int], ReportChanged] = {}
    return [
        first.setdefault((name, version), report(name, version=version, **content))
        for name, version, content in history
    ]


def newest(events: list[ReportChanged]) -> list[ReportChanged]:
    found: dict[Any, ReportChanged] = {}
    for event in sorted(events, key=lambda event: event.version):
        found[event.id] = event
    return list(found.values())


def expected(facts: list[ReportChanged]) -> dict[tuple[str, ...], tuple[int | None, int | None]]:
    """Reach and frequencies of every area, counted in plain Python from the newest facts."""
    rules = {rule.sector: rule for rule in PRESETS}
    units: dict[tuple[str, ...], list[ReportChanged]] = defaultdict(list)
    for fact in facts:
        rule = rules.get(fact.sector, rules[""])
        if fact.stage.value in ("submitted", "approved") and fact.status.value in rule.presence_statuses:
            group = fact.population_group.value if fact.population_group else NO_GROUP
            units[("/".join(fact.area_path), fact.unit_key, fact.sector, fact.month, group)].append(fact)
    found: dict[tuple[str, ...], list[tuple[int | None, int | None]]] = defaultdict(list)
    for (path, _, sector, month, group), inside in units.items():
        for area in path.split("/"):
            for together in (group, "all"):
                found[(area, sector, month, together)].append(_unit(inside, rules.get(sector, rules[""])))
    return {key: (_sum(r for r, _ in said), _sum(f for _, f in said)) for key, said in found.items()}


def _unit(reports: list[ReportChanged], rule: Any) -> tuple[int | None, int | None]:
    def doer(one: ReportChanged) -> Any:
        return (one.implementer or one.organisation).id

    countable = [one for one in reports if one.status.value in rule.statuses and _of_people(one, rule)]
    own = {(one.indicator, doer(one)) for one in countable if doer(one) == one.organisation.id}
    counted = [
        one
        for one in countable
        if rule.method == "max" or doer(one) == one.organisation.id or (one.indicator, doer(one)) not in own
    ]
    frequencies = _sum(_total(one) for one in counted)
    eligible = [one for one in counted if one.component not in rule.core_only or one.core_item is not False]
    totals = [(_total(one), one.newly_reached) for one in eligible if _total(one) is not None]
    if not rule.counts_people:
        return None, frequencies
    if rule.method == "max":
        return max((total for total, _ in totals if total is not None), default=None), frequencies
    if rule.method == "new_only":
        parts = defaultdict(list)
        for one in eligible:
            if (total := _total(one)) is not None and one.newly_reached is not None:
                part = one.component if one.component in rule.apart else None
                parts[part].append(total * one.newly_reached)
        return max((sum(part) for part in parts.values()), default=None), frequencies
    return _sum(total for total, _ in totals), frequencies


def _of_people(one: ReportChanged, rule: Any) -> bool:
    unit = one.counted_unit or "people"
    return unit not in rule.never_units and (not rule.only_units or unit in rule.only_units)


def _total(one: ReportChanged) -> int | None:
    parts = [p for p in (one.people.men, one.people.women, one.people.boys, one.people.girls) if p is not None]
    return one.people.total if one.people.total is not None else sum(parts) if parts else None


def _sum(values: Any) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


SLOW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@SLOW
@given(history=HISTORY, size=st.integers(1, 6))
async def test_any_order_gives_the_same_cells_as_counting_anew(
    reporting: Any, report: Any, history: Any, size: Any
) -> None:
    events = in_versions(history, report)

    await start_anew(reporting)
    for start in range(0, len(events), size):
        await reporting.hear(*events[start : start + size])
    bit_by_bit = await reporting.cells()
    await start_anew(reporting)
    await reporting.hear(*newest(events))
    assert bit_by_bit == await reporting.cells()
    rows = await reporting.rows(
        "select area, sector, month, population_group, case when total_known > 0 then total end as r,"
        " case when frequencies_known > 0 then frequencies end as f from coverage_cell"
    )
    assert {tuple(row.values())[:4]: (row["r"], row["f"]) for row in rows} == expected(newest(events))


async def start_anew(reporting: Any) -> None:
    await reporting.forget_all()
    await reporting.complete()


@SLOW
@given(history=HISTORY, size=st.integers(1, 6), gathered=st.integers(0, 14), gone=st.sampled_from("abcdef"))
async def test_a_rebuild_counts_at_once_what_it_gathered_and_goes_on_bit_by_bit(
    reporting: Any, report: Any, history: Any, size: Any, gathered: Any, gone: Any
) -> None:
    events = in_versions(history, report)

    async def hear(some: list[ReportChanged]) -> None:
        for start in range(0, len(some), size):
            await reporting.hear(*some[start : start + size])

    async def bury() -> None:
        async with reporting.database.transaction() as tx:
            await on_report_gone(tx, [Tombstone(ReportChanged.topic, str(report(gone).id))])

    await start_anew(reporting)
    await hear(events[:gathered])
    await bury()
    await hear(events[gathered:])
    incremental = await reporting.cells()
    await reporting.forget_all()
    await hear(events[:gathered])
    await bury()
    assert not any((await reporting.cells()).values()), "until all is gathered nothing is shown"
    await reporting.complete()
    await hear(events[gathered:])
    assert incremental == await reporting.cells()


@SLOW
@given(history=HISTORY)
async def test_when_all_reports_are_gone_no_cell_is_left(reporting: Any, report: Any, history: Any) -> None:
    events = in_versions(history, report)

    await start_anew(reporting)
    await reporting.hear(*events)
    async with reporting.database.transaction() as tx:
        await on_report_gone(tx, [Tombstone(ReportChanged.topic, str(id)) for id in {event.id for event in events}])
    assert not any((await reporting.cells()).values())


async def test_two_consumers_touch_one_cell_and_both_are_counted(reporting: Any, report: Any, monkeypatch: Any) -> None:
    """Reports of one camp lie in different partitions: the second transaction starts while the first is open."""
    await reporting.hear(report("earlier", sector="EDU"))
    held = asyncio.Event()
    go_on = asyncio.Event()
    insert = store.insert_facts

    async def pausing(tx: Transaction, facts: Any) -> None:
        await insert(tx, facts)
        if not held.is_set():
            held.set()
            await go_on.wait()

    monkeypatch.setattr(store, "insert_facts", pausing)

    async def consume(one: ReportChanged) -> None:
        async with reporting.database.transaction() as tx:
            await on_report_changed(tx, [one])

    first = asyncio.create_task(consume(report("a", sector="WSH", total=50, organisation="Amal")))
    await held.wait()
    second = asyncio.create_task(consume(report("b", sector="WSH", total=80, organisation="Bunyan")))
    await asyncio.sleep(0.2)
    assert not second.done(), "the second waits for the unit before it reads its facts"
    go_on.set()
    await asyncio.gather(first, second)
    figure = await reporting.figure(sector="WSH")
    assert (figure["people_total"], figure["frequencies"], figure["organisations"]) == (80, 130, 2)


async def test_consumers_that_touch_the_same_cells_in_opposite_order_do_not_block_each_other_for_ever(
    reporting: Any, report: Any
) -> None:
    names = [f"r{n}" for n in range(30)]
    reports = [report(name, unit=f"u{n % 7}", area=["SY070004", "SY020000"][n % 2]) for n, name in enumerate(names)]

    async def consume(batch: list[ReportChanged]) -> None:
        for start in range(0, len(batch), 5):
            await reporting.database.run(lambda tx, at=start: on_report_changed(tx, batch[at : at + 5]))

    await asyncio.gather(consume(reports[:15]), consume(reports[:14:-1]), consume(reports[7:22]))
    bit_by_bit = await reporting.cells()
    await start_anew(reporting)
    await reporting.hear(*reports)
    assert bit_by_bit == await reporting.cells()
