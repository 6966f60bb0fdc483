"""Keeping what the registry says; each statement takes a whole batch and only what is not older: heard again, a state
is written again, so that a rebuild mends what was kept wrongly."""

from collections.abc import Sequence

import orjson
from contracts.event import newest
from contracts.registry import AreaChanged, IdentityChanged, OrganisationChanged, SectorChanged
from database import Transaction


async def keep_organisations(tx: Transaction, events: Sequence[OrganisationChanged]) -> None:
    states = newest(events)
    await tx.execute(
        """
        insert into organisation as held (id, version, status, names)
        select * from unnest($1::uuid[], $2::bigint[], $3::text[], $4::jsonb[])
        on conflict (id) do update set version = excluded.version, status = excluded.status, names = excluded.names
        where held.version <= excluded.version
        """,
        [state.id for state in states],
        [state.version for state in states],
        [state.status.value for state in states],
        [state.names.model_dump(exclude_none=True) for state in states],
    )


async def keep_areas(tx: Transaction, events: Sequence[AreaChanged]) -> None:
    states = newest(events)
    await tx.execute(
        """
        insert into area as held (country, pcode, version, path)
        select a.country, a.pcode, a.version, string_to_array(a.path, '/')
          from unnest($1::text[], $2::text[], $3::bigint[], $4::text[]) as a (country, pcode, version, path)
        on conflict (country, pcode) do update set version = excluded.version, path = excluded.path
        where held.version <= excluded.version
        """,
        [state.country for state in states],
        [state.pcode for state in states],
        [state.version for state in states],
        ["/".join(state.path) for state in states],
    )


async def keep_sectors(tx: Transaction, events: Sequence[SectorChanged]) -> None:
    states = newest(events)
    await tx.execute(
        """
        insert into sector as held (code, version) select * from unnest($1::text[], $2::bigint[])
        on conflict (code) do update set version = excluded.version where held.version <= excluded.version
        """,
        [state.code for state in states],
        [state.version for state in states],
    )


async def keep_identities(tx: Transaction, events: Sequence[IdentityChanged]) -> None:
    states = newest(events)
    await tx.execute(
        """
        insert into identity as held (subject, version, grants)
        select subject, version, grants::jsonb
          from unnest($1::text[], $2::bigint[], $3::text[]) as i (subject, version, grants)
        on conflict (subject) do update set version = excluded.version, grants = excluded.grants
        where held.version <= excluded.version
        """,
        [state.subject for state in states],
        [state.version for state in states],
        # As text: a list of lists would be taken for an array of two dimensions.
        [orjson.dumps([grant.model_dump(mode="json") for grant in state.grants]).decode() for state in states],
    )
    if erased := [state.subject for state in states if state.erased]:
        await _forget_subscriptions(tx, erased)


async def _forget_subscriptions(tx: Transaction, holders: Sequence[str]) -> None:
    """An address and a description may tell who somebody was."""
    rows = await tx.fetch("delete from subscription where subject = any($1::text[]) returning id", holders)
    await tx.execute("delete from delivery where subscription_id = any($1::uuid[])", [row["id"] for row in rows])
