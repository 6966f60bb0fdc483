"""Organisations: apply, read, list, change, verify, suspend."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from .conftest import APPLICATION, CONTACT, MEMBER, OTHER, RegistryClient

TOPIC = "registry.organisations"


async def test_public_applicant_learns_id_and_status_only(registry: RegistryClient) -> None:
    answer = await registry.ask("public", "POST", "/v1/organisations", {**APPLICATION, "contacts": [CONTACT]})
    assert answer.status_code == 201
    assert set(answer.json()) == {"id", "status"}
    assert answer.json()["status"] == "applied"
    id = answer.json()["id"]
    assert answer.headers["location"] == f"/v1/organisations/{id}"
    [row] = await registry.rows("select * from organisation where id = $1", id)
    assert (row["version"], row["status"], row["names"]) == (1, "applied", APPLICATION["names"])
    [event] = await registry.events(TOPIC, id)
    assert (event["version"], event["status"], event["sectors"]) == (1, "applied", ["WSH", "PRO-CPN"])
    [entry] = await registry.rows("select * from audit_entry where object = $1", f"organisation:{id}")
    assert (entry["subject"], entry["action"]) == ("anonymous", "organisation.apply")


BROKEN: list[tuple[dict[str, Any], str, str]] = [
    ({"names": {}}, "missing", "names"),
    ({"names": {"ar": " "}}, "text_too_short", "names.ar"),
    ({"names": {"en": "a\0b"}}, "invalid_text", "names.en"),
    ({"names": {"en": "x" * 100_000}}, "text_too_long", "names.en"),
    ({"names": {"fr": "Secours"}}, "unknown_field", "names.fr"),
    ({"type_code": "999"}, "unknown_organisation_type", "type_code"),
    ({"type_code": "NGO"}, "wrong_form", "type_code"),
    ({"sectors": ["WSH", "XYZ"]}, "unknown_sector", "sectors"),
    ({"areas": ["SY99"]}, "unknown_area", "areas"),
    ({"areas": ["SY"]}, "unknown_area", "areas"),
    ({"external_ids": {"other": "1"}}, "not_a_choice", "external_ids.other.[key]"),
    ({"contacts": [{"name": "A", "email": "no address"}]}, "wrong_form", "contacts.0.email"),
    ({"contacts": [{"name": "A", "email": "a\0b@people.example"}]}, "invalid_text", "contacts.0.email"),
    ({"names": {"en": "\u200b\u2060\U000e0041"}}, "text_too_short", "names.en"),
    ({"status": "verified"}, "unknown_field", "status"),
]


@pytest.mark.parametrize(("fields", "code", "field"), BROKEN)
async def test_faulty_application_is_refused_with_its_field(
    shared_registry: RegistryClient, fields: dict[str, Any], code: str, field: str
) -> None:
    answer = await shared_registry.ask("public", "POST", "/v1/organisations", {**APPLICATION, **fields})
    assert answer.status_code == 422, answer.text
    assert (answer.json()["errors"][0]["code"], answer.json()["errors"][0]["field"]) == (code, field)
    assert await shared_registry.rows("select from organisation where type_code = '999' or 'XYZ' = any(sectors)") == []


async def test_reasons_come_in_arabic_unless_english_is_preferred(shared_registry: RegistryClient) -> None:
    body = {**APPLICATION, "type_code": "999"}
    answer = await shared_registry.ask("public", "POST", "/v1/organisations", body, headers={"Accept-Language": "ar"})
    assert answer.json()["errors"][0]["detail"] == "لا يوجد نوع منظمة معروف بهذا الرمز: 999."


async def test_same_key_and_body_is_one_application(registry: RegistryClient) -> None:
    headers = {"Idempotency-Key": "apply-1"}
    first = await registry.ask("public", "POST", "/v1/organisations", APPLICATION, headers=headers)
    again = await registry.ask("public", "POST", "/v1/organisations", APPLICATION, headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["location"] == first.headers["location"]
    assert len(await registry.events(TOPIC, first.json()["id"])) == 1
    stranger = await registry.ask(
        "public", "POST", "/v1/organisations", {**APPLICATION, "aliases": []}, headers=headers
    )
    assert (stranger.status_code, stranger.json() == first.json()) == (201, False), "nobody can tell the two apart"


async def test_etag_names_the_version_and_a_change_needs_it(registry: RegistryClient) -> None:
    path = f"/v1/organisations/{MEMBER}"
    read = await registry.ask("member", "GET", path)
    assert read.headers["etag"].startswith('"v1-')
    change = {"names": {"ar": "اسم جديد"}, "sectors": ["EDU"]}
    assert (await registry.ask("member", "PATCH", path, change)).status_code == 428
    changed = await registry.ask("member", "PATCH", path, change, headers={"If-Match": '"v1"'})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"v2"')
    assert changed.json()["names"] == {"ar": "اسم جديد"}
    assert changed.json()["acronyms"] == {"en": "SMO"}
    stale = await registry.ask("member", "PATCH", path, change, headers={"If-Match": '"v1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "version_mismatch")
    [_, event] = await registry.events(TOPIC, MEMBER)
    assert (event["version"], event["names"]["ar"], event["names"]["en"], event["sectors"]) == (
        2,
        "اسم جديد",
        None,
        ["EDU"],
    )


@pytest.mark.parametrize("if_match", ['W/"v1"', "v1", '"1"', '"v9"', '"v' + "9" * 40 + '"', "\xff"])
async def test_what_is_not_the_present_etag_matches_nothing(shared_registry: RegistryClient, if_match: str) -> None:
    answer = await shared_registry.client.request(
        "PATCH",
        f"/v1/organisations/{MEMBER}",
        json={"aliases": ["X"]},
        headers={
            **{name.encode(): value.encode() for name, value in shared_registry.bearer("member").items()},
            b"If-Match": if_match.encode("latin-1"),
        },
    )
    assert answer.status_code == 412


async def test_change_that_changes_nothing_is_no_new_version(registry: RegistryClient) -> None:
    path = f"/v1/organisations/{MEMBER}"
    answer = await registry.ask("member", "PATCH", path, {"acronyms": {"en": "SMO"}}, headers={"If-Match": '"v1"'})
    assert (answer.status_code, answer.headers["etag"]) == (200, '"v1"')
    assert len(await registry.events(TOPIC, MEMBER)) == 1


async def test_of_changes_made_at_once_one_wins(registry: RegistryClient) -> None:
    path = f"/v1/organisations/{MEMBER}"
    answers = await asyncio.gather(
        *(
            registry.ask("member", "PATCH", path, {"aliases": [f"Name {number}"]}, headers={"If-Match": '"v1"'})
            for number in range(6)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412, 412]
    [winner] = [answer.json() for answer in answers if answer.status_code == 200]
    [row] = await registry.rows("select version, aliases from organisation where id = $1", MEMBER)
    assert (row["version"], row["aliases"]) == (2, winner["aliases"])
    assert [event["version"] for event in await registry.events(TOPIC, MEMBER)] == [1, 2]


async def test_verify_and_suspend_are_versions_of_their_own(registry: RegistryClient) -> None:
    id = await registry.apply()
    verified = await registry.ask("secretariat", "POST", f"/v1/organisations/{id}/verify")
    assert (verified.json()["status"], verified.headers["etag"]) == ("verified", '"v2"')
    again = await registry.ask("secretariat", "POST", f"/v1/organisations/{id}/verify")
    assert again.headers["etag"] == '"v2"'
    suspended = await registry.ask("secretariat", "POST", f"/v1/organisations/{id}/suspend")
    assert (suspended.json()["status"], suspended.headers["etag"]) == ("suspended", '"v3"')
    statuses = [event["status"] for event in await registry.events(TOPIC, id)]
    assert statuses == ["applied", "verified", "suspended"]
    actions = await registry.rows(
        "select action from audit_entry where object = $1 order by number", f"organisation:{id}"
    )
    assert [row["action"] for row in actions] == [
        "organisation.apply",
        "organisation.verified",
        "organisation.suspended",
    ]


async def test_unknown_organisation_is_not_found(shared_registry: RegistryClient) -> None:
    for method, path in [("GET", ""), ("POST", "/verify"), ("POST", "/suspend")]:
        answer = await shared_registry.ask("secretariat", method, f"/v1/organisations/{uuid4()}{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (await shared_registry.ask("secretariat", "GET", "/v1/organisations/not-an-id")).status_code == 422


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("search=جمعيه الامل", True),
        ("search=اَلأَمـــل", True),
        ("search=al amal", True),
        ("search=UMUT DERNEGI", True),
        ("search=hope", True),
        ("search=aar", True),
        ("search=mal", True),
        ("search=xmal", False),
        ("search=%25", False),
        ("sector=PRO-CPN", True),
        ("sector=PRO", False),
        ("area=SY070302", True),
        ("area=SY07", True),
        ("area=SY", True),
        ("area=SY08", False),
        ("type_code=441&sector=WSH&area=SY02", True),
        ("type_code=437", False),
        ("status=applied", True),
        ("status=suspended", False),
    ],
)
async def test_list_is_narrowed_by_filters(shared_registry: RegistryClient, query: str, found: bool) -> None:
    id = await shared_registry.apply()
    answer = await shared_registry.ask("secretariat", "GET", f"/v1/organisations?{query}")
    assert answer.status_code == 200
    assert (str(id) in {item["id"] for item in answer.json()["items"]}) is found


@pytest.mark.parametrize(
    "query", ["status=unknown", "type_code=x", "sector=*", "area=%00", "search=%00", "first=0", "after=x"]
)
async def test_faulty_filter_is_refused(shared_registry: RegistryClient, query: str) -> None:
    answer = await shared_registry.ask("member", "GET", f"/v1/organisations?{query}")
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"


async def test_pages_cover_the_list_once_and_in_order(registry: RegistryClient) -> None:
    for name in ("Ghiras", "ATAA", "بنفسج", "Ataa"):
        await registry.apply(names={"en": name})
    seen: list[str] = []
    after = ""
    while True:
        page = (await registry.ask("secretariat", "GET", f"/v1/organisations?first=2{after}")).json()
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    ordered = await registry.rows("select id from organisation order by sort_name, id")
    assert seen == [str(row["id"]) for row in ordered]
    assert len(seen) == 6
    wrong = await registry.ask("secretariat", "GET", f"/v1/organisations?status=applied{after}")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "invalid_cursor")


async def test_contacts_are_shown_to_their_organisation_and_to_nobody_else(
    registry: RegistryClient, caplog: Any, capsys: Any
) -> None:
    path = f"/v1/organisations/{MEMBER}"
    changed = await registry.ask("member", "PATCH", path, {"contacts": [CONTACT]}, headers={"If-Match": '"v1"'})
    assert changed.json()["contacts"] == [CONTACT]
    assert (await registry.ask("member", "GET", path)).json()["contacts"] == [CONTACT]
    applied = await registry.apply(contacts=[CONTACT])
    await registry.ask("secretariat", "POST", f"/v1/organisations/{applied}/verify")

    answers = [
        await registry.ask("secretariat", "GET", path),
        await registry.ask("secretariat", "GET", f"/v1/organisations/{applied}"),
        await registry.ask("secretariat", "PATCH", path, {"aliases": ["X"]}, headers={"If-Match": "*"}),
        await registry.ask("secretariat", "POST", f"{path}/suspend"),
        await registry.ask("secretariat", "POST", f"{path}/verify"),
        await registry.ask("coordinator", "GET", path),
        await registry.ask("hub", "GET", path),
        await registry.ask("member", "GET", path, claims={"organisation_id": OTHER}),
        await registry.ask("member", "GET", "/v1/organisations"),
        await registry.ask("secretariat", "GET", "/v1/organisations"),
        await registry.ask(
            "secretariat", "PATCH", path, {"contacts": [{**CONTACT, "x": 1}]}, headers={"If-Match": "*"}
        ),
    ]
    assert [answer.status_code for answer in answers] == [200] * 10 + [422]
    told = "".join(answer.text for answer in answers)
    for table in ("event", "audit_entry", "organisation", "organisation_name", "outbox", "dead_letter"):
        told += str(await registry.rows(f"select {table}::text as row, * from {table}"))
    told += caplog.text + "".join(capsys.readouterr())
    assert not any(canary in told for canary in ("Canary", "canary", "944 000"))
    assert all("contacts" not in answer.json() for answer in answers[:8])


async def test_contacts_can_be_erased_without_touching_the_organisation(registry: RegistryClient) -> None:
    id = await registry.apply(contacts=[CONTACT])
    await registry.rows("delete from organisation_contact where organisation_id = $1", id)
    own = await registry.ask("member", "GET", f"/v1/organisations/{id}", claims={"organisation_id": id})
    assert (own.status_code, own.json()["contacts"], own.headers["etag"][:4]) == (200, [], '"v1-')


async def test_longest_names_can_be_found_and_turned_over(registry: RegistryClient) -> None:
    longest = [f"\ufdfb{'ﷺ' * 299}", f"\ufdfb{'ﷺ' * 298}"]
    ids = {str(await registry.apply(names={"ar": name})) for name in longest}
    found = f"/v1/organisations?first=1&search={longest[0]}"
    first = (await registry.ask("secretariat", "GET", found)).json()
    second = (await registry.ask("secretariat", "GET", f"{found}&after={first['next']}")).json()
    assert {first["items"][0]["id"], second["items"][0]["id"]} == ids
    assert second["next"] is None
    written = await registry.rows("select sum(length(folded)) as letters from organisation_name")
    assert written[0]["letters"] < 10_000


async def test_a_name_is_kept_as_one_line_without_what_nobody_sees(shared_registry: RegistryClient) -> None:
    names = {"en": "Hope\r\nBcc:\u2028x", "ar": "\u202bأ\u200bمل\ufeff", "tr": "Umut I\u0307c\U000e0041"}
    contact = {"name": "A", "email": "a\u202eb@people.example"}
    answer = await shared_registry.ask(
        "public", "POST", "/v1/organisations", {**APPLICATION, "names": names, "contacts": [contact]}
    )
    assert answer.status_code == 201, answer.text
    [row] = await shared_registry.rows("select names from organisation where id = $1", answer.json()["id"])
    assert row["names"] == {"en": "Hope Bcc: x", "ar": "أمل", "tr": "Umut \u0130c"}
