"""The evidence: what the platform says through its door, and what lies in its databases and on its topics."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import asyncpg
from client import Tansiq
from client.coverage import CoverageQuery
from contracts.organisations import OrganisationChanged
from contracts.services import SERVICES

from tests.faults.counting import LEVELS, Cell, Figure
from tests.faults.ledger import AnsweredReport, Ledger, Target, said
from tests.faults.site import Connection, Site
from tests.faults.topics import HEARD, Place, Topics, ends_now, read_all
from tests.faults.waiting import until

Found = TypeVar("Found")
REPORTS = "/api/activities/v1/reports"


class Version(NamedTuple):
    """A version of a report as it is kept."""

    stage: str
    said: AnsweredReport


@dataclass(frozen=True)
class Kept:
    """A report in the database of activities."""

    id: str
    version: int
    """The one that stands."""
    versions: Mapping[int, Version]


class Event(NamedTuple):
    """A row of a service's event log; `copy` is that of a dead letter."""

    id: str
    topic: str
    key: str
    version: int | None
    payload: bytes | None
    copy: bool


class Letter(NamedTuple):
    """A dead letter of a consumer."""

    consumer: str
    place: Place
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]
    cause: str


@dataclass(frozen=True)
class Evidence:
    reports: Mapping[tuple[str, str], Kept]
    """By organisation and `external_id`."""
    told: Mapping[str, tuple[int, Version]]
    """What the door says of each report by its id: version, stage and values."""
    facts: Mapping[str, int]
    """Version of each report's fact in reporting."""
    targets: Mapping[str, Mapping[str, Target]]
    """Of activities and of reporting."""
    organisations: Mapping[str, Mapping[str, int]]
    """Versions in the registry, and in the projections of those who hear it."""
    verified: frozenset[str]
    cells: Mapping[Cell, Figure]
    """In the tables of reporting."""
    shown: Mapping[Cell, Figure]
    """By GraphQL through the gateway."""
    deliveries: Mapping[str, str]
    """State of each alert's delivery."""
    events: Mapping[str, Sequence[Event]]
    waiting: Mapping[str, int]
    """Rows of each outbox."""
    letters: Sequence[Letter]
    offsets: Mapping[str, Mapping[tuple[str, int], int]]
    """Where each consumer stands."""
    topics: Topics


async def gathered(site: Site) -> Evidence:
    """All of it, as it is now."""
    async with site.platform.client("secretariat") as office:
        told, shown = await _told(office), await _shown(office)
    reports = await _of(site, "activities", _reports)
    registered = await _of(site, "registry", _organisations)
    hearers = [consumer for consumer, topics in HEARD.items() if OrganisationChanged.topic.noun in topics]
    heard = {consumer: await _of(site, consumer, _organisations) for consumer in hearers}
    return Evidence(
        reports=reports,
        told=told,
        facts=await _of(site, "reporting", _facts),
        targets={service: await _of(site, service, _targets) for service in ("plans", "reporting")},
        organisations={"registry": registered, **heard},
        verified=await _of(site, "registry", _verified),
        cells=await _of(site, "reporting", _cells),
        shown=shown,
        deliveries=await _of(site, "alerts", _deliveries),
        events={service: await _of(site, service, _events) for service in SERVICES},
        waiting={service: await _of(site, service, _waiting) for service in SERVICES},
        letters=[letter for consumer in HEARD for letter in await _of(site, consumer, _letters)],
        offsets={consumer: await _of(site, consumer, _offsets) for consumer in HEARD},
        topics=await read_all(site.kafka),
    )


async def settled(site: Site, ledger: Ledger, *, seconds: float = 180) -> None:
    """Wait until nothing is on its way any more: outboxes, consumers, files, deliveries and the event stream."""
    await asyncio.to_thread(site.platform.wait_ready, seconds)
    await until(lambda: _on_its_way(site, ledger), lambda left: not left, "this is still on its way", seconds=seconds)


async def _on_its_way(site: Site, ledger: Ledger) -> dict[str, Any]:
    found: dict[str, Any] = await _outboxes(site)
    found["files"] = await _of(site, "activities", _files)
    found["deliveries"] = await _of(site, "alerts", _due)
    found["on the stream"] = len(ledger.alerts - ledger.streamed)
    found["at the webhook"] = len(ledger.alerts - {arrived.alert for arrived in ledger.delivered})
    if not any(found.values()):
        found["consumers"] = await _behind(site)
        found.update(await _outboxes(site))  # a consumer that has just come to its end may have written into its own
    return {name: left for name, left in found.items() if left}


async def _outboxes(site: Site) -> dict[str, Any]:
    return {f"outbox of {name}": await _of(site, name, _waiting) for name in SERVICES}


async def quiet(site: Site) -> None:
    """Wait until relays and consumers have done what they can; for a fault that was planted, nothing more."""

    async def busy() -> dict[str, Any]:
        waiting = {name: await _of(site, name, _waiting) for name in SERVICES}
        return {**waiting, "consumers": await _behind(site), "deliveries": await _of(site, "alerts", _due)}

    await until(busy, lambda found: not any(found.values()), "relays and consumers are busy")


async def waiting(site: Site, service: str) -> int:
    """Events of a service that are not published yet."""
    return await _of(site, service, _waiting)


async def _behind(site: Site) -> list[str]:
    ends = await ends_now(site.kafka)
    behind = []
    for consumer, topics in HEARD.items():
        offsets = await _of(site, consumer, _offsets)
        behind += [f"{consumer} {at}" for at, end in ends.items() if at[0] in topics and offsets.get(at, 0) < end]
    return behind


async def _of(site: Site, service: str, question: Callable[[Connection], Awaitable[Found]]) -> Found:
    async with site.database(service) as connection:
        return await question(connection)


async def _told(office: Tansiq) -> dict[str, tuple[int, Version]]:
    return {
        item["id"]: (item["version"], Version(item["stage"], said(item)))
        async for item in office.session.pages(REPORTS)
    }


async def _shown(office: Tansiq) -> dict[Cell, Figure]:
    found = {}
    for level in LEVELS:
        async for node in office.coverage.figures(CoverageQuery(country="SY", level=level)):
            cell = Cell(node["areaCode"], node["sectorCode"], node["month"])
            found[cell] = Figure(
                people=node["people"]["total"] or 0,
                official_people=node["officialPeopleTotal"] or 0,
                services=node["frequencies"] or 0,
                reports=node["reports"],
                official_reports=node["officialReports"],
                organisations=node["organisationCount"],
            )
    return found


async def _reports(connection: Connection) -> dict[tuple[str, str], Kept]:
    earlier: dict[str, dict[int, Version]] = defaultdict(dict)
    for row in await connection.fetch(f"select report_id, version, {_values('row')} from report_version"):
        earlier[str(row["report_id"])][row["version"]] = _version(row)
    return {
        (str(row["organisation_id"]), row["external_id"]): Kept(
            str(row["id"]), row["version"], {**earlier[str(row["id"])], row["version"]: _version(row)}
        )
        for row in await connection.fetch(
            f"select organisation_id, external_id, id, version, {_values('to_jsonb(report)')} from report"
        )
    }


def _values(row: str) -> str:
    """The values of `Said`, of a version kept as JSON or of one that stands."""
    texts = ("stage", *AnsweredReport._fields[:-2])
    return ", ".join(
        [
            *(f"{row} ->> '{name}' as {name}" for name in texts),
            f"({row} ->> 'newly_reached')::boolean as newly_reached",
            f"({row} ->> 'people_total')::int as total",
        ]
    )


def _version(row: asyncpg.Record) -> Version:
    return Version(row["stage"], AnsweredReport(*(row[name] for name in AnsweredReport._fields)))


async def _facts(connection: Connection) -> dict[str, int]:
    return {str(row["id"]): row["version"] for row in await connection.fetch("select id, version from report_fact")}


async def _targets(connection: Connection) -> dict[str, Target]:
    rows = await connection.fetch("select id, version, value from target")
    return {str(row["id"]): Target(row["version"], row["value"]) for row in rows}


async def _organisations(connection: Connection) -> dict[str, int]:
    return {str(row["id"]): row["version"] for row in await connection.fetch("select id, version from organisation")}


async def _verified(connection: Connection) -> frozenset[str]:
    rows = await connection.fetch("select id from organisation where status = 'verified'")
    return frozenset(str(row["id"]) for row in rows)


async def _cells(connection: Connection) -> dict[Cell, Figure]:
    rows = await connection.fetch(
        """
        select area, sector, month, total, official_total, frequencies, reports, official_reports, organisations
          from coverage_cell where population_group = 'all' and level = any($1::int[])
        """,
        LEVELS,
    )
    return {Cell(*tuple(row)[:3]): Figure(*tuple(row)[3:]) for row in rows}


async def _deliveries(connection: Connection) -> dict[str, str]:
    rows = await connection.fetch("select alert_id, state from delivery where alert_id is not null")
    return {str(row["alert_id"]): row["state"] for row in rows}


async def _events(connection: Connection) -> list[Event]:
    rows = await connection.fetch(
        """
        select id::text, aggregatetype, aggregateid, version, payload, header_names is not null
          from event order by number
        """
    )
    return [Event(*row) for row in rows]


async def _letters(connection: Connection) -> list[Letter]:
    rows = await connection.fetch("select * from dead_letter")
    return [
        Letter(
            row["consumer"],
            Place(row["topic"], row["partition"], row["record_offset"]),
            row["key"],
            row["payload"],
            list(zip(row["header_names"], row["header_values"], strict=True)),
            row["cause"],
        )
        for row in rows
    ]


async def _offsets(connection: Connection) -> dict[tuple[str, int], int]:
    rows = await connection.fetch("select topic, partition, next_offset from consumer_offset")
    return {(row["topic"].split(".", 1)[1], row["partition"]): row["next_offset"] for row in rows}


async def _waiting(connection: Connection) -> int:
    return int(await connection.fetchval("select count(*) from outbox"))


async def _files(connection: Connection) -> int:
    return int(await connection.fetchval("select count(*) from upload where state in ('queued', 'running')"))


async def _due(connection: Connection) -> int:
    return int(await connection.fetchval("select count(*) from delivery where state = 'due'"))
