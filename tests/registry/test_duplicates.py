"""Organisations that may be one under two names: found on application and in bulk, dismissed by a person."""

import time
from typing import Any
from uuid import UUID

import pytest
from registry.duplicates.domain import Known, known, likeness, nearest, pairs_among
from registry.organisations.domain import OrganisationProfile

from bench.naming import OWN, Register, aliases_of, found_of

from .conftest import MEMBER, OTHER, RegistryClient

PATH = "/v1/organisation_duplicates"


def named(number: int, *names: str, acronym: str | None = None, **more: Any) -> Known:
    acronyms = {"en": acronym} if acronym else {}
    profile = OrganisationProfile({"en": names[0]}, "441", acronyms=acronyms, aliases=tuple(names[1:]), **more)
    return known(UUID(int=number), profile)


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("Hand in Hand for Aid", "HAND IN HAND FOR AID", "same_name"),
        ("Violet Organization", "Violet Organisation for Development", "similar_name"),
        ("Organisation Mondiale de la Santé", "World Health Organization", "similar_name"),
        ("Médecins du Monde", "أطباء العالم", "similar_name"),
        ("Syrian Arab Red Crescent", "الهلال الأحمر العربي السوري", "similar_name"),
        ("Ghiras Al-Nahda", "غراس النهضة", "transliterated"),
        ("Banafsaj", "منظمة بنفسج", "transliterated"),
        ("Ihsan for Relief and Development", "إحسان للإغاثة والتنمية", "transliterated"),
        ("İnsani Yardım Vakfı Umut", "Umut Humanitarian Aid Foundation", "similar_name"),
        ("ACTED - Agency for Technical Cooperation", "Agency for Technical Cooperation", "similar_name"),
        ("International Rescue Commitee", "International Rescue Committee", "similar_name"),
    ],
)
def test_one_organisation_in_two_spellings_is_proposed(one: str, other: str, reason: str) -> None:
    like = likeness(named(1, one), named(2, other))
    assert like.proposes, like
    assert reason in like.reasons


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Danish Refugee Council", "Norwegian Refugee Council"),
        ("Action against Hunger", "Action against Hunger - Spain"),
        ("Islamic Relief Worldwide", "Islamic Relief France"),
        ("Syria Relief", "Syria Relief Network for Orphans"),
        ("جمعية الأمل", "جمعية الأمان"),
        ("Al-Amal Charity", "Al-Iman Charity"),
        ("Relief International", "Humanitarian Relief Society"),
        ("Women Now for Development", "Women Support Association"),
        ("Cedar Relief", "Cedar Relief 2"),
        ("Cedar Relief (local) 2", "Olive International (regional) 2"),
    ],
)
def test_two_organisations_are_not_proposed_as_one(one: str, other: str) -> None:
    like = likeness(named(1, one), named(2, other))
    assert not like.proposes, like


def test_an_acronym_alone_is_a_hint() -> None:
    one, other = named(1, "Hope for Syria", acronym="HFS"), named(2, "Homs Field Surgeons", acronym="HFS")
    like = likeness(one, other)
    assert (like.proposes, like.reasons) == (False, ("same_acronym",))
    asked = named(3, "HFS")
    assert nearest(asked, [one])[one.id].proposes
    assert not any(like.proposes for like in nearest(asked, [one, other]).values()), "two have it: neither is meant"


def test_what_many_names_have_in_brackets_says_nothing_of_who_they_are() -> None:
    trees = ("Cedar", "Olive", "Plum", "Sumac", "Almond", "Mulberry", "Cotton")
    many = [
        named(number, f"{tree} {kind} (sample) 2")
        for number, (tree, kind) in enumerate(
            zip(trees, ["Relief", "Foundation", "Charity", "Network"] * 2, strict=False)
        )
    ]
    twin = named(100, "Olive Foundation")
    assert set(pairs_among([*many, twin])) == {(many[1].id, twin.id)}


def test_ids_elsewhere_and_codes_say_who_it_is() -> None:
    iati: dict[str, Any] = {"external_ids": {"iati": "GB-1"}}
    assert likeness(named(1, "A", **iati), named(2, "B", **iati)).reasons == ("external_id",)
    code: dict[str, Any] = {"partner_codes": ({"issuer": "WSH", "code": "7"},)}
    assert likeness(named(1, "A", **code), named(2, "B", **code)).reasons == ("partner_code",)


def test_thousands_are_compared_in_seconds() -> None:
    sounds = ("ra", "mi", "do", "la", "se", "tu", "ka", "ni", "bo", "ze")
    words = [one + two + three for one in sounds for two in sounds for three in sounds]
    kinds = ("Association", "Foundation", "Organisation for Relief", "Charity")
    many = [
        named(number, f"{words[number % 1000]} {words[number * 7 % 997]} {kinds[number % 4]}") for number in range(2500)
    ]
    twins = [named(10_000 + number, f"{words[number]} {words[number * 7 % 997]}") for number in range(20)]
    began = time.process_time()
    found = pairs_among([*many, *twins])
    assert time.process_time() - began < 10
    assert {one for pair in found for one in pair} >= {each.id for each in twins}


async def test_an_applicant_is_told_who_is_near_as_far_as_they_may_see(registry: RegistryClient) -> None:
    body = {"names": {"en": "Sample member organization"}, "type_code": "441"}
    public = (await registry.ask("public", "POST", "/v1/organisations", body)).json()
    assert set(public) == {"id", "status"}
    asked = (await registry.ask("member", "POST", "/v1/organisations", body)).json()
    assert [each["id"] for each in asked["near"]] == [str(MEMBER), str(OTHER)], "nobody hears of other applicants"
    assert (asked["near"][0]["score"], asked["near"][0]["reasons"]) == (97, ["similar_name"])
    told = (await registry.ask("secretariat", "POST", "/v1/organisations", body)).json()
    assert {each["id"] for each in told["near"]} == {str(MEMBER), str(OTHER), public["id"], asked["id"]}


async def test_a_pair_is_listed_until_it_is_dismissed_and_then_stays_so(registry: RegistryClient) -> None:
    id = await registry.apply(names={"en": "Sample Member Organisation"}, acronyms={}, aliases=[])
    [pair] = (await registry.ask("secretariat", "GET", PATH)).json()["items"]
    assert {pair["organisation_id"], pair["other_id"]} == {str(MEMBER), str(id)}
    assert (pair["score"], pair["reasons"][0], pair["state"]) == (100, "same_name", "open")
    for role in ("public", "member", "coordinator", "hub"):
        assert (await registry.ask(role, "GET", PATH)).status_code in {401, 403}
    path = f"{PATH}/{pair['id']}/dismiss"
    settled = await registry.ask("secretariat", "POST", path, {"reason": "Two bodies of one name"})
    assert (settled.status_code, settled.json()["state"], settled.headers["etag"]) == (200, "dismissed", '"v2"')
    again = await registry.ask("secretariat", "POST", path, {"reason": "Two bodies of one name"})
    assert (again.status_code, again.json()["code"]) == (409, "pair_settled")
    found = await registry.ask("secretariat", "POST", "/v1/organisations/find_duplicates")
    assert (found.status_code, found.json()) == (200, {"organisations": 3, "open": 0})
    listed = (await registry.ask("secretariat", "GET", f"{PATH}?organisation_id={id}")).json()["items"]
    assert [each["state"] for each in listed] == ["dismissed"]
    assert (await registry.ask("secretariat", "GET", f"{PATH}?organisation_id={OTHER}")).json()["items"] == []


async def test_a_name_that_is_changed_is_compared_anew(registry: RegistryClient) -> None:
    id = await registry.apply(names={"en": "Something else"}, acronyms={}, aliases=[], external_ids={})
    assert (await registry.ask("secretariat", "GET", PATH)).json()["items"] == []
    change = {"names": {"en": "Sample Member Organisation"}}
    path = f"/v1/organisations/{id}"
    await registry.ask("secretariat", "PATCH", path, change, headers={"If-Match": "*"})
    assert len((await registry.ask("secretariat", "GET", PATH)).json()["items"]) == 1
    await registry.ask("secretariat", "PATCH", path, {"names": {"en": "Something else"}}, headers={"If-Match": "*"})
    assert (await registry.ask("secretariat", "GET", PATH)).json()["items"] == []


def test_aliases_of_the_sample_find_whose_they_are() -> None:
    aliases = aliases_of(OWN)
    register = Register(aliases)
    found = found_of(aliases, register)
    missed = [alias.text for alias in aliases if alias.name not in register.proposed(alias.text)]
    assert found.recall >= 0.95, missed
    assert found.precision >= 0.95
