"""The table of the start page: each role sees its own latest month, and why a number is not there."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from gateway.pages.coverage import MONTH, ROWS, CoverageParameters, CoverageReader, month_after, this_month
from gateway.reference.memory import ReferenceMemory
from hypothesis import given
from hypothesis import strategies as st
from runtime.access import Caller, Extent, Principal, Role
from runtime.listing import LARGEST_PAGE, ends
from testkit.trust import TestIssuer

from .conftest import OpenGateway, area
from .reading_pages import BROWSER, HOSTILE, Checked, figures, read
from .rows import Rows

SIGNED_IN = [role for role in Role if role is not Role.PUBLIC]


@pytest.mark.parametrize("role", SIGNED_IN)
async def test_each_role_sees_the_latest_month_by_its_own_token(
    open_gateway: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str], role: Role
) -> None:
    service, address = rows
    service.columns = figures({"month": "2026-02"}, {"month": "2026-03"})
    token = issuer.bearer(role, areas=["SY07"], sectors=["WSH"])
    client = await open_gateway(reporting_url=address)
    page = await read(client, "/?lang=en", **token)
    assert "Coverage in 2026-03" in " ".join(page.text.split())
    assert "Idleb" in page.text
    assert "SY07" in page.text
    assert "1,234" in page.text
    assert {headers["authorization"] for headers in service.headers} == {token["Authorization"]}
    shown = service.questions[-1]
    assert (shown["first"], shown["filter"]) == (ROWS, {"level": 1, "month_from": "2026-03", "month_to": "2026-03"})
    # Only a hub is kept from the country's own row, which knows every month.
    assert service.questions[0]["filter"] == {"level": 1 if role is Role.HUB else 0, "month_to": this_month()}
    assert [link["href"] for link in page.all("a") if "month=" in str(link["href"])][:2] == [
        "?level=1&area=&month=2026-02",
        "?level=1&area=&month=2026-04",
    ]
    assert "no-store" in (await client.get("/", headers=token)).headers["cache-control"]


async def test_the_public_is_told_how_to_come_in_and_asks_nothing(
    open_gateway: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str]
) -> None:
    service, address = rows
    client = await open_gateway(reporting_url=address)
    for headers in ({}, issuer.bearer(Role.PUBLIC)):
        page = await read(client, "/?lang=en", **headers)
        assert "POST /oauth/token" in page.text
        assert "figures" not in [table.get("class") for table in page.all("table")]
    assert service.questions == []


async def test_the_latest_month_is_found_also_where_figures_fill_more_than_a_page() -> None:
    asked: list[dict[str, Any]] = []
    held = sorted((f"SY{number:02}", month) for number in range(80) for month in (*_months(number), "9999-12"))

    class Reporting:
        async def ask(self, _: str, __: str, question: dict[str, Any], ___: Mapping[str, str]) -> dict[str, Any]:
            asked.append(question)
            since = question["filter"].get("month_from", "")
            months = [month for _, month in held if since <= month <= question["filter"]["month_to"]]
            page = months[: question["first"]]
            return {"columns": {"month": page}, "cursors": ends(page), "has_next": len(months) > len(page)}

    found = await _coverage(Reporting())._latest_month(_asked_by_a_hub())
    assert found == "2026-08"  # told of one late area alone, far behind the first page
    assert len(held) > LARGEST_PAGE
    assert [question["filter"].get("month_from") for question in asked] == [None, "2026-08"]


def _months(number: int) -> list[str]:
    last = 9 if number == 79 else 8
    return [f"2026-{month:02}" for month in range(1, last)]


def _coverage(questions: Any) -> CoverageReader:
    return CoverageReader(questions, ReferenceMemory(), Caller(Principal("hub", Role.HUB), Extent.ANY), "en")


def _asked_by_a_hub() -> CoverageParameters:
    return CoverageParameters(level=1, area=None, month=None, after=None, bounded=True)


@given(st.integers(min_value=1000, max_value=9998), st.integers(min_value=1, max_value=12))
def test_the_month_after_is_the_next_one(year: int, month: int) -> None:
    told = f"{year}-{month:02}"
    following = month_after(told)
    assert MONTH.match(following)
    assert following > told
    assert int(following[:4]) * 12 + int(following[5:]) == year * 12 + month + 1
    assert month_after(following, -1) == told


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        ({"people_total": None, "official_people_total": None, "reason": "small_count",
          "suppressed_fields": ["people_total", "official_people_total"]}, ["Suppressed", "small count"]),
        ({"people_total": None, "official_people_total": None, "reason": "few_organisations",
          "suppressed_fields": ["people_total"]}, ["Suppressed", "fewer than three"]),
        ({"people_total": None, "official_people_total": None, "reason": "withheld_protection",
          "suppressed_fields": ["people_total"]}, ["Suppressed", "closed month"]),
        ({"people_total": 71, "official_people_total": None, "reason": "withheld_rows",
          "suppressed_fields": ["people_total", "official_people_total"]}, ["71", "are left out"]),
        ({"people_total": None, "official_people_total": None, "reason": "services_only"}, ["services are counted"]),
        ({"people_total": None, "official_people_total": None, "reason": "no_people_counted"}, ["no report counts"]),
        ({"people_total": None, "official_people_total": None, "reason": HOSTILE}, ["no reason is given"]),
        ({"official_people_total": None, "official_reports": 2}, ["no report counts people", "1,234"]),
        ({"official_people_total": None, "reason": "small_count", "suppressed_fields": ["official_people_total"]},
         ["Suppressed", "small count", "1,234"]),
        ({"official_people_total": None, "official_reports": 0}, ["no report is approved yet", "1,234"]),
        ({"official_people_total": 0, "people_total": 0}, ["0"]),
    ],
)  # fmt: skip
async def test_a_count_that_is_not_there_says_why(
    open_gateway: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str], figure: dict[str, Any], words: list[str]
) -> None:
    service, address = rows
    service.columns = figures(figure)
    client = await open_gateway(reporting_url=address)
    answer = await client.get("/?lang=en", headers={**BROWSER, **issuer.bearer(Role.HUB, areas=["SY07"])})
    table = answer.text[answer.text.index("<tbody>") : answer.text.index("</tbody>")]
    assert [word for word in words if word not in table] == []
    assert ("Suppressed" in table) is bool(figure.get("suppressed_fields"))
    assert HOSTILE not in answer.text


async def test_hostile_names_and_addresses_are_shown_as_text(
    open_gateway: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str], memory: ReferenceMemory
) -> None:
    service, address = rows
    memory.take([area("SY0799", 2, HOSTILE, HOSTILE, "SY07", "SY", "SY07")])
    service.columns = figures({"area": "SY0799", "level": 2}, {"area": HOSTILE, "sector": HOSTILE})
    client = await open_gateway(reporting_url=address)
    query = {"area": "SY0799", "month": HOSTILE, "refused": HOSTILE, "level": HOSTILE}
    answer = await client.get("/", params=query, headers={**BROWSER, **issuer.bearer(Role.SECRETARIAT)})
    page = Checked(answer.text)
    assert page.all("script") == []
    assert "<script" not in answer.text
    assert page.text.count(HOSTILE) >= 3


async def test_rows_open_the_sub_districts_of_a_governorate_and_pages_follow(
    open_gateway: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str]
) -> None:
    service, address = rows
    service.columns = figures(*[{"organisations": number} for number in range(ROWS + 2)])
    client = await open_gateway(reporting_url=address)
    token = issuer.bearer(Role.SECRETARIAT)
    first = await read(client, **token)
    hrefs = [link["href"] for link in first.all("a")]
    assert "?level=3&area=SY07&month=2026-03" in hrefs
    following = next(str(href) for href in hrefs if "after=" in str(href))
    second = await read(client, "/" + following, **token)
    assert [page.text.count("1,234") for page in (first, second)] == [ROWS, 2]
    assert service.questions[-1]["after"]
    service.questions.clear()
    page = await read(client, "/?level=3&area=SY07&month=2026-03&lang=en", **token)
    [question] = service.questions  # the month is known, so one question is enough
    wanted = {"level": 3, "area": "SY07", "month_from": "2026-03", "month_to": "2026-03"}
    assert question["filter"] == wanted
    assert "Inside: Idleb" in page.text


@pytest.mark.parametrize("count", [0, 1, 2, 3, 8, ROWS])
async def test_every_row_is_shown(
    open_gateway: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str], count: int
) -> None:
    service, address = rows
    service.columns = figures(*[{"people_total": 1000 + number} for number in range(count)])
    page = await read(await open_gateway(reporting_url=address), "/?lang=en", **issuer.bearer(Role.SECRETARIAT))
    assert [number for number in range(count) if f"1,{number:03}" not in page.text] == []
    assert page.text.count("WASH") == count


@pytest.mark.parametrize(("language", "words"), [("en", "No area is known by this code"), ("ar", "لا توجد منطقة")])
async def test_an_unknown_area_is_named_and_not_taken_for_all_areas(
    open_gateway: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str], language: str, words: str
) -> None:
    service, address = rows
    service.columns = figures({})
    client = await open_gateway(reporting_url=address)
    for said in ("SY99", HOSTILE):
        query = {"area": said, "lang": language}
        answer = await client.get("/", params=query, headers={**BROWSER, **issuer.bearer(Role.HUB, areas=["SY07"])})
        assert words in Checked(answer.text).text
        assert said[:40] in Checked(answer.text).text
        assert "1,234" not in answer.text
    assert service.questions == []


async def test_a_hostile_cursor_is_refused_in_words_and_shown_as_text(
    open_gateway: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str]
) -> None:
    service, address = rows
    service.columns = figures({})
    client = await open_gateway(reporting_url=address)
    headers = {**BROWSER, **issuer.bearer(Role.SECRETARIAT)}
    answer = await client.get("/", params={"after": HOSTILE, "month": "2026-03", "lang": "en"}, headers=headers)
    assert Checked(answer.text).all("script") == []
    assert "The cursor is not one of this list" in answer.text


async def test_a_full_page_is_light_enough_for_a_poor_line(
    open_gateway: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str]
) -> None:
    service, address = rows
    hidden = {"people_total": None, "reason": "few_organisations", "suppressed_fields": ["people_total"]}
    service.columns = figures(*[{"sector": "WSH", **(hidden if number % 2 else {})} for number in range(60)])
    client = await open_gateway(reporting_url=address)
    answer = await client.get("/?month=2026-03", headers={**BROWSER, **issuer.bearer(Role.SECRETARIAT)})
    assert answer.text.count('<th scope="row"><a') == ROWS
    assert len(answer.content) <= 20_000


async def test_figures_that_are_incomplete_say_so(
    open_gateway: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str]
) -> None:
    service, address = rows
    service.columns = figures({})
    service.freshness = {"as_of": "2026-03-05T10:00:00+00:00", "rebuilding": True}
    page = await read(await open_gateway(reporting_url=address), "/?lang=en", **issuer.bearer(Role.MEMBER))
    assert "incomplete" in page.text
    assert "2026-03-05 10:00 UTC" in page.text


@pytest.mark.parametrize("problem", [(400, b'{"code":"invalid_cursor","detail":"No such cursor."}'), (500, b"{}")])
async def test_a_page_whose_figures_fail_is_a_page(
    open_gateway: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str], problem: tuple[int, bytes]
) -> None:
    service, address = rows
    service.problem = problem
    page = await read(await open_gateway(reporting_url=address), "/?lang=en", **issuer.bearer(Role.MEMBER))
    assert ("No such cursor." if problem[0] == 400 else "does not answer now") in page.text
    dead = await read(await open_gateway(), "/?lang=en", **issuer.bearer(Role.MEMBER))
    assert "does not answer now" in dead.text


async def test_slow_figures_are_not_waited_for(
    open_gateway: OpenGateway, issuer: TestIssuer, rows: tuple[Rows, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    service, address = rows
    service.delay = 20
    monkeypatch.setattr("gateway.pages.api.FIGURES_SECONDS", 0.2)
    async with asyncio.timeout(15):
        page = await read(await open_gateway(reporting_url=address), "/?lang=en", **issuer.bearer(Role.MEMBER))
    assert "did not answer in time" in page.text
