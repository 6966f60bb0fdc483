"""Following lists by their changes: whatever commits when, a follower's copy becomes the list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import orjson
import pytest
from activities.main import SERVICE
from activities.reports import commands
from activities.reports.bodies import REPORTS
from activities.reports.domain import Sender
from hypothesis import given, settings
from hypothesis import strategies as st
from runtime.access import Principal, Role
from runtime.changes import CHANGED_IN
from testkit.horizon import reached
from testkit.small_syria import IHSAN, VIOLET, OpenService, opened

from .conftest import ServiceClient, report

SECRET = b"s" * 32
READERS: Mapping[str, dict[str, Any]] = {
    "member": {"organisation_id": IHSAN},
    "coordinator": {"sectors": ["WSH"], "areas": ["SY07"]},
    "hub": {"areas": ["SY07"]},
    "secretariat": {},
}


@dataclass
class Follower:
    """A partner that keeps a copy of a list by asking for its changes."""

    door: OpenService
    role: str = "member"
    claims: dict[str, Any] = field(default_factory=dict)
    path: str = "/v1/reports"
    filter: dict[str, Any] = field(default_factory=dict)
    first: int = 100
    position: str = "start"
    copy: dict[str, Any] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    waits: bool = True

    @property
    def headers(self) -> dict[str, str]:
        return self.door.bearer(self.role, **self.claims)

    async def ask(self) -> dict[str, Any]:
        params = {**self.filter, "first": self.first, "changes_after": self.position}
        answer = await self.door.client.get(self.path, params=params, headers=self.headers)
        assert answer.status_code == 200, answer.text
        page: dict[str, Any] = answer.json()
        return page

    async def poll(self) -> "Follower":
        """Ask until nothing more follows, once what was written so far can be told."""
        if self.waits:
            await self.door.caught_up()
        while True:
            page = await self.ask()
            self.position = page["position"]
            for item in page["items"]:
                self.told.append(item["id"])
                if item.get("gone"):
                    assert set(item) == {"id", "gone"}
                    self.copy.pop(item["id"], None)
                else:
                    self.copy[item["id"]] = item
            if page["next"] is None:
                return self

    async def listed(self) -> dict[str, Any]:
        """The list itself."""
        found: dict[str, Any] = {}
        after: dict[str, str] = {}
        while True:
            params = {**self.filter, "first": 500, **after}
            page = (await self.door.client.get(self.path, params=params, headers=self.headers)).json()
            found |= {item["id"]: item for item in page["items"]}
            if page["next"] is None:
                return found
            after = {"after": page["next"]}


async def store_in(tx: Any, rows: list[dict[str, Any]]) -> None:
    """As a request does, in a transaction of the test's own."""
    batch = REPORTS.read("application/json", orjson.dumps(rows))
    sender = Sender.of(Principal("violet-system", Role.MEMBER, organisation_id=VIOLET))
    assert {outcome.status for outcome in await commands.submit_reports(tx, batch.rows, sender, SECRET)} <= {
        "created",
        "updated",
        "unchanged",
    }


async def test_a_poller_misses_nothing_of_a_long_transaction_among_short_ones(service: ServiceClient) -> None:
    follower = Follower(service, first=500, waits=False)
    many = [report(month="2026-09") for _ in range(8000)]
    async with service.database.transaction() as tx:
        for start in range(0, len(many), 2000):
            await store_in(tx, many[start : start + 2000])
            await service.post(report())
            await follower.poll()
            assert not follower.copy, "nothing is told while an older transaction is open"
    await follower.poll()
    await service.post(report())
    await service.caught_up()
    await follower.poll()
    assert len(follower.told) == len(set(follower.told)) == 8005
    assert follower.copy == await follower.listed()


async def test_the_position_stands_still_while_it_must_wait_and_a_page_ends_within_a_transaction(
    service: ServiceClient,
) -> None:
    await service.post([report() for _ in range(7)])
    await service.caught_up()
    follower = Follower(service, first=3)
    sizes = []
    while True:
        page = await follower.ask()
        sizes.append(len(page["items"]))
        assert page["next"] in (None, page["position"])
        follower.position = page["position"]
        if page["next"] is None:
            break
    assert sizes == [3, 3, 1]
    async with service.database.transaction() as tx:
        await store_in(tx, [report()])
        await reached(service.database, int(await tx.fetchval("select pg_current_xact_id()::text")))
        first = await follower.ask()
        follower.position = first["position"]
        await service.post(report())
        assert (await follower.ask())["position"] == first["position"]
    await service.caught_up()
    assert len((await follower.ask())["items"]) == 2


async def test_a_page_goes_on_by_after_as_any_list_does(service: ServiceClient) -> None:
    await service.post([report() for _ in range(5)])
    await service.caught_up()
    first = await Follower(service, first=3).ask()
    params = {"first": 3, "changes_after": "start", "after": first["next"]}
    second = (await service.client.get("/v1/reports", params=params, headers=service.bearer())).json()
    assert len({item["id"] for item in [*first["items"], *second["items"]]}) == 5


STEPS = st.lists(
    st.tuples(st.sampled_from(("begin", "write", "commit", "roll back", "poll")), st.integers(0, 2), st.integers(0, 5)),
    max_size=30,
)


@settings(max_examples=40, deadline=None)
@given(STEPS, st.integers(1, 4))
async def test_any_interleaving_of_writers_and_polls_loses_nothing(
    registered: str, issuer: Any, steps: list[tuple[str, int, int]], first: int
) -> None:
    async with opened(registered, issuer, SERVICE, ServiceClient) as door:
        async with door.database.transaction() as tx:
            await tx.execute("truncate report, report_version, event, outbox")
        await _interleave(door, steps, Follower(door, first=first, filter={"month_from": "2026-05"}, waits=False))


async def _interleave(service: ServiceClient, steps: list[tuple[str, int, int]], follower: Follower) -> None:
    """Three writers, each with transactions and rows of their own (else they would wait for each other), one reader."""
    connections = [await asyncpg.connect(service.url) for _ in range(3)]
    for connection in connections:
        for kind in ("json", "jsonb"):
            await connection.set_type_codec(
                kind, schema="pg_catalog", encoder=lambda value: orjson.dumps(value).decode(), decoder=orjson.loads
            )
    open_: dict[int, Any] = {}
    try:
        for number, (step, writer, row) in enumerate(steps):
            if step == "poll":
                await follower.poll()
            elif step == "begin" and writer not in open_:
                open_[writer] = connections[writer].transaction()
                await open_[writer].start()
            elif step == "write":
                # Rows move into the follower's filter and out of it.
                sent = report(external_id=f"{writer}-{row}", month=f"2026-0{1 + number % 9}", people={"total": number})
                await store_in(connections[writer], [sent])
            elif step in ("commit", "roll back") and writer in open_:
                transaction = open_.pop(writer)
                await (transaction.commit() if step == "commit" else transaction.rollback())
        for transaction in open_.values():
            await transaction.commit()
        await service.caught_up()
        await follower.poll()
        assert follower.copy == await follower.listed()
    finally:
        for connection in connections:
            await connection.close()


@pytest.mark.parametrize("role", READERS)
async def test_each_role_follows_what_it_sees_and_hears_what_left(service: ServiceClient, role: str) -> None:
    own = {"external_id": "moves"}
    await service.post([report(**own), report(sector="PRO-GBV"), report(area="SY020400"), report(sector="EDU")])
    follower = await Follower(service, role, READERS[role]).poll()
    assert follower.copy == await follower.listed()
    [moving] = [id for id, item in follower.copy.items() if item["sector"] == "WSH" and item["area"] == "SY070302"]
    changes: list[dict[str, Any]] = [
        {"people": {"total": 5}},
        {"sector": "PRO-GBV"},
        {"sector": "PRO-GBV", "people": {"total": 6}},
        {"area": "SY020400"},
        {"sector": "WSH"},
    ]
    heard = []
    for change in changes:
        await service.post(report(**own, **change))
        before = len(follower.told)
        await follower.poll()
        heard.append(len(follower.told) - before)
        assert follower.copy == await follower.listed()
    lowered = {"sensitivity": "moderate", "reason": "It was another sector's from the start"}
    [row] = await service.rows("select version from report where id = $1::uuid", moving)
    headers = {**service.bearer("secretariat"), "If-Match": f'"v{row["version"]}"'}
    assert (await service.client.post(f"/v1/reports/{moving}/sensitivity", json=lowered, headers=headers)).is_success
    assert (await follower.poll()).copy == await follower.listed()
    severe_told = int(role == "secretariat")
    assert heard[:3] == [1, 1, severe_told], "of a row that became severe they hear once that it is gone"
    assert (moving in follower.copy) is True


@pytest.mark.parametrize("role", ["member", "hub", "coordinator"])
async def test_of_severe_rows_nothing_is_heard_not_even_that_they_are_gone(service: ServiceClient, role: str) -> None:
    follower = await Follower(service, role, READERS[role]).poll()
    hidden = {"external_id": "hidden", "sector": "PRO-GBV"}
    for total in (1, 2, 3):
        await service.post(report(**hidden, people={"total": total}))
        await follower.poll()
    late = await Follower(service, role, READERS[role]).poll()
    await service.post(report(**hidden, people={"total": 4}))
    assert follower.told == (await late.poll()).told == []


async def test_who_begins_to_follow_hears_nothing_of_what_had_left_before(service: ServiceClient) -> None:
    await service.post(report(external_id="once", month="2026-03"))
    await service.post([report(external_id="once", month="2025-03"), report(month="2026-04")])
    follower = Follower(service, first=1, filter={"month_from": "2026-01"})
    assert len((await follower.poll()).told) == 1
    await service.post(report(external_id="once", month="2025-04"))
    assert len((await follower.poll()).told) == 1


async def test_a_position_is_good_for_its_list_its_filter_and_its_reader_in_one_history(service: ServiceClient) -> None:
    follower = await Follower(service).poll()
    others = [
        Follower(service, filter={"sector": "WSH"}),
        Follower(service, path="/v1/uploads"),
        Follower(service, claims={"organisation_id": IHSAN}),
        Follower(service, "secretariat"),
        Follower(service, "hub", {"areas": ["SY07"]}),
    ]
    for other in others:
        params = {**other.filter, "changes_after": follower.position}
        answer = await service.client.get(other.path, params=params, headers=other.headers)
        assert (answer.status_code, answer.json()["code"]) == (410, "unknown_position")
    for nonsense in ("x", "é", "A" * 40, follower.position[:-2], "%00", "0"):
        params = {"changes_after": nonsense}
        answer = await service.client.get("/v1/reports", params=params, headers=follower.headers)
        assert (answer.status_code, answer.json()["code"]) == (410, "unknown_position"), nonsense
    await service.rows("update change_history set epoch = default returning 1")
    answer = await service.client.get(
        "/v1/reports", params={"changes_after": follower.position}, headers=follower.headers
    )
    assert (answer.status_code, answer.json()["code"]) == (410, "unknown_position")
    follower.position = ""
    await follower.poll()


async def test_a_position_outlives_the_process(service: ServiceClient, issuer: Any) -> None:
    follower = await Follower(service).poll()
    await service.post(report())
    async with opened(service.url, issuer, SERVICE, ServiceClient) as another:
        follower.door = another
        assert len((await follower.poll()).copy) == 1


async def test_uploads_are_followed_by_their_senders_side(service: ServiceClient) -> None:
    own, colleague = (
        Follower(service, path="/v1/uploads"),
        Follower(service, claims={"subject": "x"}, path="/v1/uploads"),
    )
    other = Follower(service, claims={"organisation_id": IHSAN, "subject": "y"}, path="/v1/uploads")
    office = Follower(service, "secretariat", path="/v1/uploads")
    sent = await service.client.post(
        "/v1/uploads", content=b"#sector\nWSH\n", headers={**service.bearer(), "Content-Type": "text/csv"}
    )
    assert sent.status_code == 202, sent.text
    for follower in (own, colleague, other, office):
        await follower.poll()
        assert follower.copy == await follower.listed()
    assert [len(each.copy) for each in (own, colleague, other, office)] == [1, 1, 0, 1]
    async with service.database.transaction() as tx:
        await tx.execute("update job set held_until = now()")
    before = len(own.told)
    await own.poll()
    assert len(own.told) == before, "whose turn it is to read a file is no change of it"
    async with service.database.transaction() as tx:
        await tx.execute("update upload set state = 'failed', failure = 'empty_file'")
    assert [item["state"] for item in (await own.poll()).copy.values()] == ["failed"]


async def test_the_gateways_query_tells_the_same_changes_as_columns(service: ServiceClient) -> None:
    sent = [report(external_id=name) for name in ("a", "b")]
    await service.post(sent)
    question = {"columns": ["id", "month"], "filter": {"month_from": "2026-05"}, "first": 1, "changes_after": "start"}

    async def ask(**changed: Any) -> dict[str, Any]:
        await service.caught_up()
        headers = service.bearer()
        answer = await service.client.post("/internal/reports/query", json={**question, **changed}, headers=headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    first = await ask(cursors="each")
    assert (len(first["columns"]["id"]), first["has_next"], first["gone"]) == (1, True, [])
    assert first["cursors"] == [first["position"]]
    assert CHANGED_IN not in first["columns"]
    second = await ask(after=first["position"])
    assert not second["has_next"]
    await service.post(report(external_id="a", month="2026-01"))
    third = await ask(changes_after=second["position"])
    assert (third["columns"], len(third["gone"])) == ({"id": [], "month": []}, 1)


async def test_changes_are_found_by_their_index(service: ServiceClient) -> None:
    async with service.database.transaction() as tx:
        await store_in(tx, [report() for _ in range(4000)])
    await service.rows("analyze report")
    rows = await service.rows(
        """
        explain select * from report as r
        where (r.changed_in, r.id) > ('9'::xid8, $1::uuid) and r.changed_in < '999999999'::xid8
        order by r.changed_in, r.id limit 101
        """,
        VIOLET,
    )
    plan = [line for row in rows for line in row.values()]
    assert any("Index Scan using report_by_change" in line for line in plan), plan
    assert not any("Sort" in line for line in plan), plan


def test_each_list_that_can_be_followed_says_so() -> None:
    followed = {each.name for each in SERVICE.lists if each.changes}
    assert followed == {"reports"}
