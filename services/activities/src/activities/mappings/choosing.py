"""Which sheets of a file are read by a mapping: by that of its sender, else by one that is shared."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from database import Database
from runtime.problems import Refusal
from tables.fingerprints import anchored, shapes_of, with_months_of
from tables.profile import Profile
from tables.records import RowSource, SkippedSheet, TableRecord
from tables.sheet import filled_rows, understood

from activities.mappings import queries
from activities.uploads.book import GivenProfiles
from activities.uploads.domain import Upload
from activities.uploads.headings import report_headings

Used = Mapping[str, Any]
"""Id, version and name of a mapping, and its fingerprint."""


@dataclass(frozen=True)
class SheetShape:
    """What a sheet would be if its headings stood in these rows."""

    number: int
    rows: Sequence[TableRecord]
    top: Sequence[TableRecord]
    name: str | None

    def fitted(self, profile: Profile, sector: str | None) -> Profile | None:
        """The profile on this sheet, with the months the sheet itself says."""
        found = anchored(profile, self.rows)
        if found is None or not found.templates:
            return found
        try:
            return with_months_of(found, understood(self.top, report_headings(sector), self.name))
        except Refusal:
            return None


MOST_SHEETS = 50
Shapes = Mapping[str, Sequence[SheetShape]]


async def choose_profiles(
    database: Database, upload: Upload, sources: Sequence[RowSource | SkippedSheet], sector: str | None
) -> GivenProfiles:
    """How sheets of the file are read of which somebody said so: for this file itself, or for files of their shape.

    A file that was begun is gone on with by the versions it was begun by.
    """
    if upload.confirmed is not None:
        return GivenProfiles(upload.confirmed, are_all=True)
    if upload.next_record and not upload.mappings:
        return GivenProfiles()
    if not await database.run(lambda tx: queries.has_mappings(tx, upload)):
        return GivenProfiles()
    shapes = await asyncio.to_thread(_shapes, sources)
    if upload.next_record:
        kept = await database.run(lambda tx: queries.versions_of(tx, upload.mappings.values()))
    else:
        kept = await database.run(lambda tx: queries.mappings_for(tx, upload, sector, shapes))
    return _given(shapes, {row["fingerprint"]: dict(row) for row in kept}, sector)


def _shapes(sources: Sequence[RowSource | SkippedSheet]) -> Shapes:
    shapes: dict[str, list[SheetShape]] = {}
    for number, source in enumerate(sources[:MOST_SHEETS], start=1):
        if not isinstance(source, SkippedSheet):
            top = filled_rows(source)
            for fingerprint, rows in shapes_of(top):
                shapes.setdefault(fingerprint, []).append(SheetShape(number, rows, top, source.name))
    return shapes


def _given(shapes: Shapes, known: Mapping[str, Used], sector: str | None) -> GivenProfiles:
    profiles: dict[int, Profile] = {}
    used: dict[int, Used] = {}
    for fingerprint, mapping in known.items():
        for shape in shapes.get(fingerprint, ()):
            profile = shape.fitted(Profile.model_validate(mapping["profile"]), sector)
            if profile is not None and shape.number not in profiles:
                profiles[shape.number] = profile
                used[shape.number] = {
                    "id": str(mapping["id"]),
                    "version": mapping["version"],
                    "name": mapping["name"],
                    "fingerprint": fingerprint,
                }
    return GivenProfiles(profiles, mappings=used)
