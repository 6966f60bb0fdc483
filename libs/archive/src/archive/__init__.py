"""Old rows as files in an object store: written before the rows are removed, with a digest, and read again."""

from pathlib import Path

from archive.files import Damaged
from archive.moving import Source, move_old
from archive.objects import Objects
from archive.republishing import republish

MIGRATIONS = Path(__file__).with_name("migrations")

__all__ = ["MIGRATIONS", "Damaged", "Objects", "Source", "move_old", "republish"]
