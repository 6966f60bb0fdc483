"""What is busy, starting or over for a moment is not refused as if it were hostile or dead."""

import asyncio

from aiohttp import ClientSession, web
from gateway.pools import Pool
from gateway.upstream.streams import ServiceStreams


async def test_a_stream_is_taken_up_again_at_a_service_that_says_503_while_it_starts() -> None:
    seen: list[str | None] = []

    async def stream(request: web.Request) -> web.StreamResponse:
        seen.append(request.headers.get("last-event-id"))
        if len(seen) == 2:
            return web.json_response({"code": "unavailable"}, status=503)
        answer = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await answer.prepare(request)
        number = 1 if len(seen) == 1 else 2
        await answer.write(b'event: alert\nid: %d\ndata: {"id":"%d"}\n\n' % (number, number))
        return answer

    app = web.Application()
    app.router.add_get("/s", stream)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found: list[str] = []
    async with ClientSession() as session:
        streams = ServiceStreams(session, {"alerts": f"http://127.0.0.1:{runner.addresses[0][1]}"})
        ids = streams.ids("alerts", "/s", [], dict)
        while len(found) < 2:
            found.append(await asyncio.wait_for(anext(ids), 20))
        await ids.aclose()
    await runner.cleanup()
    assert (found, seen) == (["1", "2"], [None, "1", "1"])


async def test_a_pool_that_is_full_and_goes_on_is_not_stuck() -> None:
    now = [0.0]
    pool = Pool("t", 1, clock=lambda: now[0])
    await pool.take()
    for _ in range(30):
        waiting = [asyncio.create_task(pool.take()) for _ in range(2)]
        await asyncio.sleep(0)
        now[0] += 1
        pool.give_back()
        await asyncio.sleep(0.01)
        assert not pool.is_stuck()
        waiting[1].cancel()
    now[0] += 11
    assert pool.is_stuck()
