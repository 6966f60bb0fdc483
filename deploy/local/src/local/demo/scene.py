"""Who and where of the demo: the sub-districts, the partners and the coordinators, made through the one door."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager

from client import Credentials, Tansiq
from contracts.areas import Area
from contracts.codes import Indicator
from contracts.values import Names

from local.demo.concurrency import together
from local.demo.names import SampleOrganisation, sample_organisations
from local.demo.partners import Partner, known_samples, make_client, new_client, register
from local.demo.sample import GOVERNORATES, SECTORS, SampleReference, SampleReport, Size, SubDistrict, sample_reports

GOVERNORATE, SUB_DISTRICT = 1, 3


async def reference_of(secretariat: Tansiq) -> SampleReference:
    """Sub-districts of Aleppo and Idlib and the indicators that count people, as the registry lists them."""
    governorates = {area.pcode: area.names async for area in _areas(secretariat, GOVERNORATE)}
    areas = [
        _sub_district(area, governorates[governorate])
        for governorate in GOVERNORATES
        async for area in _areas(secretariat, SUB_DISTRICT, within=governorate)
    ]
    indicators: dict[str, list[str]] = defaultdict(list)
    async for indicator in secretariat.lists.of(Indicator):
        if indicator.unit == "people" and indicator.sector in SECTORS:
            indicators[indicator.sector].append(indicator.code)
    return SampleReference(
        sorted(areas, key=lambda area: area.pcode), {sector: sorted(codes) for sector, codes in indicators.items()}
    )


def _areas(secretariat: Tansiq, level: int, **within: str) -> AsyncIterator[Area]:
    return secretariat.lists.of(Area, country="SY", level=level, **within)


def _sub_district(area: Area, governorate: Names) -> SubDistrict:
    # Its COD has both names, and where it lies.
    assert governorate.en
    assert governorate.ar
    assert area.latitude is not None
    assert area.longitude is not None
    return SubDistrict(area.pcode, (governorate.en, governorate.ar), area.latitude, area.longitude)


def sample_by_organisation(size: Size, reference: SampleReference) -> dict[int, list[SampleReport]]:
    reports: dict[int, list[SampleReport]] = defaultdict(list)
    for report in sample_reports(size, reference):
        reports[report.organisation.number].append(report)
    return reports


@asynccontextmanager
async def partners_of(secretariat: Tansiq, url: str, size: Size) -> AsyncIterator[list[Partner]]:
    """Every organisation of the sample, verified and with a client; the clients are for this run only."""
    known = await known_samples(secretariat)

    async def partner(organisation: SampleOrganisation) -> Partner:
        id = await register(secretariat, organisation, known, GOVERNORATES)
        return await make_client(secretariat, url, organisation, id)

    partners = await together(partner, sample_organisations(size.organisations, SECTORS))
    try:
        yield partners
    finally:
        await _revoke(secretariat, [partner.credentials for partner in partners])


@asynccontextmanager
async def coordinators_of(secretariat: Tansiq, url: str) -> AsyncIterator[dict[str, Credentials]]:
    """A coordinator of each of the four working groups of Aleppo and Idlib, by sector, for this run only."""
    made = {}
    for sector in SECTORS:
        new = {"name": f"{sector} coordinator: demo", "role": "coordinator", "sectors": [sector]}
        made[sector] = await new_client(secretariat, url, {**new, "areas": list(GOVERNORATES)})
    try:
        yield made
    finally:
        await _revoke(secretariat, made.values())


async def _revoke(secretariat: Tansiq, credentials: Iterable[Credentials]) -> None:
    await together(secretariat.clients.revoke, [each.client_id for each in credentials])


def in_order(reports: Mapping[int, Sequence[SampleReport]]) -> list[SampleReport]:
    """All of them in one list."""
    return [report for each in reports.values() for report in each]
