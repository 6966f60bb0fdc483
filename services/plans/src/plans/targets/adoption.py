"""Targets that stood in activities before they were plans': adopted with ids, versions and who set them when."""

import asyncio
import sys

import orjson
from contracts.targets import TargetChanged
from database import Database, Transaction
from messaging import events

from plans.settings import Settings
from plans.targets import store
from plans.targets.commands import published_state


async def adopt(settings: Settings) -> None:
    """Entry point of the command: what `activities.main targets` wrote stands on standard input."""
    document = await asyncio.to_thread(sys.stdin.read)
    _check(document)
    database = await Database.connect(settings.database_url.get_secret_value(), application="plans-adopt", largest=1)
    try:
        count = await database.run(lambda tx: adopt_targets(tx, document))
    finally:
        await database.close()
    sys.stdout.write(f"plans: {count} targets were adopted\n")


def _check(document: str) -> None:
    """Nothing is adopted of a document that broke off."""
    try:
        orjson.loads(document)
    except orjson.JSONDecodeError:
        sys.stderr.write("standard input is not all of what activities.main targets writes\n")
        raise SystemExit(2) from None


async def adopt_targets(tx: Transaction, document: str) -> int:
    """Take what is not here, or here in an older version, and tell the others; how many. May run again."""
    adopted = {row["id"]: (store.target_of(row), row["version"]) for row in await store.adopt(tx, document)}
    states = {str(id): published_state(target, id, version) for id, (target, version) in adopted.items()}
    await events.append_states(tx, TargetChanged, states)
    return len(adopted)
