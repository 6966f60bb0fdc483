"""Areas whose countries skip a level: others see none finer than the sub-district, by each area's own level."""

from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest
import pytest_asyncio
from activities.backfills.jobs import tell_next
from activities.main import SERVICE
from activities.reports.columns import COLUMNS
from contracts.areas import AreaChanged
from contracts.values import Names
from testkit.small_syria import IHSAN, VIOLET

from .conftest import ServiceClient, as_heard, report

# P-code, level, parent: settlements right under a district, a governorate and the country, and areas between.
TREE = (
    ("SY09", 1, "SY"),
    ("SY0900", 2, "SY09"),
    ("C9001", 4, "SY0900"),
    ("C9002", 4, "SY09"),
    ("C9003", 4, "SY"),
    ("SY091100", 3, "SY09"),
    ("C9004", 4, "SY091100"),
    ("SY0999", 2, "SY"),
    ("SY099900", 3, "SY0999"),
    ("C9005", 4, "SY099900"),
    ("C9006", 5, "SY0900"),
)
SHOWN = {
    "C9001": ("SY", "SY09", "SY0900"),
    "C9002": ("SY", "SY09"),
    "C9003": ("SY",),
    "C9004": ("SY", "SY09", "SY091100"),
    "C9005": ("SY", "SY0999", "SY099900"),
    "C9006": ("SY", "SY09", "SY0900"),
}
ADM = {
    "C9001": ("SY09", "SY0900", None),
    "C9002": ("SY09", None, None),
    "C9003": (None, None, None),
    "C9004": ("SY09", None, "SY091100"),
    "C9005": (None, "SY0999", "SY099900"),
    "C9006": ("SY09", "SY0900", None),
}
OTHERS: list[tuple[str, dict[str, Any]]] = [
    ("member", {"organisation_id": IHSAN}),
    ("hub", {"areas": ["SY"]}),
    ("coordinator", {"sectors": ["SHL"]}),
]


@pytest_asyncio.fixture(autouse=True)
async def skipping(service: ServiceClient) -> AsyncIterator[None]:
    """The tree, in the database all tests share."""
    await service.announce(*skipping_areas())
    yield
    await service.rows("delete from area where pcode = any($1::text[])", [pcode for pcode, _, _ in TREE])


def skipping_areas() -> list[AreaChanged]:
    paths: dict[str, tuple[str, ...]] = {"SY": ("SY",)}
    for pcode, _, parent in TREE:
        paths[pcode] = (*paths[parent], pcode)
    return [
        AreaChanged(
            version=1, country="SY", pcode=pcode, level=level, names=Names(en=pcode), parent=parent, path=paths[pcode]
        )
        for pcode, level, parent in TREE
    ]


@pytest.mark.parametrize("area", SHOWN)
async def test_a_settlement_is_no_sub_district_wherever_it_lies(service: ServiceClient, area: str) -> None:
    [sent] = (await service.post(report(area=area))).json()["results"]
    await service.post(report(area=area, external_id="again"))
    for role, claims in OTHERS:
        headers = service.bearer(role, **claims)
        query = {"columns": list(COLUMNS), "filter": {}, "first": 10}
        answers = [
            await service.client.get("/v1/reports", headers=headers),
            await service.client.get(f"/v1/reports/{sent['id']}", headers=headers),
            await service.client.get(f"/v1/reports/{sent['id']}/versions", headers=headers),
            await service.client.post("/internal/reports/query", json=query, headers=headers),
        ]
        assert [answer.status_code for answer in answers] == [200] * 4
        assert [area in answer.text for answer in answers] == [False] * 4, (role, area)
        row = answers[1].json()
        assert (tuple(row["area_path"]), row["area"]) == (SHOWN[area], SHOWN[area][-1])
        assert tuple(row[f"adm{level}"] for level in (1, 2, 3)) == ADM[area]
    own = (await service.client.get(f"/v1/reports/{sent['id']}", headers=service.bearer())).json()
    assert (own["area"], own["area_path"]) == (area, [*SHOWN[area], area])


@pytest.mark.parametrize("area", SHOWN)
async def test_topics_hold_no_settlement_and_each_areas_level(service: ServiceClient, area: str) -> None:
    await service.post(report(area=area))
    [event] = await service.events()
    assert area not in orjson.dumps(event).decode()
    levels = {"SY": 0, **{pcode: level for pcode, level, _ in TREE}}
    assert (tuple(event["area_path"]), event["area"]) == (SHOWN[area], SHOWN[area][-1])
    assert event["area_levels"] == [levels[pcode] for pcode in SHOWN[area]]


@pytest.mark.parametrize("area", SHOWN)
async def test_filters_scopes_and_reviews_go_by_the_level(service: ServiceClient, area: str) -> None:
    [sent] = (await service.post(report(area=area, sector="WSH"))).json()["results"]

    async def found(role: str, claims: dict[str, Any], **filters: Any) -> list[str]:
        answer = await service.client.get("/v1/reports", params=filters, headers=service.bearer(role, **claims))
        assert answer.status_code == 200, answer.text
        return [row["id"] for row in answer.json()["items"]]

    for pcode, _, _ in TREE:
        inside = [sent["id"]] if pcode in SHOWN[area] else []
        assert await found("member", {"organisation_id": IHSAN}, area=pcode) == inside, pcode
        assert await found("hub", {"areas": [pcode]}) == ([sent["id"]] if pcode in (*SHOWN[area], area) else []), pcode
        own = [sent["id"]] if pcode in (*SHOWN[area], area) else []
        assert await found("member", {"organisation_id": VIOLET}, area=pcode) == own, pcode
        scope = {"sectors": ["WSH"], "areas": [pcode]}
        assert await found("coordinator", scope, reviewable=True) == own, pcode


@pytest.mark.parametrize(
    "named",
    [
        {"adm3": "SY091100", "adm2_name": "nowhere"},
        {"adm4": "C9001", "adm3_name": "nowhere", "adm2": "SY0900", "adm1": "SY09"},
        {"adm4_name": "C9002", "adm3_name": "nowhere", "adm2_name": "nowhere", "adm1": "SY09"},
        {"adm4": "C9003", "adm1_name": "nowhere"},
    ],
)
async def test_what_is_said_of_a_level_that_is_skipped_is_no_fault_of_ours(
    service: ServiceClient, named: dict[str, str]
) -> None:
    row = {name: value for name, value in report().items() if name != "area"}
    answer = await service.post({**row, **named})
    assert answer.status_code in (200, 422), answer.text
    if answer.status_code == 200:
        assert "area_name_differs" in answer.json()["results"][0]["flags"]


async def test_what_was_told_wrongly_is_told_again(service: ServiceClient) -> None:
    """As the migration leaves it: the row has its levels, and waits to be told."""
    [sent] = (await service.post(report(area="C9001", sector="FSC"))).json()["results"]
    [kept] = (await service.post(report(area="SY020000"))).json()["results"]
    await service.rows("update report set area_levels = null, adm3 = 'C9001' where area = 'C9001'")
    async with service.database.transaction() as tx:
        await tx.execute(MENDING)
    assert await service.database.run(tell_next) == 1
    assert await service.database.run(tell_next) == 0
    told = [as_heard(row["payload"]) for row in await service.rows(TOLD, sent["id"])]
    assert [(event["version"], event["area"], event["area_levels"]) for event in told] == [
        (1, "SY0900", [0, 1, 2]), (2, "SY0900", [0, 1, 2])
    ]  # fmt: skip
    assert len(await service.rows(TOLD, kept["id"])) == 1
    versions = await service.client.get(
        f"/v1/reports/{sent['id']}/versions", headers=service.bearer("member", organisation_id=IHSAN)
    )
    assert (len(versions.json()["items"]), "C9001" in versions.text) == (2, False)


MENDING = (SERVICE.folder / "migrations" / "0139_levels.sql").read_text().partition("create table")[2].partition(";")[2]
"""What the migration does with the rows there are."""
TOLD = "select payload from event where aggregateid = $1 order by number"
