"""Old rows as files in an object store: written before the rows are removed, with a digest, and read again."""

from pathlib import Path

from archive.files import FileDamaged
from archive.moving import ArchivedTable, move_old
from archive.objects import Objects
from archive.republishing import republish

MIGRATIONS = Path(__file__).with_name("migrations")

__all__ = ["MIGRATIONS", "ArchivedTable", "FileDamaged", "Objects", "move_old", "republish"]
