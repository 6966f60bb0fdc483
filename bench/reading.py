"""Q1, Q2 and Q3 through the gateway, and the same questions to the limit."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import asyncpg
import orjson

from bench.figures import Measurement
from bench.fixture import BenchFixture, bearer, graph
from bench.load import ask_once, measure, request
from bench.peering import one_report

REPORT = """
    id sectorCode indicatorCode areaCode month status populationGroup people { total } version
    area { parent { pcode } path } organisation { names { ar en } }
"""
Q1 = f"query One($id: UUID!) {{ report(id: $id) {{ {REPORT} }} }}"
Q2 = f"""
query List($area: String!, $sector: String!, $from: String!, $to: String!) {{
  reports(filter: {{area: $area, sector: $sector, monthFrom: $from, monthTo: $to}}, first: 100) {{
    nodes {{ {REPORT} }} pageInfo {{ hasNextPage endCursor }}
  }}
}}
"""
Q3 = """
query Figures($from: String!, $to: String!) {
  coverage(filter: {country: "SY", level: 1, monthFrom: $from, monthTo: $to}, first: 500) {
    nodes { areaCode area { names { ar en } } sectorCode month people { total } frequencies reports organisationCount }
  }
}
"""
LINKED = """
query Linked($month: String!) {
  areas(country: "SY", level: 3, within: "SY07", first: 70) {
    nodes {
      pcode names { ar en }
      progress(filter: {month: $month}, first: 4) { nodes { sectorCode target peopleReached coverage } }
      organisationsPresent(filter: {monthFrom: $month}, first: 4) {
        nodes { sectorCode organisations { names { ar } } }
      }
      alerts(filter: {active: true}, first: 5) { nodes { id severity headline { ar } } }
    }
  }
}
"""
"""What a hub asks of each of its sub-districts, over three services at once: there is no limit to hold it against."""
PRESENT = """
query Present($from: String!, $to: String!) {
  presence(filter: {country: "SY", level: 1, monthFrom: $from, monthTo: $to}, first: 500) {
    nodes { areaCode sectorCode organisationCount reports }
  }
}
"""
LIVE = """
    select adm1, sector, count(distinct organisation_id), count(*) from report_fact
    where country = 'SY' and month between $1 and $2 and status in ('Ongoing', 'Completed')
      and stage in ('submitted', 'approved')
    group by 1, 2 order by 1, 2
"""
MANY = 32
READER = "member"
"""Of what a member may see of others' rows nothing is audited. A look by the secretariat at high data is written down,
which the limit's server does not do: that stands on a line of its own."""
Make = Callable[[], bytes]


@dataclass(frozen=True)
class BenchQuestion:
    """A question as the gateway and as the limit's server take it."""

    name: str
    gateway: Make
    raw: Make
    target: str
    target_of_one: str = ""
    peer: Make | None = None
    """The same to the peer."""


async def read(fixture: BenchFixture, raw_origin: str, peer_origin: str | None, seconds: float) -> list[Measurement]:
    figures: list[Measurement] = []
    for asked in await _questions(fixture):
        many, one = [
            (
                await measure(fixture.origin, asked.gateway, connections=count, seconds=seconds),
                await measure(raw_origin, asked.raw, connections=count, seconds=seconds),
            )
            for count in (MANY, 1)
        ]
        figures += [
            Measurement(
                f"{asked.name}, {MANY} connections", many[0].per_second, "/s", many[1].per_second, asked.target
            ),
            Measurement(
                f"{asked.name}, one, p50", one[0].milliseconds(), "ms", one[1].milliseconds(), asked.target_of_one
            ),
        ]
        if peer_origin and asked.peer:
            peer = await measure(peer_origin, asked.peer, connections=MANY, seconds=seconds)
            figures.append(
                Measurement(f"{asked.name}, {MANY}, beside the peer", many[0].per_second, "/s", peer.per_second, "≥ 1")
            )
    return [*figures, await _linked(fixture, seconds)]


async def _linked(fixture: BenchFixture, seconds: float) -> Measurement:
    asked = _each([graph(LINKED, await bearer(fixture.platform, READER), month=fixture.last_month)])
    measured = await measure(fixture.origin, asked, connections=1, seconds=seconds)
    return Measurement(
        "sub-districts with what hangs on them, one, p50", measured.milliseconds(), "ms", None, "≤ 25 ms"
    )


async def check_against_live_sql(fixture: BenchFixture) -> None:
    """Distinct organisations and reports from the cells are those of the facts. Raises `RuntimeError`."""
    connection = await asyncpg.connect(fixture.reporting)
    try:
        live = [tuple(row) for row in await connection.fetch(LIVE, fixture.first_month, fixture.last_month)]
    finally:
        await connection.close()
    question = graph(PRESENT, await bearer(fixture.platform), **{"from": fixture.first_month, "to": fixture.last_month})
    nodes = orjson.loads(await ask_once(fixture.origin, question))["data"]["presence"]["nodes"]
    said = [(each["areaCode"], each["sectorCode"], each["organisationCount"], each["reports"]) for each in nodes]
    if said != live:
        raise RuntimeError(f"cells say {said}, live SQL {live}")


async def _questions(fixture: BenchFixture) -> list[BenchQuestion]:
    connection = await asyncpg.connect(fixture.activities)
    try:
        ids = [str(row["id"]) for row in await connection.fetch("select id from report order by random() limit 500")]
        places = await connection.fetch("select distinct adm2, sector from report order by 1, 2")
    finally:
        await connection.close()
    token, audited = await bearer(fixture.platform, READER), await bearer(fixture.platform)
    span = {"from": fixture.first_month, "to": fixture.last_month}
    months = f"{fixture.first_month}/{fixture.last_month}"
    lists = [(row["adm2"], row["sector"]) for row in places]
    return [
        BenchQuestion(
            "Q1 one report",
            _each([graph(Q1, token, id=id) for id in ids]),
            _each([request("GET", f"/one/{id}") for id in ids]),
            "≥ 0.5, aim 0.8",
            peer=_each([one_report(id) for id in ids]),
        ),
        BenchQuestion(
            "Q1 by the secretariat, each look audited",
            _each([graph(Q1, audited, id=id) for id in ids]),
            _each([request("GET", f"/one/{id}") for id in ids]),
            "",
        ),
        BenchQuestion(
            "Q2 100 reports",
            _each([graph(Q2, token, area=area, sector=sector, **span) for area, sector in lists]),
            _each([request("GET", f"/list/{area}/{sector}/{months}") for area, sector in lists]),
            "≥ 0.45, aim 0.75",
            "≤ 3.4",
        ),
        BenchQuestion(
            "Q3 reach by governorate and sector",
            _each([graph(Q3, token, **span)]),
            _each([request("GET", f"/cells/{months}")]),
            "",
            "≤ 5 ms",
        ),
    ]


def _each(requests: list[bytes]) -> Make:
    endless: Iterator[bytes] = itertools.cycle(requests)
    return lambda: next(endless)
