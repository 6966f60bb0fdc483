"""Activities: what was done."""

from pathlib import Path

from runtime.process import main
from runtime.service import Service

from activities.backfills import jobs as mending
from activities.consumers import PROJECTION
from activities.contests.api import router as contests
from activities.corrections.api import router as corrections
from activities.leaving import write_targets
from activities.mappings import api as mappings
from activities.proposals.api import router as proposals
from activities.reports import api as reports
from activities.reviews import api as reviews
from activities.settings import Settings
from activities.uploads import job as reading
from activities.uploads.api import router as uploads
from activities.withdrawals import jobs as withdrawing
from activities.withdrawals.api import router as withdrawals

SERVICE = Service(
    name="activities",
    description="What was done where, when and for whom: activity reports and the files they come in.",
    settings=Settings,
    folder=Path(__file__).parents[2],
    routers=(reports.router, reviews.router, contests, uploads, corrections, proposals, mappings.router, withdrawals),
    lists=(reports.LIST, reviews.VERSIONS, mappings.LIST),
    projection=PROJECTION,
    commands={"targets": write_targets},
    jobs=(*reading.JOBS, *mending.JOBS, *withdrawing.JOBS),
)

if __name__ == "__main__":
    main(SERVICE)
