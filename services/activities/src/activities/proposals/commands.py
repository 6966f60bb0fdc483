"""What changes proposals: a person confirms how a file is read, corrected where it was wrong."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from database import Transaction
from runtime import audit
from runtime.access import Principal
from runtime.naming import UnknownArea, UnknownOrganisation, UnknownSector
from runtime.problems import Invalid, Refusal
from tables.fingerprints import fingerprint
from tables.profile import Profile

from activities.mappings.commands import MappingOwner, remember
from activities.mappings.schemas import NewMapping
from activities.proposals import queries, store
from activities.proposals.corrections import Corrections, texts_named
from activities.proposals.errors import NotProposed, ProposalChanged
from activities.proposals.schemas import Confirmation
from activities.proposals.tally import AREAS, ORGANISATIONS
from activities.reference.domain import LookupKeys, Reference
from activities.reference.queries import reference_for
from activities.reports.sectors import NAMING_SECTOR

LONGEST_NAME = 300
UNNAMED = "CSV"
"""A file without a name."""


async def confirm(tx: Transaction, principal: Principal, id: UUID, said: Confirmation) -> None:
    """Let a file be counted, read as its proposal and these corrections say.

    Raises `NotProposed`, `ProposalChanged`, and `Invalid`, which names each wrong correction.
    """
    proposed = await queries.lock_proposal(tx, id)
    if proposed is None:
        raise NotProposed
    if proposed["digest"] != said.digest:
        raise ProposalChanged("digest")
    kept = {int(place): Profile.model_validate(profile) for place, profile in proposed["profiles"].items()}
    profiles = Corrections(proposed["told"], said, kept).made()
    await _check_named(tx, proposed["country"], said)
    if said.remember and not said.dry_run:
        await _remember(tx, principal, dict(proposed), (profiles, said.name))
    await store.confirm(tx, id, profiles, dry_run=said.dry_run)
    await audit.record(tx, principal, "upload.correct" if said.dry_run else "upload.confirm", f"upload:{id}")


async def _remember(
    tx: Transaction, principal: Principal, proposed: Mapping[str, Any], read: tuple[Mapping[int, Profile], str | None]
) -> None:
    """Keep how the sheets are read, for files of their shape: of sheets of one shape the first."""
    profiles, name = read
    owner = MappingOwner(proposed["side"], proposed["organisation_id"])
    shapes: dict[str, NewMapping] = {}
    for sheet in proposed["told"]["sheets"]:
        profile = profiles.get(sheet["number"])
        cells = {row["row"]: row["cells"] for row in sheet.get("top", ())}
        if profile is None or not cells.keys() >= set(profile.headings):
            continue
        shape = fingerprint([cells[number] for number in profile.headings])
        called = name or Path(proposed["file_name"] or "").stem or UNNAMED
        several = len(profiles) > 1 and sheet["name"]
        shapes.setdefault(
            shape,
            NewMapping.model_construct(
                country=proposed["country"],
                name=f"{called} · {sheet['name']}"[:LONGEST_NAME] if several else called,
                fingerprint=shape,
                profile=profile,
            ),
        )
    for mapping in shapes.values():
        await remember(tx, principal, owner, mapping, is_named=name is not None)


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
