"""REST and the graph are asked by the same words, and mean the same by them."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from client.credentials import Credentials
from client.tansiq import Tansiq
from contracts.areas import AREAS, AreaChanged
from contracts.catalogue import LISTS
from contracts.codes import SectorChanged
from contracts.nouns import Noun
from contracts.organisations import ORGANISATIONS, OrganisationChanged
from gateway.graph.fact_types import FACTS
from gateway.graph.schema import graph
from graphql import GraphQLInputObjectType
from registry.names import spellings
from runtime.access import Role

from .conftest import REFERENCE
from .test_following import SignedIn
from .test_services import Platform
from .test_services import platform as platform

FILTERS = {noun.filter.__name__: noun for noun in (ORGANISATIONS, *(fact.noun for fact in FACTS))}


@pytest.mark.parametrize(("name", "noun"), FILTERS.items(), ids=list(FILTERS))
def test_a_filter_has_the_same_words_in_the_graph(name: str, noun: Noun[Any]) -> None:
    shown = graph()._schema.type_map[name]
    assert isinstance(shown, GraphQLInputObjectType)
    words = {re.sub(r"(?=[A-Z])", "_", field).lower() for field in shown.fields}
    assert words | {"id"} == set(noun.filter.model_fields) | {"id"}  # one row by its id is a root of its own


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def known(platform: Platform) -> AsyncIterator[Platform]:
    """The registry knows what the gateway has heard."""
    async with platform.databases["registry"].transaction() as tx:
        for event in REFERENCE:
            names = {name: value for name, value in event.model_dump().get("names", {}).items() if value}
            if isinstance(event, SectorChanged):
                await tx.execute("insert into sector (code, names) values ($1, $2)", event.code, names)
            elif isinstance(event, AreaChanged):
                if event.level == 0:
                    await tx.execute("insert into country (code, names) values ($1, $2)", event.country, names)
                await tx.execute(
                    "insert into area (country, pcode, level, names, parent, path) values ($1, $2, $3, $4, $5, $6)",
                    event.country, event.pcode, event.level, names, event.parent, event.path,
                )  # fmt: skip
                for folded in spellings([*names.values(), event.pcode]):
                    await tx.execute("insert into area_name values ($1, $2, $3)", folded, event.country, event.pcode)
            elif isinstance(event, OrganisationChanged):
                await tx.execute(
                    "insert into organisation_type (code, names) values ($1, '{}') on conflict do nothing",
                    event.type_code,
                )
                await tx.execute(
                    "insert into organisation (id, status, names, aliases, type_code, sectors, areas, sort_name)"
                    " values ($1, $2, $3, $4, $5, $6, $7, $8)",
                    event.id, event.status, names, event.aliases, event.type_code, event.sectors, event.areas, "",
                )  # fmt: skip
                for folded in spellings([*names.values(), *event.aliases]):
                    await tx.execute("insert into organisation_name values ($1, $2)", folded, event.id)
    yield platform


WANTED: list[tuple[Noun[Any], dict[str, str]]] = [
    *(
        (ORGANISATIONS, {"search": text})
        for text in ("أمل", "امل", "الأمل", "amal", "mal", "ope", "nya", "Bonyan", "x y", "o")
    ),
    *((ORGANISATIONS, {"area": code}) for code in ("SY", "SY07", "SY0700", "SY070004", "SY02")),
    (ORGANISATIONS, {"sector": "WSH"}),
    (ORGANISATIONS, {"sector": "WSH", "search": "بني"}),
    (ORGANISATIONS, {"status": "applied"}),
    *((AREAS, {"search": text}) for text in ("إدل", "دلب", "مصرين", "amsr", "sy0700", "07", "eb", "nowhere")),
]


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.HUB])
@pytest.mark.parametrize(("noun", "wanted"), WANTED, ids=lambda each: getattr(each, "name", str(each)))
async def test_a_condition_finds_the_same_on_rest_and_in_the_graph(
    known: Platform, noun: Noun[Any], wanted: dict[str, str], role: Role
) -> None:
    claims = {"areas": ["SY"]} if role is Role.HUB else {}
    address = f"/api/registry/v1/{noun.name}"
    key = noun.key[-1]
    rest = await known.client.get(address, params=wanted, headers=known.issuer.bearer(role, **claims))
    said = ", ".join(f"{name}: {in_graph(name, value)}" for name, value in wanted.items())
    given = said if noun is AREAS else f"filter: {{{said}}}"
    asked = await known.ask(f"{{ {noun.name}(first: 100, {given}) {{ nodes {{ {key} }} }} }}", role, **claims)
    assert {row[key] for row in rest.json()["items"]} == {row[key] for row in asked["data"][noun.name]["nodes"]}


def in_graph(name: str, value: str) -> str:
    return value.upper() if name == "status" else f'"{value}"'


async def test_the_client_reads_every_list_as_rows_of_its_noun(known: Platform) -> None:
    transport = SignedIn(known.issuer.bearer(Role.SECRETARIAT))
    async with Tansiq(Credentials(str(known.client.base_url), "x", "y"), transport=transport) as tansiq:
        found = {name: [row async for row in tansiq.lists.named(name)] for name in LISTS}
    assert {"organisations", "areas", "sectors", "countries"} <= {name for name, rows in found.items() if rows}
