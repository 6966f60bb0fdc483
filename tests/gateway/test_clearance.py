"""Who sees what, as a matrix: noun × role × what a row is to its reader × level × field × way in.

Expected is the clearance table, applied in Python to what `clearance_rows` says of each row; a field is shown where it
says what it says to the secretariat.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, suppress
from typing import Any

import httpx2
import orjson
import pytest
import pytest_asyncio
from contracts.sensitivity import Sensitivity
from database import Database
from gateway.graph.schema import graph
from gateway.graph.schema_types import connection_node, node_kind
from gateway.main import build
from runtime.access import Role
from testkit.ports import listening
from testkit.services import Migrated, declared_services
from testkit.trust import TestIssuer

from .clearance_rows import KINDS, READERS, Kind, Sample, fill
from .conftest import REFERENCE, filled_memory, settings_of
from .test_services import _application, everything

SERVICES = {name: each for name, each in declared_services().items() if name in {kind.noun.service for kind in KINDS}}
Rows = Mapping[str, Mapping[str, Any]]


class Ways:
    """The ways in, all of them answering with rows by id."""

    def __init__(self, gateway: httpx2.AsyncClient, services: Mapping[str, httpx2.AsyncClient], issuer: TestIssuer):
        self._gateway, self._services, self._issuer = gateway, services, issuer
        self._whole: dict[tuple[str, str], Rows] = {}

    def _bearer(self, role: Role) -> dict[str, str]:
        return self._issuer.bearer(role, **READERS[role])

    async def of(self, way: str, kind: Kind, role: Role) -> Rows:
        found: Rows = await getattr(self, way)(kind, role)
        return found

    async def whole(self, way: str, kind: Kind) -> Rows:
        """As the secretariat is answered."""
        key = (way, kind.noun.name)
        if key not in self._whole:
            self._whole[key] = await self.of(way, kind, Role.SECRETARIAT)
        return self._whole[key]

    async def list(self, kind: Kind, role: Role, **more: str) -> Rows:
        found: dict[str, Any] = {}
        for asked in kind.asked:
            address = f"/api/{kind.noun.service}{kind.noun.path}"
            answer = await self._gateway.get(
                address, params={"first": "500", **asked, **more}, headers=self._bearer(role)
            )
            if answer.status_code == 403:
                return {}
            assert answer.status_code == 200, answer.text
            assert not answer.json()["next"]
            found |= {row["id"]: flat(row) for row in answer.json()["items"] if not row.get("gone")}
        return found

    async def changes(self, kind: Kind, role: Role) -> Rows:
        return await self.list(kind, role, changes_after="start")

    async def item(self, kind: Kind, role: Role) -> Rows:
        found = {}
        for sample in kind.samples:
            address = f"/api/{kind.noun.service}{kind.noun.path}/{sample.id}"
            answer = await self._gateway.get(address, headers=self._bearer(role))
            assert answer.status_code in (200, 403, 404), answer.text
            if answer.status_code == 200:
                found[str(sample.id)] = flat(answer.json())
        return found

    async def internal(self, kind: Kind, role: Role) -> Rows:
        found: dict[str, Any] = {}
        for asked in kind.asked:
            question = {"columns": kind.noun.columns, "filter": asked, "first": 500}
            answer = await self._services[kind.noun.service].post(
                f"/internal/{kind.noun.name}/query", json=question, headers=self._bearer(role)
            )
            assert answer.status_code == 200, answer.text
            columns = answer.json()["columns"]
            rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
            found |= {row["id"]: row for row in rows}
        return found

    async def stream(self, kind: Kind, role: Role) -> Rows:
        """What was missed, to who comes back."""
        headers = {**self._bearer(role), "Last-Event-ID": "0"}
        found = {}
        with suppress(httpx2.ReadTimeout):
            async with self._services[kind.noun.service].stream(
                "GET", f"{kind.noun.path}/stream", headers=headers, timeout=1
            ) as answer:
                async for line in answer.aiter_lines():
                    if line.startswith("data: "):
                        row = orjson.loads(line.removeprefix("data: "))
                        found[row["id"]] = row
        return found

    async def graph(self, kind: Kind, role: Role) -> Rows:
        """What of a node has a canary, by the name of its column."""
        query = graph()._schema.query_type
        assert query is not None
        node = everything(connection_node(node_kind(query.fields[kind.noun.name])), depth=1)
        found: dict[str, Any] = {}
        for asked in kind.asked:
            filter = ", ".join(
                f"{camel(name)}: {value if value == 'true' else value.upper()}" for name, value in asked.items()
            )
            given = f", filter: {{{filter}}}" if filter else ""
            text = f"{{ {kind.noun.name}(first: {len(kind.samples)}{given}) {{ nodes {node} }} }}"
            answer = await self._gateway.post("/graphql", json={"query": text}, headers=self._bearer(role))
            assert "errors" not in answer.json(), answer.text
            nodes = answer.json()["data"][kind.noun.name]["nodes"]
            found |= {row["id"]: {"id": row["id"], **dict(canaries(row))} for row in nodes}
        return found


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """As columns are called: `people_total` of `people`."""
    people = row.get("people")
    parts = {f"people_{name}": value for name, value in people.items()} if isinstance(people, dict) else {}
    return {**row, **parts}


def canaries(value: Any) -> Iterator[tuple[str, str]]:
    """Columns whose value is found somewhere in an answer."""
    if isinstance(value, str) and value.startswith("canary "):
        yield value.split()[1], value
    elif isinstance(value, dict):
        for each in value.values():
            yield from canaries(each)
    elif isinstance(value, list):
        for each in value:
            yield from canaries(each)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def ways(standing_migrated: Migrated, issuer: TestIssuer) -> AsyncIterator[Ways]:
    async with AsyncExitStack() as stack:
        services = {}
        for name, service in SERVICES.items():
            url = await standing_migrated(service)
            address = await stack.enter_async_context(listening(_application(service, url, issuer)))
            services[name] = await stack.enter_async_context(httpx2.AsyncClient(base_url=address, timeout=120))
            database = await Database.connect(url, application="test", largest=2)
            async with database.transaction() as tx:
                for kind, handler in service.projection.handlers.items():
                    if heard := [event for event in REFERENCE if type(event) is kind]:
                        await handler(tx, heard)
                if name == "registry":
                    await tx.execute("insert into organisation_type (code, names) values ('441', '{}')")
                for each in KINDS:
                    if each.noun.service == name:
                        await fill(tx, each)
                if name == "alerts":
                    await tx.execute("update alert_counter set last = (select max(number) from alert)")
            await database.close()
        addresses = {f"{name}_url": str(client.base_url).rstrip("/") for name, client in services.items()}
        app = build(settings_of(**addresses), memory=filled_memory(), load_keys=issuer.load_keys())
        gateway = await stack.enter_async_context(listening(app))
        client = await stack.enter_async_context(httpx2.AsyncClient(base_url=gateway, timeout=120))
        yield Ways(client, services, issuer)


def ways_of(kind: Kind) -> Iterator[str]:
    yield "list"
    for way, there in (
        ("item", kind.item),
        ("changes", kind.followed),
        ("internal", kind.internal),
        ("graph", kind.graph),
        ("stream", kind.stream),
    ):
        if there:
            yield way


MATRIX = [(kind, way, role) for kind in KINDS for way in ways_of(kind) for role in READERS]


@pytest.mark.parametrize(
    ("kind", "way", "role"), MATRIX, ids=lambda each: each.noun.name if isinstance(each, Kind) else str(each)
)
async def test_each_reader_sees_what_they_are_cleared_for(ways: Ways, kind: Kind, way: str, role: Role) -> None:
    whole, found = await ways.whole(way, kind), await ways.of(way, kind, role)
    ids = {str(sample.id): sample for sample in kind.samples if way != "stream" or sample.row["number"]}
    wrong = [said for id, sample in ids.items() for said in faults(kind, sample, role, whole.get(id), found.get(id))]
    assert wrong == []
    assert set(found) <= set(ids)


def faults(kind: Kind, sample: Sample, role: Role, whole: Any, found: Any) -> Iterator[object]:
    cleared = sample.cleared(role, kind.visibility)
    if (found is not None) is not (cleared is not None):
        yield sample, "is shown" if found else "is not shown"
    if found is None or cleared is None or whole is None:
        return
    for column in kind.noun.columns:
        shown, level = found.get(column), kind.level_of(column)
        if column not in whole or whole[column] in (None, [], {}):
            continue
        if (shown == whole[column]) is not cleared.allows(level):
            yield sample, column, level, shown


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.noun.name)
async def test_every_high_field_has_something_to_hide(ways: Ways, kind: Kind) -> None:
    """Else the matrix would say nothing of it."""
    found: dict[str, Any] = {}
    for way in ways_of(kind):
        for row in (await ways.whole(way, kind)).values():
            found |= {name: value for name, value in row.items() if value not in (None, [], {})}
    assert found or kind.samples == ()
    high = {name for name in kind.noun.columns if not Sensitivity.MODERATE.allows(kind.level_of(name))}
    assert high - set(found) == set()
