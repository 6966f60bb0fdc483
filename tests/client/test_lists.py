"""Lists by the client and by `tansiq list`: rows of the noun's own type, page by page."""

import json
from uuid import UUID

import pytest
from client.cli.app import app
from client.tansiq import Tansiq
from contracts.codes import Sector
from contracts.organisations import Organisation
from testkit.scripted import ScriptedPlatform, json_answer
from typer.testing import CliRunner

RUNNER = CliRunner()
ORGANISATIONS = "/api/registry/v1/organisations"


def organisation(number: int) -> dict[str, object]:
    return {
        "id": str(UUID(int=number)), "version": 1, "names": {"en": f"Org {number}"}, "acronyms": {}, "aliases": [],
        "type_code": "441", "status": "verified", "external_ids": {}, "sectors": ["WSH"], "areas": [],
        "said_by_a_newer_platform": True,
    }  # fmt: skip


async def test_rows_of_a_list_have_their_type(platform: ScriptedPlatform, tansiq: Tansiq) -> None:
    platform.ready.append(json_answer(200, {"items": [organisation(1), organisation(2)], "next": "c"}))
    platform.ready.append(json_answer(200, {"items": [organisation(3)], "next": None}))
    found = [row async for row in tansiq.lists.of(Organisation, sector="WSH")]
    assert [(row.id.int, row.names.en) for row in found] == [(1, "Org 1"), (2, "Org 2"), (3, "Org 3")]
    assert [(seen.path, seen.query.get("sector"), seen.query.get("after")) for seen in platform.requests] == [
        (ORGANISATIONS, "WSH", None),
        (ORGANISATIONS, "WSH", "c"),
    ]


async def test_a_list_that_is_read_whole_is_asked_for_without_a_page(
    platform: ScriptedPlatform, tansiq: Tansiq
) -> None:
    sector: dict[str, object] = {
        "code": "WSH",
        "names": {"en": "WASH"},
        "aliases": [],
        "parent": None,
        "has_working_group": True,
    }
    platform.ready.append(json_answer(200, {"items": [{**sector, "version": 1}], "next": None}))
    assert [row.code async for row in tansiq.lists.of(Sector)] == ["WSH"]
    assert platform.requests[0].query == {}


@pytest.mark.usefixtures("signed_in")
def test_the_command_lists_any_noun_as_ndjson(platform: ScriptedPlatform) -> None:
    platform.ready.append(json_answer(200, {"items": [organisation(1), organisation(2)], "next": None}))
    result = RUNNER.invoke(app, ["list", "organisations", "--filter", "search=org"])
    assert result.exit_code == 0
    assert [json.loads(line)["names"] for line in result.stdout.splitlines()] == [{"en": "Org 1"}, {"en": "Org 2"}]
    assert platform.requests[0].query["search"] == "org"


@pytest.mark.usefixtures("signed_in")
@pytest.mark.parametrize("asked", [["nothing"], ["organisations", "--filter", "colour=red"]])
def test_what_there_is_no_list_or_condition_of_is_said(platform: ScriptedPlatform, asked: list[str]) -> None:
    result = RUNNER.invoke(app, ["list", *asked])
    assert result.exit_code == 2
    assert platform.requests == []
