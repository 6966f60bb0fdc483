"""What makes a row severe, whatever field says so; who may lower it, and what becomes of it until then."""

from typing import Any

import pytest
from activities.backfills.jobs import judge_next
from activities.reports.severity import meaning_of
from hypothesis import given
from hypothesis import strategies as st
from testkit.small_syria import IHSAN, VIOLET

from .conftest import ServiceClient, report
from .test_uploading import taken

SECRET = "severe"
OTHERS: list[tuple[str, dict[str, Any]]] = [
    ("member", {"organisation_id": IHSAN, "subject": "ihsan"}),
    ("hub", {"areas": ["SY07"]}),
    ("coordinator", {"sectors": ["PRO", "WSH"], "areas": ["SY07"], "subject": "pro"}),
]


async def stored(service: ServiceClient, row: dict[str, Any]) -> dict[str, Any]:
    answer = await service.post(row)
    assert answer.status_code == 200, answer.text
    [result] = answer.json()["results"]
    [kept] = await service.rows(
        "select id::text, sector, sensitivity, flags, version from report where id = $1::uuid", result["id"]
    )
    return dict(kept)


async def seen(service: ServiceClient, id: str) -> list[int]:
    answers = [
        await service.client.get(f"/v1/reports/{id}{path}", headers=service.bearer(role, **claims))
        for role, claims in OTHERS
        for path in ("", "/versions")
    ]
    return sorted({answer.status_code for answer in answers})


SAYINGS: list[tuple[dict[str, Any], str]] = [
    ({"sector": "PRO", "activity": "safe\u200bspaces"}, "PRO-GBV"),
    ({"sector": "PRO", "activity": "G.B.V./C.P. outreach"}, "PRO"),
    ({"sector": "PRO", "activity": "GBV2024"}, "PRO-GBV"),
    ({"sector": "HEA", "measured_outputs": {"rape_survivors": "3"}}, "HEA"),
    ({"sector": "PRO", "adm4_name": "Safe space, Azaz"}, "PRO"),
    ({"sector": "PRO", "activity": "عمالة الطفل"}, "PRO-CPN"),
    ({"sector": "Protection / GBV"}, "PRO-GBV"),
    ({"sector": "Protection - GBV"}, "PRO-GBV"),
    ({"sector": "Protection-GBV"}, "PRO-GBV"),
    ({"sector": "Protection (GBV)"}, "PRO-GBV"),
    ({"sector": "PRO, GBV"}, "PRO-GBV"),
    ({"sector": "Protection/CP"}, "PRO-CPN"),
    ({"sector": "Protection: Child Protection"}, "PRO-CPN"),
    ({"sector": "الحماية / العنف القائم على النوع الاجتماعي"}, "PRO-GBV"),
    ({"sector": "الحماية - حماية الطفل"}, "PRO-CPN"),
    ({"sector": "حماية الطفولة"}, "PRO-CPN"),
    ({"sector": "G.B.V"}, "PRO-GBV"),
    ({"sector": "Protection / G\u200bBV"}, "PRO-GBV"),
    ({"sector": "PRO", "sector_name": "GBV"}, "PRO-GBV"),
    ({"sector": "PRO", "sector_name": "Gender Based Violence"}, "PRO-GBV"),
    ({"sector": "Protection", "area_of_responsibility": "PRO-CPN"}, "PRO-CPN"),
    ({"sector": "PRO", "area_of_responsibility": "GBV AoR"}, "PRO-GBV"),
    ({"sector": "PRO", "activity": "GBV case management"}, "PRO-GBV"),
    ({"sector": "PRO", "activity": "إدارة حالات العنف القائم على النوع الاجتماعي"}, "PRO-GBV"),
    ({"sector": "PRO", "site_type": "women and girls safe space"}, "PRO-GBV"),
    ({"sector": "PRO", "site_type": "مساحة آمنة للنساء والفتيات"}, "PRO-GBV"),
    ({"sector": "PRO", "activity": "Prise en charge des VBG"}, "PRO-GBV"),
    ({"sector": "PRO", "activity": "Çocuk koruma vaka yönetimi"}, "PRO-CPN"),
    ({"sector": "PRO", "activity": "CP and GBV outreach"}, "PRO"),
    ({"sector": "PRO", "comments": "two survivors were referred"}, "PRO"),
    ({"sector": "PRO", "activity_description": "وللناجيات من العنف دعم نفسي"}, "PRO"),
    ({"sector": "WSH", "site_name": "Latrines of the women and girls' safe space"}, "WSH"),
    ({"sector": "EDU", "activity": "Support to unaccompanied children"}, "EDU"),
    ({"sector": "HEA", "activity": "Clinical management of rape"}, "HEA"),
]


@pytest.mark.parametrize(("said", "sector"), SAYINGS)
async def test_a_severe_meaning_is_found_wherever_it_stands(
    service: ServiceClient, said: dict[str, Any], sector: str
) -> None:
    kept = await stored(service, report(**said))
    assert (kept["sector"], kept["sensitivity"]) == (sector, "severe")
    assert await seen(service, kept["id"]) == [404]
    [event] = await service.events()
    assert event["sensitivity"] == "severe"
    own = await service.client.get(f"/v1/reports/{kept['id']}", headers=service.bearer("member"))
    assert (own.status_code, own.json()["sensitivity"]) == (200, "severe")


@pytest.mark.parametrize(
    "said",
    [
        {"sector": "WSH", "activity": "Water trucking to 12 schools"},
        {"sector": "WASH / المياه والإصحاح والنظافة"},
        {
            "sector": "SHL",
            "activity": "Tents for earthquake survivors, safe shelter",
            "comments": "توفير مأوى آمن للعائلات",
        },
        {"sector": "HEA", "activity": "IPV and measles vaccination"},
        {"sector": "WSH", "site_name": "CP 12", "comments": "drapes, grapes and therapists"},
        {"sector": "PRO", "activity": "Legal counselling on housing"},
        {"sector": "EDU", "activity": "تأهيل المدارس وتوزيع القرطاسية", "site_type": "مدرسة"},
        {"sector": "EDU", "activity": "Safe learning spaces"},
        {"sector": "FSC", "activity": "Rape seed oil, colza"},
    ],
)
async def test_ordinary_rows_stay_ordinary(service: ServiceClient, said: dict[str, Any]) -> None:
    assert (await stored(service, report(**said)))["sensitivity"] == "moderate"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"sector": "WSH", "sector_name": "Education"}, "sector_name"),
        ({"sector": "WASH / Education"}, "sector"),
        ({"sector": "WSH", "area_of_responsibility": "GBV"}, "sector"),
        ({"sector": "PRO-GBV", "area_of_responsibility": "Child Protection"}, "area_of_responsibility"),
    ],
)
async def test_two_sectors_that_are_not_one_in_the_other_are_refused_by_name(
    service: ServiceClient, said: dict[str, Any], field: str
) -> None:
    answer = await service.post([report(**said), report()])
    [refused, taken] = answer.json()["results"]
    [error] = refused["errors"]
    assert (error["code"], error["field"]) == ("sectors_disagree", field)
    assert taken["status"] == "created"


async def test_a_sender_says_higher_and_never_lower(service: ServiceClient) -> None:
    assert (await stored(service, report(sensitivity="high")))["sensitivity"] == "high"
    assert (await stored(service, report(sensitivity="severe")))["sensitivity"] == "severe"
    kept = await stored(service, report(sector="PRO", activity="GBV", sensitivity="moderate"))
    assert kept["sensitivity"] == "severe"
    assert "sensitivity_not_lowered" in kept["flags"]
    assert (await stored(service, report(sensitivity="low")))["sensitivity"] == "moderate"


async def test_a_high_row_is_seen_by_its_working_group_and_not_by_others(service: ServiceClient) -> None:
    kept = await stored(service, report(sensitivity="high"))
    member, hub, coordinator = [
        (await service.client.get(f"/v1/reports/{kept['id']}", headers=service.bearer(role, **claims))).status_code
        for role, claims in OTHERS
    ]
    assert (member, hub, coordinator) == (404, 404, 200)


async def test_what_is_sent_again_is_never_less_than_it_was(service: ServiceClient) -> None:
    kept = await stored(service, report(external_id="a", sensitivity="severe"))
    again = await stored(service, report(external_id="a", people={"total": 5}))
    assert (again["id"], again["version"], again["sensitivity"]) == (kept["id"], 2, "severe")
    assert [event["sensitivity"] for event in await service.events()] == ["severe", "severe"]


async def setting(service: ServiceClient, id: str, level: str, role: str, **claims: Any) -> Any:
    [row] = await service.rows("select version from report where id = $1::uuid", id)
    return await service.client.post(
        f"/v1/reports/{id}/sensitivity",
        json={"sensitivity": level, "reason": "Seen by the case workers"},
        headers={**service.bearer(role, **claims), "If-Match": f'"v{row["version"]}"', "Accept-Language": "en"},
    )


async def test_only_who_may_see_it_lowers_it_and_every_step_is_kept(service: ServiceClient) -> None:
    kept = await stored(service, report(external_id="a", sector="PRO", comments="survivors"))
    assert (await setting(service, kept["id"], "moderate", "member")).status_code == 403
    for role, claims in OTHERS[::2]:
        assert (await setting(service, kept["id"], "moderate", role, **claims)).status_code == 404
    lowered = await setting(service, kept["id"], "moderate", "secretariat")
    assert (lowered.status_code, lowered.json()["version"], lowered.json()["sensitivity"]) == (200, 2, "moderate")
    assert (await service.events())[-1]["sensitivity"] == "moderate"
    [entry] = await service.rows("select details from audit_entry where action = 'report.sensitivity'")
    assert (entry["details"]["from"], entry["details"]["to"]) == ("severe", "moderate")
    read = await service.client.get(f"/v1/reports/{kept['id']}", headers=service.bearer("hub", areas=["SY07"]))
    assert (read.status_code, read.json()["sensitivity_reason"], read.json()["comments"]) == (200, None, None)
    versions = await service.client.get(
        f"/v1/reports/{kept['id']}/versions", headers=service.bearer("hub", areas=["SY07"])
    )
    assert [one["version"] for one in versions.json()["items"]] == [2]  # the severe one stays severe
    # Unchanged it stays lowered; with other words that say the same it is judged anew.
    again = await stored(service, report(external_id="a", sector="PRO", comments="survivors"))
    assert (again["version"], again["sensitivity"]) == (2, "moderate")
    other = await stored(service, report(external_id="a", sector="PRO", comments="more survivors"))
    assert (other["version"], other["sensitivity"]) == (3, "severe")


async def test_an_owner_raises_and_its_own_reviewer_does_not_lower(service: ServiceClient) -> None:
    kept = await stored(service, report())
    raised = await setting(service, kept["id"], "high", "member")
    assert (raised.status_code, raised.json()["sensitivity"]) == (200, "high")
    same = await setting(service, kept["id"], "high", "member")
    assert (same.status_code, same.json()["code"]) == (403, "not_yours")
    group: dict[str, Any] = {"sectors": ["WSH"], "areas": ["SY07"]}
    own = await setting(service, kept["id"], "moderate", "coordinator", organisation_id=VIOLET, **group)
    assert (own.status_code, own.json()["code"]) == (403, "own_report")
    lowered = await setting(service, kept["id"], "moderate", "coordinator", subject="group", **group)
    assert (lowered.status_code, lowered.json()["sensitivity"]) == (200, "moderate")


FILE = "Sector,{heading},Sub-district,Month,Status,Girls\n"


@pytest.mark.parametrize(
    ("heading", "cell", "sector"),
    [
        ("AoR", "GBV", "PRO-GBV"),
        ("Sub-cluster", "Child Protection", "PRO-CPN"),
        ("مجال المسؤولية", "حماية الطفل", "PRO-CPN"),
        ("Sous-secteur", "VBG", "PRO-GBV"),
        ("Safe space", "Azaz Centre 3", "PRO"),
        ("GBV beneficiaries", "4", "PRO"),
        ("Thematic focus of the project", "services for GBV survivors", "PRO"),
        ("ملاحظات الفريق الداخلي", "مساحة آمنة", "PRO"),
    ],
)
async def test_a_column_of_a_file_says_it_understood_or_not(
    service: ServiceClient, heading: str, cell: str, sector: str
) -> None:
    text = FILE.format(heading=heading) + f"Protection,{cell},SY070302,2026-10,Completed,3\n"
    state = await taken(service, text, accept_ignored="true")
    assert (state["state"], state["counts"]["accepted"]) == ("done", 1), state
    [row] = await service.rows("select id::text, sector, sensitivity from report")
    assert (row["sector"], row["sensitivity"]) == (sector, "severe")
    assert await seen(service, row["id"]) == [404]


async def test_a_file_says_how_sensitive_its_rows_are(service: ServiceClient) -> None:
    text = "Sector,الحساسية,Sub-district,Month,Status\nWSH,سري للغاية,SY070302,2026-10,Completed\n"
    text += "WSH,,SY070302,2026-11,Completed\n"
    assert (await taken(service, text))["counts"]["accepted"] == 2
    rows = await service.rows("select sensitivity from report order by month")
    assert [row["sensitivity"] for row in rows] == ["severe", "moderate"]


async def test_what_was_taken_before_the_words_is_judged_by_them_once(service: ServiceClient) -> None:
    before = await stored(service, report(sector="WSH", comments="latrines"))
    lowered = await stored(service, report(sector="PRO", comments="survivors"))
    assert (await setting(service, lowered["id"], "moderate", "secretariat")).status_code == 200
    async with service.database.transaction() as tx:
        await tx.execute("update report set comments = 'latrines of a safe space' where id = $1::uuid", before["id"])
        await tx.execute("delete from judging")
    while await service.database.run(judge_next):
        continue
    rows = await service.rows("select id::text, sensitivity, version, flags from report")
    found = {row["id"]: row for row in rows}
    assert (found[before["id"]]["sensitivity"], found[before["id"]]["version"]) == ("severe", 2)
    assert "severe_by_meaning" in found[before["id"]]["flags"]
    assert found[lowered["id"]]["sensitivity"] == "moderate"
    assert (await service.events())[-1]["sensitivity"] == "severe"
    assert await seen(service, before["id"]) == [404]


@given(st.sampled_from(["gbv", "GBV", "العنف الجنسي", "child protection", "VBG", "çocuk koruma"]), st.text(), st.text())
def test_words_are_found_between_any_others(word: str, before: str, after: str) -> None:
    assert meaning_of([f"{before} , {word} , {after}"], protection=False).severe


@given(st.text(alphabet="abcdefgبتثجح", min_size=1), st.text(alphabet="xyz", min_size=1))
def test_words_within_words_are_not_found(before: str, after: str) -> None:
    assert not meaning_of([f"{before}gbv{after}", f"gbv{after}"], protection=True).severe


async def test_who_lowers_says_which_version_they_read(service: ServiceClient) -> None:
    kept = await stored(service, report(external_id="a", sector="PRO", comments="survivors"))
    lower = {"sensitivity": "moderate", "reason": "Seen by the case workers"}
    headers = {**service.bearer("secretariat"), "If-Match": "*"}
    blind = await service.client.post(f"/v1/reports/{kept['id']}/sensitivity", json=lower, headers=headers)
    assert (blind.status_code, blind.json()["code"]) == (412, "version_mismatch")
