"""Finding organisations that may be one, and dismissing a pair."""

import asyncio
from dataclasses import replace
from uuid import UUID

from contracts.duplicates import DuplicatesFound
from database import Transaction
from runtime import audit
from runtime.access import Principal
from runtime.problems import NotFound

from registry.duplicates import store
from registry.duplicates.domain import Likeness, known, nearest, pair_of, pairs_among, percent
from registry.duplicates.errors import PairSettled
from registry.duplicates.queries import SOURCE
from registry.organisations.domain import Organisation

Near = list[tuple[Organisation, Likeness]]


async def find_near(tx: Transaction, organisation: Organisation) -> Near:
    """Who may be the same as this one, the likeliest first; those that probably are, are kept to be settled."""
    await store.lock_finding(tx)
    one = known(organisation.id, organisation.profile)
    near = [other for other in await store.near(tx, one) if other.standing_id != organisation.id]
    found = nearest(one, [known(other.standing_id, other.profile) for other in near])
    others = {other.standing_id: replace(other, id=other.standing_id) for other in near}
    pairs = {pair_of(organisation.id, id): percent(like) for id, like in found.items() if like.proposes}
    await store.keep(tx, pairs, [organisation.id])
    told = [(others[id], like) for id, like in found.items() if like.is_near]
    return sorted(told, key=lambda each: -each[1].score)


async def find_all(tx: Transaction, principal: Principal) -> DuplicatesFound:
    """Compare all organisations anew."""
    await store.lock_finding(tx)
    organisations = await store.all_known(tx)
    found = await asyncio.to_thread(pairs_among, organisations)
    await store.keep(tx, {pair: percent(like) for pair, like in found.items()}, None)
    told = DuplicatesFound(organisations=len(organisations), open=await store.count_open(tx))
    await audit.record(tx, principal, "duplicates.find", "organisations", told.model_dump())
    return told


async def dismiss(tx: Transaction, principal: Principal, id: UUID, reason: str) -> int:
    """Settle that these are two. Raises `NotFound`, `PairSettled`."""
    version = await store.dismiss(tx, id, reason)
    if version is None:
        raise PairSettled if await SOURCE.one(tx, principal.reader, id) else NotFound
    await audit.record(tx, principal, "duplicate.dismiss", f"organisation_duplicate:{id}", {"reason": reason})
    return version
