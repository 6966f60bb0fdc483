"""The object store: the same three functions over a folder and over S3."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from archive import Objects
from archive.objects import ObjectStore

LISTED = """<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult><IsTruncated>false</IsTruncated>{}</ListBucketResult>"""
ENTRY = """<Contents><Key>{}</Key><Size>{}</Size><ETag>"a"</ETag><LastModified>2026-11-01T00:00:00.000Z</LastModified>
</Contents>"""


@asynccontextmanager
async def bucket() -> AsyncIterator[str]:
    """A server that speaks as much of S3 as the port needs; its address."""
    kept: dict[str, bytes] = {}

    async def put(request: web.Request) -> web.Response:
        kept[request.match_info["name"]] = await request.read()
        return web.Response(headers={"ETag": '"a"'})

    async def get(request: web.Request) -> web.Response:
        if (content := kept.get(request.match_info["name"])) is None:
            return web.Response(status=404)
        headers = {"ETag": '"a"', "Last-Modified": "Sun, 01 Nov 2026 00:00:00 GMT"}
        return web.Response(body=content, headers=headers)

    async def listed(request: web.Request) -> web.Response:
        prefix = request.query.get("prefix", "")
        entries = (ENTRY.format(name, len(kept[name])) for name in sorted(kept) if name.startswith(prefix))
        return web.Response(text=LISTED.format("".join(entries)), content_type="application/xml")

    app = web.Application()
    app.router.add_put("/tansiq/{name:.+}", put)
    app.router.add_get("/tansiq/{name:.+}", get)
    app.router.add_get("/tansiq", listed)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def conforms(store: ObjectStore) -> None:
    await store.put("registry/event/a/0.jsonl.gz", b"a")
    await store.put("registry/event/a/0.jsonl.gz", b"a")
    await store.put("registry/audit_entry/0.jsonl.gz", bytes(range(256)))
    assert await store.get("registry/audit_entry/0.jsonl.gz") == bytes(range(256))
    assert [name async for name in store.names("registry/event")] == ["registry/event/a/0.jsonl.gz"]
    with pytest.raises(FileNotFoundError):
        await store.get("registry/event/a/1.jsonl.gz")


async def test_a_folder_keeps_files(tmp_path: Path) -> None:
    folder = tmp_path / "not there" / "archive"
    await conforms(Objects.at(folder.as_uri()))
    assert folder.stat().st_mode & 0o777 == 0o700


async def test_a_bucket_keeps_files(monkeypatch: pytest.MonkeyPatch) -> None:
    async with bucket() as address:
        variables = {"ENDPOINT_URL": address, "ALLOW_HTTP": "true", "REGION": "us-east-1"}
        for name, value in {**variables, "ACCESS_KEY_ID": "a", "SECRET_ACCESS_KEY": "b"}.items():
            monkeypatch.setenv(f"AWS_{name}", value)
        await conforms(Objects.at("s3://tansiq/production"))
