"""One name in two spellings is one name, also where it was kept before names folded as they do now."""

from typing import Any
from uuid import UUID, uuid5

import pytest
from activities.backfills.jobs import identify_next, key_next
from activities.main import SERVICE
from activities.reports.domain import PROVIDERS, provider_id
from contracts.areas import AreaChanged
from contracts.organisations import OrganisationChanged, PartnerCode
from contracts.values import Names
from testkit.service_clients import settings_of
from testkit.small_syria import VIOLET, organisation

from .conftest import ServiceClient, report
from .test_uploading import taken
from .test_withdrawing import tell

DARA = AreaChanged(
    version=1, country="SY", pcode="SY12", level=1, names=Names(en="Dar'a"), parent="SY", path=("SY", "SY12")
)
PURSE = organisation(UUID(int=77), "Samaritan's Purse & Friends", "أصدقاء", "SPF")
NAME, OLD = "Dar'a Relief", uuid5(PROVIDERS, "|dar a relief")
"""A name, and the id that followed from it while its apostrophe parted two words."""


@pytest.mark.parametrize("name", ["Dar'a", "Dar’a", "Dara", "DARʿA", "dar`a", "Dar\u02bca"])
async def test_a_place_is_known_with_and_without_its_apostrophe(service: ServiceClient, name: str) -> None:
    await service.announce(DARA)
    answer = await service.post(report(area=None, adm1=name))
    assert [result["errors"] for result in answer.json()["results"]] == [[]]
    assert [row["area"] for row in await service.rows("select area from report")] == ["SY12"]


@pytest.mark.parametrize(
    "name", ["Samaritan's Purse & Friends", "Samaritans Purse and Friends", "SAMARITAN’S PURSE＆FRIENDS"]
)
async def test_an_organisation_is_known_in_each_of_its_spellings(service: ServiceClient, name: str) -> None:
    await service.announce(PURSE)
    await service.post(report(organisation=name), role="secretariat")
    assert [row["organisation_id"] for row in await service.rows("select organisation_id from report")] == [PURSE.id]


async def keep_as_before(service: ServiceClient) -> None:
    """Keep its reports as they were before names folded as they do now."""
    old, new = OLD, provider_id(None, NAME)
    async with service.database.transaction() as tx:
        await tx.execute("truncate provider_rekeying")
        await tx.execute("update provider_organisation set id = $1 where id = $2", old, new)
        for table in ("report", "report_version"):
            await tx.execute(f"update {table} set organisation_id = $1 where organisation_id = $2", old, new)
        await tx.execute("update report set implementer_id = $1 where implementer_id = $2", old, new)


async def mended(service: ServiceClient) -> None:
    while await service.database.run(identify_next):
        continue


async def test_reports_of_a_name_nobody_resolved_move_with_its_id(service: ServiceClient) -> None:
    named, unnamed = report(organisation=NAME), report(organisation=NAME, external_id=None)
    sent = (await service.post([named, unnamed], role="secretariat")).json()["results"]
    await service.post({**named, "people": {"total": 5}}, role="secretariat")
    await service.post(report(implementing_organisation=NAME))
    await keep_as_before(service)
    told = len(await service.events())
    await mended(service)

    id = provider_id(None, "Dara Relief")
    found = await service.rows("select organisation_id, implementer_id from report")
    assert sorted(map(str, (tuple(row.values()) for row in found))) == sorted(
        map(str, [(id, None), (id, None), (VIOLET, id)])
    )
    assert {row["organisation_id"] for row in await service.rows("select organisation_id from report_version")} >= {id}
    assert len(await service.events()) == told + 3, "the others are told, each once"
    # Sent again, in another spelling, they are the reports that stand.
    again = [{**each, "organisation": "Dara relief"} for each in (named, unnamed)]
    results = (await service.post(again, role="secretariat")).json()["results"]
    assert [result["id"] for result in results] == [result["id"] for result in sent]
    assert len(await service.rows("select from report")) == 3


async def test_where_both_spellings_have_a_report_of_one_id_neither_is_lost(service: ServiceClient) -> None:
    row = report(organisation=NAME)
    await service.post(row, role="secretariat")
    await keep_as_before(service)
    await service.post({**row, "organisation": "Dara Relief"}, role="secretariat")
    await mended(service)
    kept = {each["organisation_id"] for each in await service.rows("select organisation_id from report")}
    assert kept == {OLD, provider_id(None, "Dara Relief")}
    assert await service.database.run(identify_next) == 0


async def test_sites_are_keyed_by_the_names_as_they_fold_now(service: ServiceClient) -> None:
    await service.post([report(site_name=name) for name in ("Sa'sa' camp", "Sasa camp")])
    async with service.database.transaction() as tx:
        await tx.execute("truncate rekeying")
        await tx.execute("update report set unit_key = site_name")
    secret = settings_of(SERVICE, service.url).unit_key.get_secret_value().encode()
    while await service.database.run(lambda tx: key_next(tx, secret)):
        continue
    assert len(await service.rows("select distinct unit_key from report")) == 1


async def keep_as_folded_before(service: ServiceClient) -> None:
    """Keep what follows from names as it was before they folded as they do now."""
    async with service.database.transaction() as tx:
        await tx.execute("truncate rekeying")
        await tx.execute("update report set unit_key = 'older', content = 'older'")
        await tx.execute(
            "update report_version set row = row || jsonb_build_object('unit_key', 'older', 'content', '\\x00',"
            " 'implementer_id', $1::uuid)",
            OLD,
        )


async def keyed(service: ServiceClient) -> None:
    secret = settings_of(SERVICE, service.url).unit_key.get_secret_value().encode()
    while await service.database.run(lambda tx: key_next(tx, secret)):
        continue


async def test_a_report_is_found_by_what_it_says_as_names_fold_now(service: ServiceClient) -> None:
    named, unnamed = report(site_name="Sa'sa' camp"), report(external_id=None, site_name="Dar'a camp", month="2026-01")
    first = [result["id"] for result in (await service.post([named, unnamed])).json()["results"]]
    await tell(service, f"/v1/reports/{first[1]}/withdraw", reason="sent too early")
    await keep_as_folded_before(service)
    await keyed(service)
    again = (await service.post([{**named, "external_id": None}, unnamed])).json()["results"]
    assert [result["id"] for result in again] == first, "one with an id, and one that was withdrawn"


async def test_a_report_goes_back_to_what_it_said_in_names_as_they_fold_now(service: ServiceClient) -> None:
    head = "External ID,Sector,P-code,Month,Status,Site name,Implementing partner,Total\n"
    row = f"a,WSH,SY070302,2026-02,Completed,Sa'sa' camp,{NAME},"
    await taken(service, head + row + "5\n")
    [before] = await service.rows("select unit_key, content, implementer_id from report")
    file = await taken(service, head + row + "50\n")
    await keep_as_folded_before(service)
    await keyed(service)
    answer = await tell(service, f"/v1/uploads/{file['id']}/withdraw", match=None, reason="a mistake")
    assert answer.status_code == 200
    assert await service.rows("select unit_key, content, implementer_id from report") == [before]


def coded(id: UUID, name: str, *codes: tuple[str, str]) -> OrganisationChanged:
    plain = organisation(id, name, f"منظمة {name}", name[:2])
    return plain.model_copy(update={"partner_codes": tuple(PartnerCode(issuer=at, code=code) for at, code in codes)})


CODED = (
    coded(UUID(int=81), "Harbour", ("WSH", "1042"), ("SHL", "7")),
    coded(UUID(int=82), "Orchard", ("EDU", "1042"), ("SHL", "S-9")),
)


@pytest.mark.parametrize(
    ("sector", "code", "meant"),
    [
        ("WSH", "1042", UUID(int=81)),
        ("WASH", "١٠٤٢", UUID(int=81)),
        ("EDU", "1042", UUID(int=82)),
        ("EDU", "7", UUID(int=81)),  # of another cluster, and nobody else's
        ("FSC", "s-9", UUID(int=82)),
        ("FSC", "1042", None),  # of two, of whom neither is meant more
        ("WSH", "104", None),
    ],
)
async def test_an_organisation_is_known_by_the_code_of_a_cluster(
    service: ServiceClient, sector: str, code: str, meant: UUID | None
) -> None:
    await service.announce(*CODED)
    for field in ("organisation", "organisation_acronym"):
        row = {name: value for name, value in report(sector=sector, indicator=None).items() if name != "organisation"}
        answer = await service.post({**row, field: code}, role="secretariat")
        assert answer.status_code == 200, answer.text
    kept = await service.rows("select organisation_id, organisation_resolved from report")
    assert {row["organisation_resolved"] for row in kept} == {meant is not None}
    assert meant is None or {row["organisation_id"] for row in kept} == {meant}


async def test_a_merged_organisation_sends_and_is_found_under_both_ids(service: ServiceClient) -> None:
    old, new = UUID(int=91), UUID(int=92)
    twins = [organisation(id, "Twin", "توأم", "TW") for id in (old, new)]
    await service.announce(*twins)
    merged = twins[0].model_copy(update={"version": 2, "merged_into": new})
    await service.announce(merged)
    claims: dict[str, Any] = {"organisation_id": old, "same_organisations": [str(old), str(new)]}
    rows = [report(external_id="1", organisation_id=str(new)), report(external_id="2", organisation="Twin")]
    sent = await service.post(rows, **claims)
    assert sent.status_code == 200, sent.text
    assert {row["organisation_id"] for row in await service.rows("select organisation_id from report")} == {old}
    await service.post(report(external_id="3", organisation="Twin"), role="secretariat")
    kept = await service.rows("select organisation_id from report where external_id = '3'")
    assert [row["organisation_id"] for row in kept] == [new], "two of one name are one now"
    for asked in (old, new):
        answer = await service.client.get(
            "/v1/reports", params={"organisation_id": str(asked)}, headers=service.bearer("secretariat")
        )
        assert len(answer.json()["items"]) == 3
