"""The `tansiq` command: what it says, where, in which language, and how it ends."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest
from client.cli.app import app
from client.cli.session import EXIT_CODES
from starlette.requests import Request
from starlette.responses import Response
from testkit.scripted import ScriptedPlatform, json_answer
from typer.main import get_command
from typer.testing import CliRunner, Result

RUNNER = CliRunner()


pytestmark = pytest.mark.usefixtures("settings")


def run(*arguments: str) -> Result:
    return RUNNER.invoke(app, list(arguments))


def sign_in(platform: ScriptedPlatform, *more: str) -> Result:
    return run("login", "--url", platform.url, "--client-id", "olive", "--client-secret", "secret", *more)


def rows(tmp_path: Path, count: int) -> str:
    file = tmp_path / "reports.ndjson"
    file.write_bytes(b"".join(orjson.dumps({"external_id": str(number)}) + b"\n" for number in range(count)))
    return str(file)


def answer(taken: int, *refused: int) -> Response:
    errors = [{"code": "unknown_area", "detail": "لا توجد منطقة", "field": "area"}]
    results = [{"row": row, "status": "rejected", "errors": errors} for row in refused]
    status = 200 if not refused else 207 if taken else 422
    return json_answer(status, {"accepted": taken, "rejected": len(refused), "results": results})


def test_a_sign_in_is_kept_for_its_user_alone(platform: ScriptedPlatform, settings: Path) -> None:
    result = sign_in(platform)
    assert result.exit_code == 0
    assert "تم الدخول" in result.stdout
    assert (settings / "profiles.json").stat().st_mode & 0o777 == 0o600
    assert "secret" not in result.stdout


def test_a_sign_in_that_is_refused_is_not_kept(platform: ScriptedPlatform, settings: Path) -> None:
    result = run("login", "--url", platform.url, "--client-id", "olive", "--client-secret", "wrong")
    assert result.exit_code == 5
    assert not settings.exists()


def test_signing_in_by_the_platforms_own_file(platform: ScriptedPlatform, tmp_path: Path) -> None:
    file = tmp_path / "credentials.json"
    clients = {"member": {"client_id": "olive", "client_secret": "secret"}}
    file.write_text(json.dumps({"gateway": platform.url, "clients": clients}))
    assert run("login", "--credentials", str(file), "--as", "member").exit_code == 0
    assert run("login", "--credentials", str(file), "--as", "nobody").exit_code == 2


def test_signing_in_where_nobody_can_be_asked() -> None:
    assert run("login").exit_code == 2


def test_two_profiles_side_by_side(platform: ScriptedPlatform, settings: Path) -> None:
    sign_in(platform)
    sign_in(platform, "--profile", "hub", "--language", "en")
    kept = json.loads((settings / "profiles.json").read_text())
    assert {name: profile["language"] for name, profile in kept.items()} == {"default": "ar", "hub": "en"}


def test_without_a_sign_in(tmp_path: Path) -> None:
    result = run("push", rows(tmp_path, 1))
    assert result.exit_code == 5
    assert "tansiq login" in result.stderr


@pytest.mark.parametrize(
    ("answered", "code"), [(answer(2), 0), (answer(1, 2), 1), (answer(0, 1, 2), 3)], ids=["all", "some", "none"]
)
def test_the_exit_code_tells_what_became_of_the_rows(
    platform: ScriptedPlatform, tmp_path: Path, answered: Response, code: int
) -> None:
    sign_in(platform)
    platform.ready.append(answered)
    result = run("push", rows(tmp_path, 2))
    assert result.exit_code == code
    assert ("unknown_area" in result.stdout) is (code != 0)


def test_problems_are_told_by_line_of_the_file(platform: ScriptedPlatform, tmp_path: Path) -> None:
    sign_in(platform)
    file = tmp_path / "reports.ndjson"
    file.write_bytes(b'{"a":1}\n\n\n{"a":2}\n')
    platform.ready.append(answer(1, 2))
    told = json.loads(run("push", str(file), "--json").stdout)
    assert told["problems"] == [
        {"code": "unknown_area", "detail": "لا توجد منطقة", "field": "area", "row": 4},
    ]


def test_a_large_file_goes_out_in_chunks(platform: ScriptedPlatform, tmp_path: Path) -> None:
    sign_in(platform)

    def take_all(request: Request, body: bytes) -> Response:
        return answer(body.count(b"\n"))

    platform.otherwise = take_all
    told = json.loads(run("push", rows(tmp_path, 12_000), "--json").stdout)
    assert told["accepted"] == 12_000
    assert [seen.body.count(b"\n") for seen in platform.requests] == [5000, 5000, 2000]
    assert len({seen.headers["idempotency-key"] for seen in platform.requests}) == 3


def test_a_spreadsheet_is_uploaded_and_waited_for(platform: ScriptedPlatform, tmp_path: Path) -> None:
    sign_in(platform)
    file = tmp_path / "report.csv"
    file.write_text("sector\n#sector\nWSH\nXXX\n")
    upload = {"id": str(uuid4()), "state": "queued", "counts": {}}
    done = {**upload, "state": "done", "counts": {"accepted": 1, "rejected": 1}}
    problem = {"row": 4, "code": "unknown_sector", "detail": "…", "field": "sector"}
    platform.ready.extend(
        [
            json_answer(202, upload),
            json_answer(200, {**upload, "state": "running"}),
            json_answer(200, done),
            json_answer(200, {"items": [problem], "next": None}),
        ]
    )
    result = run("push", str(file), "--month", "2026-03", "--accept-ignored", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["problems"][0]["row"] == 4
    assert b'name="month"\r\n\r\n2026-03' in platform.requests[0].body
    assert b'name="accept_ignored"\r\n\r\ntrue' in platform.requests[0].body


@pytest.mark.parametrize("as_json", [True, False])
def test_problems_that_are_only_counted_are_said(platform: ScriptedPlatform, tmp_path: Path, as_json: bool) -> None:
    sign_in(platform)
    file = tmp_path / "report.csv"
    file.write_text("sector\n#sector\nXXX\n")
    counts = {"total": 5000, "listed": 1000, "by_code": {"unknown_sector": 5000}}
    done = {"id": str(uuid4()), "state": "done", "counts": {"accepted": 1, "rejected": 5000}, "problem_counts": counts}
    problem = {"row": 4, "code": "unknown_sector", "detail": "…", "field": "sector"}
    platform.ready.extend([json_answer(202, done), json_answer(200, {"items": [problem], "next": None})])
    result = run("push", str(file), "--language", "en", *(["--json"] if as_json else []))
    assert result.exit_code == 1
    if as_json:
        assert json.loads(result.stdout)["unlisted_problems"] == 4000
    else:
        assert "4000" in result.stdout + result.stderr


def test_options_of_a_spreadsheet_with_rows(platform: ScriptedPlatform, tmp_path: Path) -> None:
    sign_in(platform)
    assert run("push", rows(tmp_path, 1), "--month", "2026-03").exit_code == 2


def test_an_unknown_kind_of_file(platform: ScriptedPlatform, tmp_path: Path) -> None:
    sign_in(platform)
    file = tmp_path / "report.docx"
    file.write_text("x")
    assert run("push", str(file)).exit_code == 2


def test_a_refused_request(platform: ScriptedPlatform, tmp_path: Path) -> None:
    sign_in(platform, "--language", "en")
    platform.otherwise = json_answer(403, {"code": "not_permitted", "detail": "Your role may not do this."})
    result = run("push", rows(tmp_path, 1))
    assert result.exit_code == 3
    assert "Refused: Your role may not do this. (not_permitted)" in result.stderr


def test_a_platform_that_is_away(platform: ScriptedPlatform, tmp_path: Path, unused_tcp_port_factory: Any) -> None:
    sign_in(platform)
    away = {"TANSIQ_URL": f"http://127.0.0.1:{unused_tcp_port_factory()}"}
    environment = {**away, "TANSIQ_CLIENT_ID": "olive", "TANSIQ_CLIENT_SECRET": "secret"}
    result = RUNNER.invoke(app, ["push", rows(tmp_path, 1)], env=environment)
    assert result.exit_code == 4


def test_coverage_in_either_language(platform: ScriptedPlatform) -> None:
    sign_in(platform)
    figure = {
        "country": "SY",
        "areaCode": "SY02",
        "area": {"names": {"ar": "حلب", "en": "Aleppo"}},
        "sectorCode": "WSH",
        "sector": {"names": {"ar": "المياه", "en": "WASH"}},
        "month": "2026-03",
        "populationGroup": None,
        "people": {"total": 1200, "men": 300, "women": 300, "boys": 300, "girls": 300},
        "frequencies": 1500,
        "officialPeopleTotal": 777,
        "officialReports": 3,
        "basis": "provisional",
        "reports": 4,
        "organisationCount": 2,
        "suppressed": True,
    }
    page = {"nodes": [figure], "pageInfo": {"hasNextPage": False, "endCursor": None}}
    platform.otherwise = json_answer(200, {"data": {"coverage": page}})
    arabic, english = run("coverage", "--level", "1"), run("coverage", "--language", "en")
    assert ("حلب" in arabic.stdout, "Aleppo" in english.stdout) == (True, True)
    assert ("الأشخاص (رسمي)" in arabic.stdout, "777" in arabic.stdout) == (True, True)
    assert ("محجوبة" in arabic.stderr, "withheld" in english.stderr) == (True, True)
    asked = orjson.loads(platform.requests[0].body)
    assert asked["variables"]["filter"] == {"level": 1}


def test_figures_that_are_being_made_anew_are_not_shown_as_if_they_were_all(platform: ScriptedPlatform) -> None:
    sign_in(platform)
    empty = {"rebuilding": True, "nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}
    for command, root in (("coverage", "coverage"), ("progress", "progress")):
        platform.otherwise = json_answer(200, {"data": {root: empty}})
        told = run(command)
        assert ("غير مكتملة" in told.stderr, told.exit_code) == (True, 0)
        assert "rebuilding" in orjson.loads(platform.requests[-1].body)["query"]
        assert json.loads(run(command, "--json").stdout) == {"items": [], "rebuilding": True}
        platform.otherwise = json_answer(200, {"data": {root: {**empty, "rebuilding": False}}})
        assert "غير مكتملة" not in run(command).stderr


@pytest.mark.parametrize("status", [200, 422])
def test_a_refusal_inside_graphql_names_the_fields(platform: ScriptedPlatform, status: int) -> None:
    sign_in(platform)
    faults = [{"code": "wrong_form", "field": "filter.area", "detail": "اكتبها مثل SY070004"}]
    error = {"message": "في الطلب أخطاء", "extensions": {"code": "invalid", "errors": faults}}
    platform.otherwise = json_answer(status, {"errors": [error]})
    refused = run("coverage", "--area", "xx")
    assert (refused.exit_code, "(invalid)" in refused.stderr) == (3, True)
    assert all(word in refused.stdout for word in ("filter.area", "wrong_form", "SY070004"))


def test_a_refusal_inside_graphql(platform: ScriptedPlatform) -> None:
    sign_in(platform)
    errors = [{"message": "رمز الدخول غير صالح", "extensions": {"code": "invalid_token"}}]
    platform.otherwise = json_answer(200, {"data": None, "errors": errors})
    result = run("coverage", "--json")
    assert (result.exit_code, json.loads(result.stdout)["code"]) == (3, "invalid_token")


def test_dead_letters(platform: ScriptedPlatform) -> None:
    sign_in(platform)
    letter = {"number": 7, "type": "activities.report.changed.v1", "key": "k", "cause": "ValueError", "attempts": 3}
    platform.ready.extend(
        [json_answer(200, {"items": [letter]}), json_answer(200, {"outcome": "handled"}), Response(None, 204)]
    )
    assert "ValueError" in run("dead-letters", "list", "reporting").stdout
    assert "handled" in run("dead-letters", "retry", "reporting", "7").stdout
    assert run("dead-letters", "drop", "reporting", "7", "--yes").exit_code == 0
    assert [(seen.method, seen.path) for seen in platform.requests] == [
        ("GET", "/api/reporting/v1/operations/dead-letters"),
        ("POST", "/api/reporting/v1/operations/dead-letters/7/retry"),
        ("DELETE", "/api/reporting/v1/operations/dead-letters/7"),
    ]


def test_dead_jobs(platform: ScriptedPlatform) -> None:
    sign_in(platform)
    id = "019b0000-0000-7000-8000-000000000001"
    job = {"id": id, "queue": "upload", "key": "k", "cause": "ValueError", "failures": 1}
    platform.ready.extend([json_answer(200, {"items": [job]}), json_answer(200, {"id": id}), Response(None, 204)])
    assert "ValueError" in run("dead-jobs", "list", "activities").stdout
    assert run("dead-jobs", "retry", "activities", id).exit_code == 0
    assert run("dead-jobs", "drop", "activities", id, "--yes").exit_code == 0
    assert [(seen.method, seen.path) for seen in platform.requests] == [
        ("GET", "/api/activities/v1/operations/dead-jobs"),
        ("POST", f"/api/activities/v1/operations/dead-jobs/{id}/retry"),
        ("DELETE", f"/api/activities/v1/operations/dead-jobs/{id}"),
    ]


def test_replay(platform: ScriptedPlatform) -> None:
    sign_in(platform)
    platform.otherwise = json_answer(202, {"consumer": "reporting", "state": "rebuilding"})
    assert json.loads(run("replay", "reporting", "--json").stdout) == {"service": "reporting", "state": "rebuilding"}
    assert run("replay", "nothing").exit_code == 2


def test_areas_are_waited_for(platform: ScriptedPlatform, tmp_path: Path) -> None:
    sign_in(platform)
    file = tmp_path / "areas.csv"
    file.write_text("level,pcode,name_en,parent_pcode\n1,AF01,Kabul,AF\n")
    taken = {"accepted": 1, "rejected": 0, "results": [{"row": 2, "status": "accepted", "id": "AF:AF01", "version": 1}]}
    empty = {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}
    known = {**empty, "nodes": [{"pcode": "AF01"}]}
    platform.ready.append(json_answer(200, taken))
    platform.ready.extend(json_answer(200, {"data": {"areas": page}}) for page in (empty, known))
    result = run("areas", "load", str(file), "--country", "AF", "--json")
    assert (result.exit_code, json.loads(result.stdout)["known"]) == (0, True)
    assert platform.requests[0].query == {"country": "AF"}
    platform.ready.append(json_answer(200, taken))
    shown = run("areas", "preview", str(file.rename(file.with_suffix(".geojson"))))
    assert shown.exit_code == 0
    assert platform.requests[-1].query == {"dry_run": "true"}
    assert platform.requests[-1].headers["content-type"] == "application/geo+json"


UPLOAD: dict[str, Any] = {
    "id": "00000000-0000-7000-8000-00000000000a",
    "state": "done",
    "file_name": "october.xlsx",
    "received_at": "2026-10-31T08:15:00+00:00",
    "progress": 1.0,
    "counts": {"rows": 3, "accepted": 2, "rejected": 1},
    "failure": None,
    "assumptions": [{"code": "area_by_name", "rows": 2, "detail": "عُثر على المنطقة من اسمها."}],
    "sheets": [
        {"number": 1, "name": "إدلب", "state": "read", "counts": {"rows": 3, "accepted": 2, "rejected": 1}},
        {
            "number": 2,
            "name": "Lists",
            "state": "passed_over",
            "reason": {"code": "sheet_hidden", "detail": "الورقة مخفية"},
        },
    ],
}


LISTED = {name: value for name, value in UPLOAD.items() if name not in ("assumptions", "sheets")}
"""As it stands in a list."""


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("a.xlsx", b"PK\x03\x04", b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.xls", b"\xd0\xcf\x11\xe0", b"application/vnd.ms-excel"),
        ("a.ods", b"PK\x03\x04", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("a.TSV", b"a\tb", b"text/tab-separated-values"),
        ("a.json", b'[ ["#sector"]]', b"application/octet-stream"),
        ("no ending", b"PK\x03\x04", b"application/octet-stream"),
    ],
)
def test_every_kind_of_sheet_is_uploaded_under_its_type(
    platform: ScriptedPlatform, tmp_path: Path, name: str, content: bytes, content_type: bytes
) -> None:
    sign_in(platform)
    (tmp_path / name).write_bytes(content)
    platform.ready.extend(
        [json_answer(202, {**UPLOAD, "state": "done"}), json_answer(200, {"items": [], "next": None})]
    )
    result = run("push", str(tmp_path / name), "--month", "2026-10", "--json")
    assert (result.exit_code, platform.requests[0].path) == (1, "/api/activities/v1/uploads")
    assert b"Content-Type: " + content_type + b"\r\n" in platform.requests[0].body
    assert b'filename="' + name.encode() in platform.requests[0].body


def test_a_json_file_of_objects_still_goes_out_as_rows(platform: ScriptedPlatform, tmp_path: Path) -> None:
    sign_in(platform)
    (tmp_path / "a.json").write_text('[{"external_id": "1"}]')
    platform.ready.append(answer(1))
    assert run("push", str(tmp_path / "a.json")).exit_code == 0
    assert platform.requests[0].path == "/api/activities/v1/reports"


def test_the_state_of_an_upload_sheet_by_sheet(platform: ScriptedPlatform) -> None:
    sign_in(platform)
    platform.otherwise = json_answer(200, UPLOAD)
    arabic = run("uploads", "status", UPLOAD["id"])
    english = run("uploads", "status", UPLOAD["id"], "--language", "en")
    assert (arabic.exit_code, english.exit_code) == (1, 1)
    for told in ("october.xlsx", "إدلب", "الورقة مخفية", "متجاوَزة", "عُثر على المنطقة"):
        assert told in arabic.stdout
    assert "Rows accepted: 2, rejected: 1" in english.stdout
    told = json.loads(run("uploads", "status", UPLOAD["id"], "--json").stdout)
    assert [sheet["state"] for sheet in told["sheets"]] == ["read", "passed_over"]
    assert {seen.path for seen in platform.requests} == {f"/api/activities/v1/uploads/{UPLOAD['id']}"}


IGNORED = [
    {"column": 3, "heading": "عدد النساء المستفيدات", "tag": None, "field": None},
    {"column": 4, "heading": "", "tag": None, "field": None},
    {"column": 5, "heading": "", "tag": "#x_colour", "field": None},
]
UNREAD = "لم تُقرأ لأن عناوينها غير معروفة: «عدد النساء المستفيدات»، «#x_colour»."


@pytest.mark.parametrize(("sheet", "where"), [(None, "أعمدة"), ("آذار", "أعمدة من الورقة «آذار»")])
def test_columns_that_were_not_read_are_named(
    platform: ScriptedPlatform, tmp_path: Path, sheet: str | None, where: str
) -> None:
    sign_in(platform)
    (tmp_path / "a.csv").write_text("x")
    read: dict[str, Any] = {"name": sheet, "state": "read", "counts": {}, "ignored_columns": IGNORED}
    done = {**UPLOAD, "counts": {"accepted": 3}, "sheets": [read], "assumptions": []}
    platform.otherwise = json_answer(200, {**done, "items": [], "next": None})
    for command in (("push", str(tmp_path / "a.csv")), ("uploads", "status", UPLOAD["id"])):
        shown = run(*command)
        assert (shown.exit_code, f"{where} {UNREAD}" in shown.stdout) == (0, True)
    told = json.loads(run("push", str(tmp_path / "a.csv"), "--json").stdout)
    assert told["ignored_columns"][0] == {"sheet": sheet, "column": 3, "heading": IGNORED[0]["heading"], "tag": None}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"state": "running", "counts": {}, "progress": 0.5}, 0),
        ({"counts": {"rows": 2, "accepted": 2, "rejected": 0}}, 0),
        ({"state": "failed", "counts": {}, "failure": {"code": "file_encrypted", "detail": "محمي"}}, 3),
    ],
    ids=["running", "all taken", "failed"],
)
def test_the_exit_code_tells_the_state_of_an_upload(
    platform: ScriptedPlatform, changed: dict[str, Any], code: int
) -> None:
    sign_in(platform)
    platform.otherwise = json_answer(200, {**UPLOAD, **changed})
    assert run("uploads", "status", UPLOAD["id"]).exit_code == code


def test_a_state_that_a_later_platform_has_is_shown_as_its_code(platform: ScriptedPlatform) -> None:
    sign_in(platform)
    platform.otherwise = json_answer(200, {**UPLOAD, "state": "asleep"})
    shown = run("uploads", "status", UPLOAD["id"])
    assert (shown.exit_code, "asleep" in shown.stdout) == (1, True)


def test_values_that_were_not_understood_are_said(platform: ScriptedPlatform, tmp_path: Path) -> None:
    sign_in(platform)
    told = [{"row": row, "status": "created", "not_understood": {"modality": "Barter"}} for row in (1, 2)]
    platform.otherwise = json_answer(200, {"accepted": 2, "rejected": 0, "results": told})
    said = run("push", rows(tmp_path, 2))
    assert (said.exit_code, "«Barter»" in said.stdout, "(الصفوف: 2)" in said.stdout) == (0, True, True)
    document = json.loads(run("push", rows(tmp_path, 2), "--json").stdout)
    assert document["values_not_understood"] == [{"field": "modality", "value": "Barter", "rows": 2}]


def test_the_latest_uploads(platform: ScriptedPlatform) -> None:
    sign_in(platform)
    platform.otherwise = json_answer(200, {"items": [LISTED, {**LISTED, "file_name": None}], "next": None})
    result = run("uploads", "status", "--first", "2")
    assert (result.exit_code, platform.requests[0].query) == (0, {"first": "2"})
    for shown in ("october.xlsx", "2026-10-31 11:15", "(Asia/Damascus)"):
        assert shown in result.stdout
    assert len(json.loads(run("uploads", "status", "--json").stdout)["items"]) == 2
    platform.otherwise = json_answer(200, {"items": [], "next": None})
    assert "لا شيء" in run("uploads", "status").stdout


def test_the_problems_of_an_upload(platform: ScriptedPlatform) -> None:
    sign_in(platform)
    problem = {"sheet": "إدلب", "row": 4, "field": "area", "code": "unknown_area", "detail": "لا توجد منطقة"}
    platform.ready.extend(
        [
            json_answer(200, {"items": [problem], "next": "n"}),
            json_answer(200, {"items": [{**problem, "row": 9}], "next": None}),
        ]
    )
    told = json.loads(run("uploads", "problems", UPLOAD["id"], "--json").stdout)
    assert [(each["sheet"], each["row"]) for each in told["items"]] == [("إدلب", 4), ("إدلب", 9)]
    platform.otherwise = json_answer(200, {"items": [problem], "next": None})
    shown = run("uploads", "problems", UPLOAD["id"]).stdout
    assert ("إدلب" in shown, "unknown_area" in shown) == (True, True)
    platform.otherwise = json_answer(404, {"code": "not_found", "detail": "غير موجود"})
    assert run("uploads", "problems", UPLOAD["id"]).exit_code == 3


def commands_of(group: Any, *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in getattr(group, "commands", {}).items():
        yield (*path, name), command
        yield from commands_of(command, *path, name)


COMMANDS = dict(commands_of(get_command(app)))


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_and_all_it_takes_are_explained(path: tuple[str, ...]) -> None:
    assert run(*path, "--help").exit_code == 0
    assert COMMANDS[path].help
    assert [each.name for each in COMMANDS[path].params if not each.help] == []


def test_exit_codes_are_told_in_lines_that_the_screen_folds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    for path in ((), ("push",)):
        assert EXIT_CODES in run(*path, "--help").stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_completes_commands(shell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("_TANSIQ_COMPLETE", f"complete_{shell}"), ("COMP_WORDS", "tansiq up"), ("COMP_CWORD", "1")):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", "tansiq up")
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
    told = RUNNER.invoke(app, [], prog_name="tansiq")
    assert "uploads" in told.stdout
    assert "targets" not in told.stdout


@pytest.mark.parametrize(("language", "word"), [("ar", "نهائياً؟"), ("en", "for ever?")])
def test_dropping_a_dead_letter_is_asked_for_in_words(platform: ScriptedPlatform, language: str, word: str) -> None:
    sign_in(platform, "--language", language)
    asked = RUNNER.invoke(app, ["dead-letters", "drop", "reporting", "7"], input="n\n")
    assert asked.exit_code == 1
    assert word in asked.stderr
    assert platform.requests == []
