"""Where each root of the graph has its rows from, and how entries of memory are matched."""

from collections.abc import Iterable, Sequence
from typing import Any

from contracts import areas, organisations
from contracts.alerts import ALERTS
from contracts.nouns import Noun
from contracts.organisations import OrganisationStatus
from contracts.reports import REPORTS
from contracts.targets import TARGETS
from runtime.access import Role
from runtime.naming import UnknownArea, UnknownCountry, UnknownSector
from runtime.problems import Invalid, Refusal

from gateway.graph.faults import shortened
from gateway.graph.roots import (
    Arguments,
    GraphReader,
    MemoryAll,
    MemoryList,
    MemoryOne,
    ServiceList,
    ServiceOne,
    ServiceStream,
)
from gateway.reference.collection import Entry
from gateway.reference.memory import ReferenceMemory


def list_of(noun: Noun[Any], effort: int = 0) -> ServiceList:
    return ServiceList(noun.service, f"/internal/{noun.name}/query", noun.key[0], effort)


def one_of(noun: Noun[Any]) -> ServiceOne:
    return ServiceOne(noun.service, f"/internal/{noun.name}/query")


REPORT = one_of(REPORTS)
TARGET = one_of(TARGETS)
ALERT = one_of(ALERTS)
ALERT_ISSUED = ServiceStream(
    ALERT,
    "/v1/alerts/stream",
    {"country": "country", "areas": "area", "sectors": "sector", "severities": "severity", "statuses": "status"},
)


def _check_areas(memory: ReferenceMemory, arguments: Arguments) -> None:
    country = arguments.get("country")
    unknown: list[Refusal] = []
    if country is not None and not memory.knows_country(country):
        unknown.append(UnknownCountry("country", value=shortened(country)))
    unknown += [
        UnknownArea(name, value=shortened(arguments[name]))
        for name in ("parent", "within")
        if arguments.get(name) is not None and not _knows_area(memory, arguments[name], country)
    ]
    _refuse(unknown)


def _check_organisations(memory: ReferenceMemory, arguments: Arguments) -> None:
    wanted = arguments.get("filter", {})
    unknown: list[Refusal] = []
    if "area" in wanted and not _knows_area(memory, wanted["area"], None):
        unknown.append(UnknownArea("filter.area", value=shortened(wanted["area"])))
    if "sector" in wanted and memory.sector(wanted["sector"]) is None:
        unknown.append(UnknownSector("filter.sector", value=shortened(wanted["sector"])))
    _refuse(unknown)


def _knows_area(memory: ReferenceMemory, pcode: str, country: str | None) -> bool:
    return (memory.area_of(pcode) if country is None else memory.area(country, pcode)) is not None


def _refuse(unknown: Sequence[Refusal]) -> None:
    """Raises the one, or `Invalid` with all of them, as services do."""
    if len(unknown) > 1:
        raise Invalid(unknown)
    if unknown:
        raise unknown[0]


def _area_candidates(reader: GraphReader, arguments: Arguments) -> Iterable[str] | None:
    memory, country, parent = reader.memory, arguments.get("country"), arguments.get("parent")
    if "search" in arguments:
        return memory.areas.find(arguments["search"])
    if parent and country:
        return memory.children(country, parent)
    return None


def _area_matches(reader: GraphReader, arguments: Arguments, area: Entry) -> bool:
    if arguments.get("within") is not None and arguments["within"] not in area["path"]:
        return False
    return all(
        arguments[name] == area[name] for name in ("country", "level", "parent") if arguments.get(name) is not None
    )


def _organisation_candidates(reader: GraphReader, arguments: Arguments) -> Iterable[str] | None:
    wanted = arguments.get("filter", {})
    return reader.memory.organisations.find(wanted["search"]) if "search" in wanted else None


def _organisation_matches(reader: GraphReader, arguments: Arguments, organisation: Entry) -> bool:
    wanted = arguments.get("filter", {})
    return (
        _may_know(reader, organisation)
        and (organisation["merged_into"] is None or bool(wanted.get("merged")))
        and wanted.get("status", organisation["status"]) == organisation["status"]
        and wanted.get("type_code", organisation["type_code"]) == organisation["type_code"]
        and ("sector" not in wanted or wanted["sector"] in organisation["sectors"])
        and ("area" not in wanted or _works_in(reader, organisation, wanted["area"]))
    )


def _may_know(reader: GraphReader, organisation: Entry) -> bool:
    """Who is not verified is shown to the secretariat and to itself, as by the registry."""
    if organisation["status"] == OrganisationStatus.VERIFIED or reader.caller.role is Role.SECRETARIAT:
        return True
    return organisation["id"] in map(str, reader.caller.reader.organisations)


def _works_in(reader: GraphReader, organisation: Entry, pcode: str) -> bool:
    areas = (reader.memory.area_of(area) for area in organisation["areas"])
    return pcode in organisation["areas"] or any(pcode in area["path"] for area in areas if area)


def _organisation(reader: GraphReader, arguments: Arguments) -> Entry | None:
    found = reader.memory.organisation(arguments["id"])
    return found if found and _may_know(reader, found) else None


def _area(reader: GraphReader, arguments: Arguments) -> Entry | None:
    return reader.memory.area(arguments["country"], arguments["pcode"])


def _area_filter(arguments: Arguments) -> Arguments:
    names = ("country", "level", "parent", "within", "search")
    wanted = {name: arguments[name] for name in names if arguments.get(name) is not None}
    return {**{name: value for name, value in arguments.items() if name not in names}, "filter": wanted}


AREAS = MemoryList(
    lambda memory: memory.areas,
    lambda area: f"{area['country']}:{area['pcode']}",
    _area_candidates,
    _area_matches,
    _check_areas,
    list_of(areas.AREAS),
    _area_filter,
)
AREA = MemoryOne(_area)
ORGANISATIONS = MemoryList(
    lambda memory: memory.organisations,
    lambda organisation: str(organisation["id"]),
    _organisation_candidates,
    _organisation_matches,
    _check_organisations,
    list_of(organisations.ORGANISATIONS),
)
ORGANISATION = MemoryOne(_organisation)
SECTORS = MemoryAll(lambda memory: memory.sectors)
