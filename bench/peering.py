"""The peer's server, PostGraphile as performance.md has it, over the same rows. Where npm is not, there is none."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import orjson

from bench.fixture import BenchFixture, served
from bench.load import request

FOLDER: Final = Path(__file__).with_name("peer")
KEPT: Final = Path(".tansiq") / "peer"
"""Where it is installed, once."""
INSTALL: Final = ("install", "--no-package-lock", "--no-audit", "--no-fund", "--silent")
INSTALL_SECONDS: Final = 600
ONE: Final = """
query One($id: UUID!) {
  reportByRowId(rowId: $id) {
    rowId sector indicator adm1 adm2 adm3 month status populationGroup peopleTotal version
    organisationByOrganisationId { spellings }
  }
}
"""


class NoPeer(Exception):
    """There is no peer to be measured."""


@asynccontextmanager
async def peer_server(fixture: BenchFixture) -> AsyncIterator[str]:
    """Its origin. Raises `NoPeer`."""
    await asyncio.to_thread(shutil.copytree, FOLDER, KEPT, dirs_exist_ok=True)
    await _install()
    command = [str(KEPT / "node_modules" / ".bin" / "node"), str(KEPT / "server.js")]
    async with served(command, {"NODE_ENV": "production", "BENCH_ACTIVITIES": fixture.activities}) as origin:
        yield origin


async def _install() -> None:
    if not (npm := shutil.which("npm")):
        raise NoPeer("npm is not here")
    process = await asyncio.create_subprocess_exec(npm, *INSTALL, cwd=KEPT)
    try:
        failed = await asyncio.wait_for(process.wait(), INSTALL_SECONDS)
    except TimeoutError:
        process.kill()
        raise NoPeer("npm took too long") from None
    if failed:
        raise NoPeer("npm could not install it")


def one_report(id: str) -> bytes:
    """Q1 as the peer takes it."""
    body = orjson.dumps({"query": ONE, "variables": {"id": id}})
    return request("POST", "/graphql", body, content_type="application/json", accept="application/json")
