"""What changes proposals: a person confirms how a file is read, corrected where it was wrong."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from database import Transaction
from runtime import audit
from runtime.access import Principal
from runtime.naming import UnknownArea, UnknownOrganisation, UnknownSector
from runtime.problems import Invalid, Refusal
from tables.profile import Profile

from activities.proposals import queries, store
from activities.proposals.corrections import Corrections, texts_named
from activities.proposals.errors import NotProposed, ProposalChanged
from activities.proposals.schemas import Confirmation
from activities.proposals.tally import AREAS, ORGANISATIONS
from activities.reference.domain import LookupKeys, Reference
from activities.reference.queries import reference_for
from activities.reports.sectors import NAMING_SECTOR


async def confirm(tx: Transaction, principal: Principal, upload: Mapping[str, Any], said: Confirmation) -> None:
    """Let a file be counted, read as its proposal and these corrections say.

    Raises `NotProposed`, `ProposalChanged`, and `Invalid`, which names each wrong correction.
    """
    id: UUID = upload["id"]
    proposed = await queries.lock_proposal(tx, id)
    if proposed is None:
        raise NotProposed
    if proposed["digest"] != said.digest:
        raise ProposalChanged("digest")
    kept = {int(place): Profile.model_validate(profile) for place, profile in proposed["profiles"].items()}
    profiles = Corrections(proposed["told"], said, kept).made()
    await _check_named(tx, upload["country"], said)
    await store.confirm(tx, id, profiles, dry_run=said.dry_run)
    await audit.record(tx, principal, "upload.correct" if said.dry_run else "upload.confirm", f"upload:{id}")


async def _check_named(tx: Transaction, country: str, said: Confirmation) -> None:
    """Raises `Invalid` where a value is said to mean an area, a sector or an organisation nobody knows."""
    lookup = LookupKeys()
    areas, names = texts_named(said, AREAS), texts_named(said, ORGANISATIONS)
    for _, text in areas:
        lookup.area(country, text)
    for _, text in names:
        lookup.organisation(text)
    reference = await reference_for(tx, lookup)
    faults: list[Refusal] = [
        *(UnknownArea(where, value=text) for where, text in areas if not _is_area(reference, country, text)),
        *(
            UnknownOrganisation(where, value=text)
            for where, text in names
            if reference.organisation_called(text, None).id is None
        ),
        *(
            UnknownSector(where, value=text)
            for where, text in texts_named(said, NAMING_SECTOR)
            if not reference.sectors.all_named(text)
        ),
    ]
    if faults:
        raise Invalid(faults)


def _is_area(reference: Reference, country: str, text: str) -> bool:
    if reference.area(country, text):
        return True
    return any(reference.areas_called(country, level, text).values for level in range(1, 5))
