"""Writing proposals: what was told of a file, until it is confirmed or given up."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from database import Transaction
from tables.profile import Profile

from activities.proposals.domain import NewProposal
from activities.proposals.errors import ProposalExpired
from activities.uploads import store as uploads
from activities.uploads.domain import Upload

MOST_PROPOSED = 20
"""Files of one sender's side that wait to be confirmed."""


async def propose(tx: Transaction, upload: Upload, proposal: NewProposal) -> None:
    """Say how the file would be read, and let it wait; of many that wait at a time the oldest are given up."""
    await tx.execute(
        """
        insert into upload_proposal (upload_id, digest, told, profiles) values ($1, $2, $3, $4)
        on conflict (upload_id) do update
        set made_at = now(), digest = excluded.digest, told = excluded.told, profiles = excluded.profiles
        """,
        upload.id,
        proposal.digest,
        proposal.told,
        {str(place): profile.model_dump(mode="json") for place, profile in proposal.profiles.items()},
    )
    failure = proposal.question
    await tx.execute(
        """
        update upload
        set state = 'proposed', confirmed = null, position = 0, next_record = 0, draft = null,
            failure = $2, failure_facts = $3
        where id = $1
        """,
        upload.id,
        failure.code if failure else None,
        uploads.plain(failure.facts) if failure else {},
    )
    await _give_up(
        tx,
        """
        select id from upload
        where state = 'proposed' and side = (select side from upload where id = $1)
        order by received_at desc offset $2
        """,
        upload.id,
        MOST_PROPOSED,
    )


async def confirm(tx: Transaction, id: UUID, profiles: Mapping[int, Profile], *, dry_run: bool) -> None:
    """Let a worker count the file, read so, or propose it anew."""
    side = await tx.fetchval(
        """
        update upload set state = 'queued', failure = null, failure_facts = '{}', next_record = 0, position = 0,
               confirmed = $2, dry_run = $3
        where id = $1 returning side
        """,
        id,
        {str(place): profile.model_dump(mode="json") for place, profile in profiles.items()},
        dry_run,
    )
    await tx.execute("delete from upload_proposal where upload_id = $1", id)
    await uploads.UPLOADS.put(tx, str(id), lane=side)


async def give_up_proposals(tx: Transaction, before: datetime) -> None:
    """Give up files that nobody confirmed since."""
    await _give_up(
        tx,
        """
        select id from upload join upload_proposal on upload_id = id where state = 'proposed' and made_at < $1
        """,
        before,
    )


async def _give_up(tx: Transaction, which: str, *arguments: object) -> None:
    for row in await tx.fetch(which, *arguments):
        await uploads.end(tx, row["id"], ProposalExpired())
        await uploads.drop_chunks(tx, row["id"])
        await tx.execute("delete from upload_proposal where upload_id = $1", row["id"])
