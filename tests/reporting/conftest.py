"""What the tests of reporting share: its door on a fresh database, and reports in one sentence."""

from collections.abc import AsyncIterator, Callable, Sequence, Set
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

import httpx2
import pytest
import pytest_asyncio
from contracts.areas import AreaChanged
from contracts.codes import SectorChanged
from contracts.organisations import OrganisationChanged, OrganisationStatus
from contracts.reports import ActivityStatus, PopulationGroup, ReportChanged, ReportOrganisation, ReportStage
from contracts.sensitivity import Sensitivity
from contracts.values import Names, People
from database import Database, Record
from messaging import Tombstone, events
from reporting.consumers import PROJECTION, on_report_gone
from reporting.counting import commands
from reporting.main import SERVICE
from runtime.access import Role
from testkit.service_clients import open_service_client
from testkit.services import Migrated, empty_tables, find_filled
from testkit.trust import TestIssuer

NAMESPACE = UUID("0190a0b0-0000-7000-8000-000000000000")
PATHS = {
    "SY": ("SY",),
    "SY02": ("SY", "SY02"),
    "SY07": ("SY", "SY07"),
    "SY0200": ("SY", "SY02", "SY0200"),
    "SY0700": ("SY", "SY07", "SY0700"),
    "SY0703": ("SY", "SY07", "SY0703"),
    "SY020000": ("SY", "SY02", "SY0200", "SY020000"),
    "SY070004": ("SY", "SY07", "SY0700", "SY070004"),
    "SY070005": ("SY", "SY07", "SY0700", "SY070005"),
    "SY070300": ("SY", "SY07", "SY0703", "SY070300"),
}
SECTORS = {"WSH": None, "SHL": None, "EDU": None, "HEA": None, "FSC": None, "CCM": None, "PRO": None, "PRO-GBV": "PRO"}


def id_of(name: str) -> UUID:
    """The same id for the same name, so that a test can speak of names."""
    return uuid5(NAMESPACE, name)


def report(
    external_id: str = "r1",
    *,
    version: int = 1,
    organisation: str = "Amal",
    implementer: str | None = None,
    area: str = "SY070004",
    unit: str = "camp-1",
    sector: str = "FSC",
    indicator: str | None = None,
    month: str = "2026-03",
    status: str = "Completed",
    stage: str = "submitted",
    group: str | None = "idp",
    new: bool | None = None,
    total: int | None = 100,
    parts: Sequence[int | None] = (None, None, None, None),
    disabled: int | None = None,
    sensitivity: str | None = None,
    resolved: bool = True,
    counted_unit: str | None = None,
    component: str | None = None,
    core: bool | None = None,
) -> ReportChanged:
    """A report; `parts` are men, women, boys, girls."""
    men, women, boys, girls = parts
    severe = sector in ("PRO-GBV", "PRO-CPN")
    return ReportChanged(
        id=id_of(external_id),
        version=version,
        stage=ReportStage(stage),
        sensitivity=Sensitivity(sensitivity or ("severe" if severe else "moderate")),
        country=PATHS[area][0],
        area=area,
        area_path=PATHS[area],
        unit_key=unit,
        organisation=ReportOrganisation(
            id=id_of(organisation), name=None if resolved else organisation, resolved=resolved
        ),
        implementer=ReportOrganisation(id=id_of(implementer)) if implementer else None,
        sector=sector,
        indicator=indicator,
        month=month,
        status=ActivityStatus(status),
        population_group=PopulationGroup(group) if group else None,
        people=People(total=total, men=men, women=women, boys=boys, girls=girls, with_disability=disabled),
        newly_reached=new,
        counted_unit=counted_unit,
        component=component,
        core_item=core,
    )


CELLS = {
    "unit_cell": "country, adm1, unit, indicator, component",
    "unit_reach": "country, sector, indicator, path, unit_key, population_group, month",
    "coverage_cell": "level, population_group, country, area, sector, month, adm1",
    "presence_cell": "level, country, area, sector, month, organisation_id, adm1",
}


@dataclass
class ReportingClient:
    """Reporting with its database, its door and its consumer's handlers."""

    database: Database
    url: str
    door: httpx2.AsyncClient
    issuer: TestIssuer

    async def hear(self, *events: Any) -> None:
        """As the consumer does: one batch, one transaction."""
        async with self.database.transaction() as tx:
            for kind in dict.fromkeys(type(event) for event in events):
                await PROJECTION.handlers[kind](tx, [event for event in events if type(event) is kind])

    async def hear_reference(self) -> None:
        """Places, sectors and organisations, as the registry tells them."""
        await self.hear(*_places(), *_sectors(), *_organisations())

    async def announce_reference(self) -> None:
        """The same, on its way through Kafka."""
        async with self.database.transaction() as tx:
            await events.append_all(tx, [*_places(), *_sectors(), *_organisations()])

    async def bury(self, *ids: UUID) -> None:
        """As when reports end."""
        async with self.database.transaction() as tx:
            await on_report_gone(tx, [Tombstone(ReportChanged.topic, str(id)) for id in ids])

    async def forget_all(self) -> None:
        """As when a rebuild begins."""
        async with self.database.transaction() as tx:
            await tx.execute(f"truncate {', '.join(PROJECTION.all_tables)}")

    async def complete(self) -> None:
        """As when a rebuild has read all there was."""
        async with self.database.transaction() as tx:
            await commands.complete(tx)

    async def rows(self, sql: str, *arguments: Any) -> list[Record]:
        async with self.database.connection() as tx:
            return await tx.fetch(sql, *arguments)

    async def cells(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that was counted, in order."""
        return {
            table: [tuple(row.values()) for row in await self.rows(f"select * from {table} order by {key}")]
            for table, key in CELLS.items()
        }

    async def ask(self, path: str, role: Role | str = Role.SECRETARIAT, **filters: Any) -> httpx2.Response:
        claims = {name: filters.pop(name) for name in ("sectors", "areas", "organisation_id") if name in filters}
        return await self.door.get(path, params=filters, headers=self.issuer.bearer(role, **claims))

    async def items(self, path: str, role: Role | str = Role.SECRETARIAT, **filters: Any) -> list[dict[str, Any]]:
        answer = await self.ask(path, role, **filters)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    async def figure(self, role: Role | str = Role.SECRETARIAT, **filters: Any) -> dict[str, Any]:
        """The one figure that matches."""
        [found] = await self.items("/v1/coverage", role, **filters)
        return found


@pytest.fixture(name="report")
def _report() -> Callable[..., ReportChanged]:
    return report


@pytest.fixture(name="id_of")
def _id_of() -> Callable[[str], UUID]:
    return id_of


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def standing(standing_migrated: Migrated, issuer: TestIssuer) -> AsyncIterator[tuple[ReportingClient, Set[str]]]:
    """One for the whole run, since an application and its connections cost more than most tests; and what it holds."""
    url = await standing_migrated(SERVICE)
    database = await Database.connect(url, application="test")
    async with open_service_client(SERVICE, url, issuer) as door:
        yield ReportingClient(database, url, door, issuer), await find_filled(database)
    await database.close()


@pytest_asyncio.fixture(loop_scope="session")
async def reporting(standing: tuple[ReportingClient, Set[str]]) -> ReportingClient:
    reporting, held = standing
    await empty_tables(reporting.database, held)
    await reporting.hear_reference()
    await reporting.complete()
    return reporting


def _places() -> list[AreaChanged]:
    return [
        AreaChanged(
            version=1,
            country="SY",
            pcode=pcode,
            level=len(path) - 1,
            names=Names(en=f"Place {pcode}", ar=f"مكان {pcode}"),
            parent=path[-2] if len(path) > 1 else None,
            path=path,
        )
        for pcode, path in PATHS.items()
    ]


def _sectors() -> list[SectorChanged]:
    return [SectorChanged(version=1, code=code, names=Names(en=code), parent=up) for code, up in SECTORS.items()]


def _organisations() -> list[OrganisationChanged]:
    return [
        OrganisationChanged(
            version=1, id=id_of(name), names=Names(en=name), type_code="441", status=OrganisationStatus.VERIFIED
        )
        for name in ("Amal", "Bunyan", "Cedar", "UNX")
    ]
