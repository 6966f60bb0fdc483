"""The client's manners: tokens renewed, passing failures waited out, nothing sent under a second key."""

import time

import orjson
import pytest
from client import Credentials, Refused, Tansiq, Unreachable, transport
from client.tokens import Token, Tokens
from client.transport import Call
from starlette.responses import Response
from testkit.scripted import ScriptedPlatform, json_answer

PING = Call("GET", "/api/registry/v1/sectors")
CHANGE = Call.json("POST", "/api/registry/v1/organisations", {"names": {"ar": "الزيتون"}})


async def test_one_token_serves_many_requests(tansiq: Tansiq, platform: ScriptedPlatform) -> None:
    for _ in range(3):
        await tansiq.session.ask(PING)
    assert platform.tokens == 1
    assert {seen.headers["authorization"] for seen in platform.requests} == {"Bearer t1"}


async def test_a_token_is_renewed_before_it_runs_out() -> None:
    now = 0.0
    taken = 0

    async def take() -> Token:
        nonlocal taken
        taken += 1
        return Token(f"t{taken}", 300)

    tokens = Tokens(take, clock=lambda: now)
    assert await tokens.current() == "t1"
    now = 269
    assert await tokens.current() == "t1"
    now = 271
    assert await tokens.current() == "t2"


async def test_a_token_refused_once_is_renewed(tansiq: Tansiq, platform: ScriptedPlatform) -> None:
    await tansiq.session.ask(PING)
    platform.valid_from = 2
    await tansiq.session.ask(PING)
    assert platform.tokens == 2


async def test_a_token_refused_twice_is_a_refusal(tansiq: Tansiq, platform: ScriptedPlatform) -> None:
    platform.valid_from = 99
    with pytest.raises(Refused) as refused:
        await tansiq.session.ask(PING)
    assert (refused.value.status, refused.value.code) == (401, "invalid_token")
    assert platform.tokens == 2


async def test_wrong_secret(platform: ScriptedPlatform) -> None:
    async with Tansiq(Credentials(platform.url, "olive", "wrong"), patience_seconds=3) as tansiq:
        with pytest.raises(Refused) as refused:
            await tansiq.session.ask(PING)
    assert (refused.value.status, refused.value.code) == (401, "invalid_client")


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
async def test_what_passes_is_waited_out_under_one_key(tansiq: Tansiq, platform: ScriptedPlatform, status: int) -> None:
    platform.ready.extend([Response(b"", status), Response(b"", status), json_answer(201, {"id": 1})])
    assert (await tansiq.session.ask(CHANGE)).status_code == 201
    keys = [seen.headers["idempotency-key"] for seen in platform.requests]
    assert len(keys) == 3
    assert len(set(keys)) == 1


async def test_two_requests_have_two_keys(tansiq: Tansiq, platform: ScriptedPlatform) -> None:
    await tansiq.session.ask(CHANGE)
    await tansiq.session.ask(CHANGE)
    first, second = (seen.headers["idempotency-key"] for seen in platform.requests)
    assert first != second


async def test_retry_after_is_kept(tansiq: Tansiq, platform: ScriptedPlatform) -> None:
    platform.ready.append(Response(b"", 503, {"Retry-After": "1"}))
    started = time.monotonic()
    await tansiq.session.ask(PING)
    assert time.monotonic() - started >= 1


async def test_spent_allowance_is_waited_for_as_long_as_the_platform_says(
    tansiq: Tansiq, platform: ScriptedPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also beyond the longest pause and the client's patience, which is for what does not answer."""
    monkeypatch.setattr(transport, "LONGEST_PAUSE", 0.1)
    platform.ready.append(Response(b"", 429, {"Retry-After": "4"}))
    started = time.monotonic()
    assert (await tansiq.session.ask(PING)).status_code == 200
    assert time.monotonic() - started >= 4


async def test_who_is_told_to_come_much_later_is_told_so_at_once(tansiq: Tansiq, platform: ScriptedPlatform) -> None:
    problem = {"code": "too_many_requests", "detail": "in 3000 seconds"}
    platform.otherwise = Response(orjson.dumps(problem), 429, {"Retry-After": "3000"})
    with pytest.raises(Refused) as refused:
        await tansiq.session.ask(PING)
    assert (refused.value.code, refused.value.retry_after) == ("too_many_requests", 3000)
    assert len([seen for seen in platform.requests if seen.path != "/oauth/token"]) == 1


async def test_our_own_first_attempt_still_running_is_waited_for(tansiq: Tansiq, platform: ScriptedPlatform) -> None:
    platform.ready.extend([json_answer(409, {"code": "still_running", "detail": "…"}), json_answer(201, {"id": 1})])
    assert (await tansiq.session.ask(CHANGE)).status_code == 201


async def test_what_does_not_pass_is_the_refusal_itself(tansiq: Tansiq, platform: ScriptedPlatform) -> None:
    platform.otherwise = json_answer(503, {"code": "unavailable", "detail": "لاحقاً"})
    with pytest.raises(Refused) as refused:
        await tansiq.session.ask(PING)
    assert (refused.value.status, refused.value.code) == (503, "unavailable")


async def test_a_refusal_names_each_fault(tansiq: Tansiq, platform: ScriptedPlatform) -> None:
    errors = [{"code": "missing", "detail": "هذا الحقل مطلوب.", "field": "names"}]
    platform.otherwise = json_answer(422, {"code": "invalid", "detail": "في الطلب أخطاء", "errors": errors})
    with pytest.raises(Refused) as refused:
        await tansiq.session.ask(CHANGE)
    assert [(error.code, error.field) for error in refused.value.errors] == [("missing", "names")]
    assert len(platform.requests) == 1


async def test_an_answer_that_is_no_problem_keeps_its_status(tansiq: Tansiq, platform: ScriptedPlatform) -> None:
    platform.otherwise = Response(b"<html>", 418)
    with pytest.raises(Refused) as refused:
        await tansiq.session.ask(PING)
    assert (refused.value.status, refused.value.code) == (418, "http_418")


async def test_nobody_listens(unused_tcp_port: int) -> None:
    credentials = Credentials(f"http://127.0.0.1:{unused_tcp_port}", "olive", "secret")
    async with Tansiq(credentials, patience_seconds=0.5) as tansiq:
        with pytest.raises(Unreachable):
            await tansiq.session.ask(PING)


async def test_the_language_is_asked_for(platform: ScriptedPlatform) -> None:
    async with Tansiq(Credentials(platform.url, "olive", "secret"), language="en") as tansiq:
        await tansiq.session.ask(PING)
    assert platform.requests[0].headers["accept-language"] == "en"


def test_the_secret_is_not_in_the_text_of_credentials() -> None:
    assert "secret" not in repr(Credentials("http://x", "olive", "s3cret")).replace("client_secret", "")


async def test_a_part_that_is_away_behind_graphql_is_waited_for(tansiq: Tansiq, platform: ScriptedPlatform) -> None:
    away = {"data": None, "errors": [{"message": "…", "extensions": {"code": "unavailable"}}]}
    platform.ready.extend([json_answer(200, away), json_answer(200, {"data": {"sectors": []}})])
    assert await tansiq.graph.ask("{ sectors { code } }") == {"sectors": []}
