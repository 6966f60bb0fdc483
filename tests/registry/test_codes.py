"""The shipped code lists: whole, in two languages, told as events."""

from typing import Any

import pytest
from contracts.folding import fold
from registry import shipped

from .conftest import RegistryClient

WORKING_GROUPS = {"WSH", "SHL", "PRO", "EDU"}
IN_REAL_FILES = {
    "PROTECTION_OP": "PRO",
    "HEALTH_OP": "HEA",
    "FSAC_OP": "FSC",
    "NUTRITION_OP": "NUT",
    "ESNFI_OP": "SHL",
    "WASH_OP": "WSH",
    "EiE_OP": "EDU",
    "EDUCATION_OP": "EDU",
    "Operational Presence: Education in Emergencies": "EDU",
    "Operatioanl Presence: Water, Sanitation & Hygiene": "WSH",
    "ESNFI": "SHL",
    "Agriculture": "FSC",
    "Child Protection": "PRO-CPN",
    "GBV": "PRO-GBV",
    "HLP": "PRO-HLP",
    "Explosive Hazards": "PRO-MIN",
    "Shelter and NFIs": "SHL",
    "MPCA": "MPC",
    "CCCM": "CCM",
    "Water Sanitation & Hygiene": "WSH",
    "المأوى والمواد غير الغذائية": "SHL",
    "التعليم": "EDU",
}


def test_every_spelling_leads_to_one_sector() -> None:
    found: dict[str, str] = {}
    for sector in shipped.sectors():
        for name in (sector.code, *sector.names.values(), *sector.aliases):
            assert found.setdefault(fold(name), sector.code) == sector.code, name
    for spelling, code in IN_REAL_FILES.items():
        assert found[fold(spelling)] == code


def test_sectors_are_those_of_the_domain() -> None:
    sectors = {sector.code: sector for sector in shipped.sectors()}
    assert {code for code, sector in sectors.items() if sector.has_working_group} == WORKING_GROUPS
    assert {code for code, sector in sectors.items() if sector.parent == "PRO"} == {
        "PRO-CPN",
        "PRO-GBV",
        "PRO-HLP",
        "PRO-MIN",
    }
    assert set(sectors) >= WORKING_GROUPS | {"CCM", "ERY", "FSC", "HEA", "LOG", "NUT", "TEL", "MPC"}


def test_every_entry_has_an_arabic_and_an_english_name() -> None:
    entries: list[Any] = [*shipped.sectors(), *shipped.indicators(), *shipped.organisation_types(), *shipped.scopes()]
    named = [*(entry.names for entry in entries), *(area.names for area in shipped.areas())]
    assert all(set(names) == {"ar", "en"} for names in [*named, *(country.names for country in shipped.countries())])


@pytest.mark.parametrize(
    ("path", "count"),
    [("/v1/sectors", 16), ("/v1/indicators", 28), ("/v1/organisation-types", 14), ("/v1/scopes", 14)],
)
async def test_list_is_read_whole(shared_registry: RegistryClient, path: str, count: int) -> None:
    answer = (await shared_registry.ask("member", "GET", path)).json()
    assert (len(answer["items"]), answer["next"]) == (count, None)


async def test_indicators_of_a_sector_are_exact(shared_registry: RegistryClient) -> None:
    items = (await shared_registry.ask("member", "GET", "/v1/indicators?sector=PRO")).json()["items"]
    assert items
    assert {item["sector"] for item in items} == {"PRO"}
    assert (await shared_registry.ask("member", "GET", "/v1/indicators?sector=*")).status_code == 422


async def test_scopes_of_aleppo_and_idlib_are_active(shared_registry: RegistryClient) -> None:
    items = (await shared_registry.ask("hub", "GET", "/v1/scopes")).json()["items"]
    active = {item["code"]: item["areas"] for item in items if item["active_from"]}
    assert active == {"aleppo": ["SY02"], "idlib": ["SY07"]}


async def test_lists_are_told_as_events(shared_registry: RegistryClient) -> None:
    codes = await shared_registry.events("registry.codes")
    assert len(codes) == 16 + 28
    wash = next(event for event in codes if event.get("code") == "WSH")
    assert (wash["has_working_group"], wash["names"]["ar"]) == (True, "المياه والإصحاح البيئي")
    assert "WASH_OP" in wash["aliases"]
    water = next(event for event in codes if event.get("code") == "wsh_ind_1_1_1")
    assert (water["sector"], water["unit"]) == ("WSH", "people")
    scopes = {event["code"]: event for event in await shared_registry.events("registry.scopes")}
    assert (scopes["aleppo"]["areas"], scopes["aleppo"]["active_from"]) == (["SY02"], "2026-01-01")
    assert scopes["homs"]["active_from"] is None
