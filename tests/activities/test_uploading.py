"""Files: sent, kept, read by a worker, and answered row by row."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from activities.main import SERVICE
from activities.uploads import commands, job, store
from contracts.areas import AreaChanged
from contracts.values import Names
from jobs import JobWorker
from runtime.access import MIB
from runtime.service import Worker
from testkit.patience import tries
from testkit.service_clients import settings_of
from testkit.small_syria import IHSAN, VIOLET

from .conftest import ServiceClient

AFGHANISTAN = Path(__file__).parents[3] / "shared" / "data" / "reports" / "AFG_3w_hxl_jan_mar_2024.csv"
SAMPLE = Path(__file__).with_name("samples") / "afg_sample.csv"

HXL = "Sector,District,Month,Total,Status\n#sector+code,#adm3+code,#date+reported,#reached+ind,#status\n"


@asynccontextmanager
async def working(service: ServiceClient, readers: int = 2) -> AsyncIterator[None]:
    stop = asyncio.Event()
    settings = settings_of(SERVICE, service.url).model_copy(update={"upload_readers": readers})
    worker = Worker("activities", service.database, settings, None, None)  # type: ignore[arg-type]
    task = asyncio.create_task(JobWorker(service.database, job.JOBS, worker).run(stop))
    try:
        yield
    finally:
        stop.set()
        await task


async def send(
    service: ServiceClient,
    content: bytes | str,
    role: str = "member",
    *,
    key: str | None = None,
    kind: str = "text/csv",
    claims: Any = None,
    **form: str,
) -> Any:
    headers = {
        **service.bearer(role, **(claims or {})),
        "Content-Type": kind,
        **({"Idempotency-Key": key} if key else {}),
    }
    return await service.client.post("/v1/uploads", content=content, params=form, headers=headers)


async def finished(service: ServiceClient, address: str, role: str = "member") -> dict[str, Any]:
    await until_read(service, address)
    answer = await service.client.get(address, headers={**service.bearer(role), "Accept-Language": "en"})
    state: dict[str, Any] = answer.json()
    assert state["state"] in ("done", "failed", "proposed"), state
    return state


async def until_read(service: ServiceClient, address: str) -> None:
    """Wait until a file is read: by its row, for each answer costs ten times as much, beside the work waited for."""
    id = UUID(address.rpartition("/")[2])
    async for _ in tries():
        if await service.rows("select 1 from upload where id = $1 and state in ('done', 'failed', 'proposed')", id):
            return


async def taken(service: ServiceClient, content: bytes | str, role: str = "member", **form: str) -> dict[str, Any]:
    """What becomes of a file that is sent by a program, which looks at no proposal."""
    async with working(service):
        answer = await send(service, content, role, **{"confirm": "true", **form})
        assert answer.status_code == 202, answer.text
        return await finished(service, answer.headers["location"], role)


async def test_a_file_with_an_hxl_row_is_taken(service: ServiceClient) -> None:
    state = await taken(service, HXL + "WSH,SY070302,2026-10,100,Completed\nEDU,SY020400,2026-10,50,Ongoing\n")
    assert (state["state"], state["progress"]) == ("done", 1.0)
    assert {name: state["counts"][name] for name in ("rows", "accepted", "created", "rejected")} == {
        "rows": 2,
        "accepted": 2,
        "created": 2,
        "rejected": 0,
    }
    rows = await service.rows(
        "select sector, area, people_total, upload_row, organisation_id from report order by upload_row"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("WSH", "SY070302", 100, 3, VIOLET),
        ("EDU", "SY020400", 50, 4, VIOLET),
    ]
    assert len(await service.events()) == 2
    assert [column["field"] for column in state["columns"]] == ["sector", "adm3", "month", "people.total", "status"]
    assert not await service.rows("select 1 from upload_chunk union all select 1 from upload_key")


ARABIC = """تقرير شهري,,,,,,
,,,,,,
القطاع / Sector,المحافظة,المنطقة,الناحية,الشهر,المجموع,الحالة,ملاحظة لا نعرفها
WASH/مياه,إدلب/Idleb,حارم,الدانا,تشرين الأول ٢٠٢٦,"١٬٢٣٤",مكتمل,x
,,,,,,,
المأوى والمواد غير الغذائية,حلب,عفرين,مركز عفرين,10/2026,"2,500",جارٍ,
"""


async def test_arabic_headings_digits_names_and_values_are_read(service: ServiceClient) -> None:
    state = await taken(service, ARABIC)
    assert state["counts"]["accepted"] == 2, state["problems"]
    rows = await service.rows("select sector, area, month, people_total, status from report order by upload_row")
    assert [tuple(row.values()) for row in rows] == [
        ("WSH", "SY070302", "2026-10", 1234, "Completed"),
        ("SHL", "SY020400", "2026-10", 2500, "Ongoing"),
    ]
    assert [column["heading"] for column in state["ignored_columns"]] == ["ملاحظة لا نعرفها"]
    assert {entry["code"]: entry["rows"] for entry in state["assumptions"]} == {
        "area_by_name": 2,
        "sector_by_name": 2,
        "thousands_separator_assumed": 2,
    }


async def test_a_form_completes_what_the_rows_leave_out(service: ServiceClient) -> None:
    content = "Sub-district P-code,Organisation\nSY070302,Ihsan Relief\nSY020400,\n"
    state = await taken(service, content, "secretariat", month="2026-09", sector="HEA", organisation="VO", country="SY")
    assert state["counts"]["accepted"] == 2, state["problems"]
    rows = await service.rows("select organisation_id, month, sector from report order by upload_row")
    assert [tuple(row.values()) for row in rows] == [(IHSAN, "2026-09", "HEA"), (VIOLET, "2026-09", "HEA")]


async def test_problems_are_told_by_row_in_the_readers_language(service: ServiceClient) -> None:
    content = HXL + "\n".join(
        [
            "QQQ,SY070302,2026-10,1,Completed",
            "WSH,SY999999,2026-10,1,Completed",
            "WSH,SY070302,someday,1,Completed",
            "WSH,SY070302,2026-10,-1,Completed",
            "WSH,SY070302,2026-10,many,Completed",
            "WSH,SY070302,2026-10,1,Completed",
        ]
    )
    async with working(service):
        address = (await send(service, content)).headers["location"]
        state = await finished(service, address)
    codes = [(problem["row"], problem["code"], problem["field"]) for problem in state["problems"]]
    assert codes == [
        (3, "unknown_sector", "sector"),
        (4, "unknown_area", "adm3"),
        (5, "not_a_month", "month"),
        (6, "too_small", "people.total"),
        (7, "not_whole", "people.total"),
    ]
    assert (state["counts"]["accepted"], state["counts"]["rejected"]) == (1, 5)
    page = (await service.client.get(f"{address}/problems?first=3", headers=service.bearer())).json()
    assert "شهراً" in page["items"][2]["detail"]
    rest = await service.client.get(f"{address}/problems?first=3&after={page['next']}", headers=service.bearer())
    assert [problem["row"] for problem in rest.json()["items"]] == [6, 7]


async def test_problems_are_told_in_the_senders_language_to_a_reader_who_names_none(service: ServiceClient) -> None:
    for language, word in (("en", "sector"), ("ar", "قطاع")):
        async with working(service):
            address = (await send(service, HXL + "QQQ,SY070302,2026-10,1,Completed\n", language=language)).headers[
                "location"
            ]
            await finished(service, address)
        for path in (address, f"{address}/problems"):
            answer = await service.client.get(path, headers=service.bearer())
            [problem] = answer.json().get("problems") or answer.json()["items"]
            assert word in problem["detail"], (language, path)
            assert answer.headers["content-language"] == language


async def test_exact_repeats_are_all_kept_and_flagged_and_the_file_again_changes_nothing(
    service: ServiceClient,
) -> None:
    content = HXL + "WSH,SY070302,2026-10,5,Completed\n" * 3 + "WSH,SY070302,2026-10,6,Completed\n"
    first = await taken(service, content)
    assert (first["counts"]["created"], first["counts"]["exact_repeats"]) == (4, 2)
    again = await taken(service, content)
    assert (again["counts"]["created"], again["counts"]["unchanged"]) == (0, 4)
    assert (await service.rows("select count(*) from report"))[0]["count"] == 4
    assert len(await service.events()) == 4


async def test_a_member_may_not_send_rows_of_others(service: ServiceClient) -> None:
    state = await taken(service, "Sector,Area,Month,Organisation\nHEA,SY07,2026-10,Ihsan Relief\nHEA,SY07,2026-10,VO\n")
    assert [problem["code"] for problem in state["problems"]] == ["not_yours"]
    assert state["counts"]["accepted"] == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"no,headings,here\n1,2,3\n", "no_headings"),
        (b"PK\x03\x04 a workbook", "broken_workbook"),
        (b"\x00\x00\x00\x00", "not_a_table"),
    ],
    ids=["headings", "workbook", "binary"],
)
async def test_a_file_that_is_no_table_fails_with_its_reason(service: ServiceClient, content: bytes, code: str) -> None:
    state = await taken(service, content)
    assert (state["state"], state["failure"]["code"]) == ("failed", code)
    assert not await service.rows("select 1 from upload_chunk")


async def test_a_bad_cell_refuses_its_row_only(service: ServiceClient) -> None:
    tags = b"#sector,#adm3+code,#date+reported,#loc+name\n"
    row = b"WSH,SY070302,2026-10,%s\n"
    bad = [b"\xff\xfe", b"NUL\x00", b"x" * 100_000, b"y" * 3_000_000]
    state = await taken(service, tags + row % b"one" + b"".join(row % cell for cell in bad) + row % "مخيم".encode())
    assert [(problem["row"], problem["code"]) for problem in state["problems"]] == [
        (6, "row_too_large"),
    ]
    assert state["counts"]["accepted"] == 5
    assert {value["field"]: value["rows"] for value in state["values_not_understood"]} == {"site_name": 1}


async def test_broken_utf_16_is_read_as_far_as_it_goes(service: ServiceClient) -> None:
    content = b"\xff\xfe" + (HXL + "WSH,SY070302,2026-10,1,Completed\n").encode("utf-16-le") + b"\x00\xd8\n\x00\x41"
    state = await taken(service, content)
    assert (state["state"], state["counts"]["accepted"]) == ("done", 1)


async def test_an_open_quotation_mark_is_told_with_the_lines_it_swallowed(service: ServiceClient) -> None:
    content = HXL + 'WSH,SY070302,2026-10,1,"Completed\n' + "WSH,SY070302,2026-10,1,Completed\n" * 80
    state = await taken(service, content)
    [problem] = state["problems"]
    assert (problem["code"], problem["row"]) == ("broken_record", 3)
    assert "81" in problem["detail"]


async def test_other_encodings_and_separators_are_read(service: ServiceClient) -> None:
    text = "القطاع;الناحية;الشهر\nWSH;الدانا;2026-10\n"
    for encoding, assumed in (("utf-16", []), ("utf-8-sig", []), ("cp1256", ["windows_1256"])):
        state = await taken(service, text.encode(encoding))
        assert state["counts"]["accepted"] == 1, (encoding, state["problems"])
        assert [entry["code"] for entry in state["assumptions"] if entry["code"].startswith("windows")] == assumed


def multipart(content: bytes, **fields: str) -> tuple[bytes, dict[str, str]]:
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    ]
    file = b'--b\r\nContent-Disposition: form-data; name="file"; filename="f.csv"\r\nContent-Type: text/csv\r\n\r\n'
    return file + content + b"\r\n" + "".join(parts).encode() + b"--b--\r\n", {
        "Content-Type": "multipart/form-data; boundary=b"
    }


async def test_a_form_with_its_fields_behind_the_file_is_read(service: ServiceClient) -> None:
    body, headers = multipart(b"Sector,Area\nHEA,SY07\n", month="2026-10", language="en")
    async with working(service):
        answer = await service.client.post("/v1/uploads", content=body, headers={**service.bearer(), **headers})
        assert answer.status_code == 202, answer.text
        state = await finished(service, answer.headers["location"])
    assert state["counts"]["accepted"] == 1


@pytest.mark.parametrize(
    ("body", "content_type", "query", "status", "code"),
    [
        (b"", "text/csv", "", 422, "file_missing"),
        (b"x", "text/csv", "?month=soon", 422, "invalid"),
        (b"x", "text/csv", "?colour=red", 422, "invalid"),
        (b"x", "application/pdf", "", 415, "unsupported_content_type"),
        (b"nothing", "multipart/form-data; boundary=b", "", 400, "malformed_multipart"),
        (b"--b\r\n", "multipart/form-data", "", 400, "malformed_multipart"),
        (multipart(b"x")[0][:-6], "multipart/form-data; boundary=b", "", 400, "malformed_multipart"),
        (multipart(b"x", month="y" * 5000)[0], "multipart/form-data; boundary=b", "", 400, "malformed_multipart"),
        (b"--b--\r\n", "multipart/form-data; boundary=b", "", 422, "file_missing"),
    ],
    ids=["empty", "month", "unknown", "pdf", "no-part", "no-boundary", "cut-off", "long-field", "no-file"],
)
async def test_a_requests_fault_is_a_problem_and_leaves_nothing(
    service: ServiceClient, body: bytes, content_type: str, query: str, status: int, code: str
) -> None:
    headers = {**service.bearer(), "Content-Type": content_type}
    answer = await service.client.post(f"/v1/uploads{query}", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert not await service.rows("select 1 from upload_chunk")
    assert not await service.rows("select 1 from upload")


async def test_a_body_over_the_limit_is_refused_while_it_comes_in(service: ServiceClient) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 300:
            sent += 1
            yield b"x" * MIB

    headers = {**service.bearer(), "Content-Type": "text/csv"}
    answer = await service.client.post("/v1/uploads", content=endless(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert not await service.rows("select 1 from upload_chunk")


async def test_a_key_gives_the_first_upload_again_and_refuses_another_file(service: ServiceClient) -> None:
    first = await send(service, HXL, key="k-1")
    again = await send(service, HXL, key="k-1")
    assert (again.status_code, again.json()) == (202, first.json())
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotency-replayed"] == "true"
    other = await send(service, HXL + "x", key="k-1")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert len(await service.rows("select 1 from upload")) == 1
    assert len(await service.rows("select distinct upload_id from upload_chunk")) == 1


async def test_an_upload_is_seen_by_its_organisation_and_the_secretariat_only(service: ServiceClient) -> None:
    address = (await send(service, HXL)).headers["location"]
    colleague = service.bearer(subject="violet-person")
    stranger = service.bearer(organisation_id=IHSAN, subject="ihsan-system")
    coordinator = service.bearer("coordinator", sectors=["WSH"], areas=["SY07"])
    for headers, status in (
        (colleague, 200),
        (service.bearer("secretariat"), 200),
        (stranger, 404),
        (coordinator, 404),
    ):
        for path in (address, f"{address}/problems"):
            assert (await service.client.get(path, headers=headers)).status_code == status


async def test_one_sender_does_not_keep_all_others_waiting(
    service: ServiceClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.uploads.commands.MOST_WAITING", 3)
    answers = await asyncio.gather(*(send(service, HXL) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [202, 202, 202, 429, 429]
    colleague = {**service.bearer(subject="violet-person"), "Content-Type": "text/csv", "Accept-Language": "en"}
    refused = await service.client.post("/v1/uploads", content=HXL, headers=colleague)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_waiting")
    assert refused.headers["retry-after"] == "10"
    assert len(await service.rows("select distinct upload_id from upload_chunk")) == 3
    other = {**service.bearer(organisation_id=IHSAN, subject="ihsan-system"), "Content-Type": "text/csv"}
    assert (await service.client.post("/v1/uploads", content=HXL, headers=other)).status_code == 202
    async with working(service):
        for answer in answers:
            if answer.status_code == 202:
                await finished(service, answer.headers["location"])
    assert (await send(service, HXL)).status_code == 202


async def test_what_a_coordinator_sent_for_others_is_not_shown_to_their_own_organisation(
    service: ServiceClient,
) -> None:
    """Problems quote the rows of those organisations."""
    claims = {"organisation_id": VIOLET, "sectors": ["WSH"], "areas": ["SY07"]}
    coordinator = service.bearer("coordinator", subject="wash-coordinator", **claims)
    other_group = service.bearer("coordinator", subject="shelter-coordinator", **{**claims, "sectors": ["SHL"]})
    sent = await service.client.post("/v1/uploads", content=HXL, headers={**coordinator, "Content-Type": "text/csv"})
    address = sent.headers["location"]
    for headers, status in ((coordinator, 200), (service.bearer(), 404), (other_group, 404)):
        for path in (address, f"{address}/problems"):
            assert (await service.client.get(path, headers=headers)).status_code == status
        listed = (await service.client.get("/v1/uploads", headers=headers)).json()["items"]
        assert len(listed) == (status == 200)
    own = (await send(service, HXL)).headers["location"]
    assert (await service.client.get(own, headers=coordinator)).status_code == 200


async def test_a_look_of_the_secretariat_at_what_was_wrong_with_others_rows_is_written_down(
    service: ServiceClient,
) -> None:
    address = (await send(service, HXL)).headers["location"]
    for headers in (service.bearer(), service.bearer("secretariat")):
        for path in (address, f"{address}/problems"):
            assert "of_others" not in (await service.client.get(path, headers=headers)).json()
    looks = await service.rows("select role, object from audit_entry where action = 'upload.look'")
    assert [tuple(look.values()) for look in looks] == [("secretariat", f"upload:{address.rpartition('/')[2]}")] * 2


async def test_a_worker_that_dies_between_batches_is_followed_without_doubling_a_row(
    service: ServiceClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.uploads.job.BATCH", 10)
    content = HXL + "".join(f"WSH,SY070302,2026-10,{number % 7},Completed\n" for number in range(65))
    take, calls = commands.take_rows, 0

    async def dying(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls in (3, 5):
            await take(*arguments, **named)
            raise ConnectionResetError  # before the commit
        return await take(*arguments, **named)

    monkeypatch.setattr(commands, "take_rows", dying)
    monkeypatch.setattr("jobs.worker.TROUBLE_SECONDS", 0.01)
    async with working(service, readers=1):
        sent = await send(service, content)
        state = await finished(service, sent.headers["location"])
    assert calls == 9
    assert (state["counts"]["rows"], state["counts"]["created"], state["counts"]["exact_repeats"]) == (65, 65, 58)
    assert (await service.rows("select count(*) from report"))[0]["count"] == 65
    assert len(await service.events()) == 65


async def test_two_workers_on_one_upload_take_each_row_once(
    service: ServiceClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.uploads.job.BATCH", 10)
    monkeypatch.setattr("jobs.store.LEASE_SECONDS", 0.0)  # every lease is lost at once
    content = HXL + "".join(f"WSH,SY070302,2026-10,{number},Completed\n" for number in range(100))
    async with working(service), working(service):
        answer = await send(service, content)
        state = await finished(service, answer.headers["location"])
    assert (state["counts"]["rows"], state["counts"]["created"]) == (100, 100)
    assert len(await service.events()) == 100


async def test_a_site_in_a_refused_row_is_in_no_problem(service: ServiceClient) -> None:
    tags = "#sector,#adm3+code,#date+reported,#loc+name,#geo+lat,#geo+lon,#loc+community\n"
    async with working(service):
        sent = await send(service, tags + "XXX,SY999999,2026-10,Canary Hospital,36.271828,200.5,Canary Village\n")
        address = sent.headers["location"]
        await finished(service, address)
    answer = await service.client.get(f"{address}/problems", headers=service.bearer())
    stored = await service.rows("select facts::text from upload_problem")
    for text in (answer.text, str(stored)):
        assert not any(canary in text for canary in ("Canary", "36.271828", "200.5"))
    assert not await service.rows("select 1 from upload_chunk")


def afghanistan() -> tuple[bytes, list[dict[str, str]]]:
    """The real file where it is, else the project's own sample of the same shape."""
    content = (AFGHANISTAN if AFGHANISTAN.exists() else SAMPLE).read_bytes()
    headings, _, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    return content, [dict(zip(headings, row, strict=True)) for row in rows]


def areas_of(rows: list[dict[str, str]]) -> list[AreaChanged]:
    provinces = {row["PROV_CODE"]: ("AF", row["PROVINCE"]) for row in rows}
    districts = {row["DIST_CODE"]: (row["PROV_CODE"], row["DISTRICT"]) for row in rows}
    paths: dict[str, tuple[str, ...]] = {"AF": ("AF",)}
    events = []
    for pcode, (parent, name) in {**provinces, **districts}.items():
        paths[pcode] = (*paths[parent], pcode)
        level = len(paths[pcode]) - 1
        named = Names(en=name)
        events.append(
            AreaChanged(
                version=1, country="AF", pcode=pcode, level=level, names=named, parent=parent, path=paths[pcode]
            )
        )
    return events


async def test_a_real_file_of_another_country_is_taken_whole(service: ServiceClient) -> None:
    content, rows = afghanistan()
    await service.announce(*areas_of(rows))
    state = await taken(service, content, "secretariat", country="AF", month="2024-03")
    assert (state["counts"]["accepted"], state["counts"]["rejected"]) == (len(rows), 0), state["problems"][:3]
    found = await service.rows(
        "select adm1, sector, count(distinct organisation_id) from report where country = 'AF' group by 1, 2"
    )
    names = {"PROTECTION": "PRO", "HEALTH": "HEA", "FSAC": "FSC", "NUTRITION": "NUT", "ESNFI": "SHL", "WASH": "WSH"}
    expected: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        sector = names.get(row["CLUSTER_SECTOR_CODE"].removesuffix("_OP"), "EDU")
        expected.setdefault((row["PROV_CODE"], sector), set()).add(row["ORG_ACRONYM"])
    assert {(row["adm1"], row["sector"]): row["count"] for row in found} == {
        key: len(acronyms) for key, acronyms in expected.items()
    }
    distinct = await service.rows("select count(distinct organisation_id) from report")
    assert distinct[0]["count"] == len({row["ORG_ACRONYM"] for row in rows})
    assert len(await service.events()) == len(rows)


async def test_a_file_that_breaks_its_reader_fails_alone(
    service: ServiceClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_rows = job._read_rows

    def breaking(records: Any, *how: Any) -> Any:
        if any("poison" in record.cells for record in records):
            raise KeyError("poison")
        return read_rows(records, *how)

    monkeypatch.setattr(job, "_read_rows", breaking)
    async with working(service):
        bad = await send(service, HXL + "poison,SY070302,2026-10,1,Completed\n")
        good = await send(service, HXL + "WSH,SY070302,2026-10,1,Completed\n")
        failed = await finished(service, bad.headers["location"])
        done = await finished(service, good.headers["location"])
    assert (failed["state"], failed["failure"]["code"]) == ("failed", "not_finished")
    assert (done["state"], done["counts"]["accepted"]) == ("done", 1)


async def test_a_file_that_broke_its_reader_is_tried_again_by_an_operator(
    service: ServiceClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaking(*_: Any) -> Any:
        raise KeyError("poison")

    with monkeypatch.context() as broken:
        broken.setattr(job, "_read_rows", breaking)
        async with working(service):
            address = (await send(service, HXL + "WSH,SY070302,2026-10,1,Completed\n")).headers["location"]
            assert (await finished(service, address))["state"] == "failed"
    operator = service.bearer("secretariat")
    [dead] = (await service.client.get("/v1/operations/dead-jobs", headers=operator)).json()["items"]
    assert (dead["queue"], dead["key"]) == ("upload", address.rpartition("/")[2])
    await service.client.post(f"/v1/operations/dead-jobs/{dead['id']}/retry", headers=operator)
    async with working(service):
        async for _ in tries():
            state = (await service.client.get(address, headers=service.bearer())).json()
            if state["state"] == "done":
                break
    assert (state["counts"]["accepted"], state["failure"]) == (1, None)
    assert not await service.rows("select 1 from upload_chunk union all select 1 from job where queue = 'upload'")


async def test_problems_and_broken_files_are_forgotten_and_counts_stay(
    service: ServiceClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = await taken(service, HXL + "QQQ,SY070302,2026-10,1,Completed\n")
    new = await taken(service, HXL + "QQQ,SY070302,2026-10,1,Completed\n")
    async with service.database.transaction() as tx:
        await tx.execute("update upload set finished_at = now() - interval '91 days' where id = $1::uuid", old["id"])
        for key, days in (("old", 91), ("new", 1)):
            await tx.execute(
                "insert into job (queue, key, cause, died_at)"
                " values ('upload', $1, '', now() - make_interval(days => $2))",
                key,
                days,
            )
    before = datetime.now(UTC) - timedelta(days=90)
    await service.database.run(lambda tx: store.forget_problems(tx, before))
    assert [row["key"] for row in await service.rows("select key from job where queue = 'upload'")] == ["new"]
    for upload, listed in ((old, 0), (new, 1)):
        state = (await service.client.get(f"/v1/uploads/{upload['id']}", headers=service.bearer())).json()
        assert len(state["problems"]) == listed
        assert state["problem_counts"] == {"total": 1, "listed": listed, "by_code": {"unknown_sector": 1}}


async def test_what_nobody_sees_in_a_file_is_not_there(service: ServiceClient) -> None:
    tags = "\u200b#sector,#adm3+code\u200e,#date+reported,#loc+name,#activity+id\n"
    first = "W\u200bSH,SY070302\u00a0,2026-10\u202c,مخ\u00adيم,a-1\n"
    again = "WSH,SY070302,2026-10,\u2060,a-\ufeff1\n"
    state = await taken(service, (tags + first + again + "\u200b,\u200b,,,\n").encode())
    assert state["problems"] == []
    assert (state["counts"]["rows"], state["counts"]["blank"]) == (2, 1)
    assert [row["external_id"] for row in await service.rows("select external_id from report")] == ["a-1"]


async def test_counts_of_files_that_were_read_before_are_told_as_those_of_today(service: ServiceClient) -> None:
    """The migration renames what was counted under other words."""
    migration = (SERVICE.folder / "migrations" / "0154_accepted.sql").read_text()
    id = uuid4()
    async with service.database.transaction() as tx:
        await tx.execute(
            "insert into upload"
            " (id, country, client, role, sectors, areas, language, size, state, counts, sheet_counts)"
            " values ($1, 'SY', 'violet-system', 'secretariat', '{}', '{}', 'en', 1, 'done', $2, $3)",
            id,
            {"rows": 3, "taken": 2, "created": 2, "refused": 1},
            {"1": {"rows": 3, "taken": 2, "refused": 1}},
        )
        for _ in range(2):
            await tx.execute(migration.replace("create function", "create or replace function"))
    [row] = await service.rows("select counts, sheet_counts from upload where id = $1", id)
    assert row["counts"] == {"rows": 3, "accepted": 2, "created": 2, "rejected": 1}
    assert row["sheet_counts"] == {"1": {"rows": 3, "accepted": 2, "rejected": 1}}
