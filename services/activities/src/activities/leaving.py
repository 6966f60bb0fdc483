"""Targets, which stood here before they were plans': `python -m activities.main targets | python -m plans.main adopt`.

Nothing reads or writes these tables otherwise. They go with this module, a release later.
"""

import sys

from database import Database

from activities.settings import Settings


async def write_targets(settings: Settings) -> None:
    """Write all targets with all their versions to standard output, as one document."""
    database = await Database.connect(settings.database_url.get_secret_value(), application="activities-targets")
    try:
        async with database.connection() as connection:
            sys.stdout.write(await connection.fetchval(TARGETS))
    finally:
        await database.close()


TARGETS = """
select json_build_object(
    'target', coalesce((select json_agg(t) from target as t), '[]'),
    'target_version', coalesce((select json_agg(v) from target_version as v), '[]'))::text
"""
