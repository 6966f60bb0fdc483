"""A small Syria as the registry announces it, and a service that has heard of it, open to requests."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import httpx2
from contracts.areas import AreaChanged
from contracts.codes import IndicatorChanged, ScopeChanged, SectorChanged
from contracts.organisations import OrganisationChanged, OrganisationStatus
from contracts.values import Names
from database import Database
from runtime.access import Role
from runtime.service import Service

from testkit.horizon import caught_up
from testkit.service_clients import open_service_client
from testkit.services import Migrated
from testkit.trust import TestIssuer

VIOLET = UUID("00000000-0000-7000-8000-000000000001")
IHSAN = UUID("00000000-0000-7000-8000-000000000002")
APPLIED = UUID("00000000-0000-7000-8000-000000000003")

AREAS: Sequence[tuple[str, str, str, str | None]] = (
    ("SY", "Syria", "سوريا", None),
    ("SY02", "Aleppo", "حلب", "SY"),
    ("SY0200", "Jebel Saman", "جبل سمعان", "SY02"),
    ("SY020000", "Jebel Saman", "مركز جبل سمعان", "SY0200"),
    ("SY0204", "Afrin", "عفرين", "SY02"),
    ("SY020400", "Afrin", "مركز عفرين", "SY0204"),
    ("SY07", "Idleb", "إدلب", "SY"),
    ("SY0700", "Idleb", "إدلب", "SY07"),
    ("SY070000", "Idleb", "مركز إدلب", "SY0700"),
    ("SY0703", "Harim", "حارم", "SY07"),
    ("SY070302", "Dana", "الدانا", "SY0703"),
    ("C4126", "Atma", "أطمة", "SY070302"),
)
SECTORS: Sequence[tuple[str, str, str, tuple[str, ...], str | None]] = (
    ("WSH", "Water Sanitation Hygiene", "المياه والإصحاح والنظافة", ("WASH", "Water, Sanitation & Hygiene"), None),
    ("SHL", "Emergency Shelter and NFI", "المأوى والمواد غير الغذائية", ("ESNFI",), None),
    ("PRO", "Protection", "الحماية", (), None),
    ("PRO-GBV", "Gender Based Violence", "العنف القائم على النوع", (), "PRO"),
    ("PRO-CPN", "Child Protection", "حماية الطفل", (), "PRO"),
    ("EDU", "Education", "التعليم", ("EiE", "Education in Emergencies"), None),
    ("HEA", "Health", "الصحة", (), None),
    ("NUT", "Nutrition", "التغذية", (), None),
    ("FSC", "Food Security", "الأمن الغذائي", ("FSAC", "Food Security & Agriculture"), None),
)
WORKING_GROUPS = frozenset({"WSH", "SHL", "PRO", "EDU"})


def paths() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for pcode, _, _, parent in AREAS:
        found[pcode] = (*(found[parent] if parent else ()), pcode)
    return found


def area_events() -> list[AreaChanged]:
    path = paths()
    return [
        AreaChanged(
            version=1,
            country="SY",
            pcode=pcode,
            level=len(path[pcode]) - 1,
            names=Names(en=en, ar=ar),
            aliases=("Idlib",) if pcode == "SY07" else (),
            parent=parent,
            path=path[pcode],
        )
        for pcode, en, ar, parent in AREAS
    ]


def organisation(id: UUID, en: str, ar: str, acronym: str, status: str = "verified") -> OrganisationChanged:
    return OrganisationChanged(
        version=1,
        id=id,
        names=Names(en=en, ar=ar),
        acronyms=Names(en=acronym),
        type_code="441",
        status=OrganisationStatus(status),
    )


def scope(code: str, area: str, active_from: date | None, version: int = 1) -> ScopeChanged:
    return ScopeChanged(
        version=version, code=code, names=Names(en=code), country="SY", areas=(area,), active_from=active_from
    )


def registry() -> list[Any]:
    return [
        *area_events(),
        *(
            SectorChanged(
                version=1,
                code=code,
                names=Names(en=en, ar=ar),
                aliases=aliases,
                parent=parent,
                has_working_group=code in WORKING_GROUPS,
            )
            for code, en, ar, aliases, parent in SECTORS
        ),
        IndicatorChanged(version=1, code="wsh_ind_1", sector="WSH", names=Names(en="People with water"), unit="people"),
        IndicatorChanged(version=1, code="wsh_ind_2", sector="WSH", names=Names(en="Latrines"), unit="latrines"),
        IndicatorChanged(version=1, code="pro_ind_1", sector="PRO", names=Names(en="People heard"), unit="people"),
        IndicatorChanged(version=1, code="edu_ind_1", sector="EDU", names=Names(en="Pupils"), unit="people"),
        organisation(VIOLET, "Violet Organization", "منظمة بنفسج", "VO"),
        organisation(IHSAN, "Ihsan Relief", "إحسان للإغاثة", "IRD"),
        organisation(APPLIED, "New Hope", "أمل جديد", "NH", "applied"),
        scope("idlib", "SY07", date(2020, 1, 1)),
        scope("aleppo", "SY02", None),
    ]


@dataclass
class OpenService:
    """A service as partners meet it, with its database beside it."""

    client: httpx2.AsyncClient
    database: Database
    issuer: TestIssuer
    url: str
    service: Service

    def bearer(self, role: Role | str = "member", **claims: Any) -> dict[str, str]:
        if role == "member":
            claims = {"organisation_id": VIOLET, "subject": "violet-system", **claims}
        return self.issuer.bearer(role, **{"subject": f"{role}-client", **claims})

    async def announce(self, *events: Any) -> None:
        await announce(self.service, self.database, *events)

    async def rows(self, query: str, *arguments: Any) -> list[Mapping[str, Any]]:
        async with self.database.connection() as connection:
            return [dict(row) for row in await connection.fetch(query, *arguments)]

    async def caught_up(self) -> None:
        await caught_up(self.database)


Opened = TypeVar("Opened", bound=OpenService)


async def announce(service: Service, database: Database, *events: Any) -> None:
    """As the consumer would hand them over."""
    async with database.transaction() as tx:
        for kind, handler in service.projection.handlers.items():
            if of_kind := [event for event in events if isinstance(event, kind)]:
                await handler(tx, of_kind)


@asynccontextmanager
async def opened(url: str, issuer: TestIssuer, service: Service, kind: type[Opened]) -> AsyncIterator[Opened]:
    database = await Database.connect(url, application="tests", largest=6)
    try:
        async with open_service_client(service, url, issuer) as client:
            yield kind(client, database, issuer, url, service)
    finally:
        await database.close()


async def announced(migrated: Migrated, service: Service) -> str:
    """URL of a migrated database that has heard of the small Syria."""
    url = await migrated(service)
    database = await Database.connect(url, application="tests")
    await announce(service, database, *registry())
    await database.close()
    return url
