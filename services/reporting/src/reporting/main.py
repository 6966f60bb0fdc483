"""Reporting: figures made from the others' events."""

from pathlib import Path

from runtime.process import main
from runtime.service import Service

from reporting import consumers, settings
from reporting.closing import jobs as closing
from reporting.coverage import api as coverage
from reporting.presence import api as presence
from reporting.progress import api as progress

SERVICE = Service(
    name="reporting",
    description="Figures made from the others' events: reach, coverage, presence, progress against targets.",
    settings=settings.Settings,
    folder=Path(__file__).parents[2],
    routers=(coverage.router, presence.router, progress.router),
    lists=(coverage.LIST, presence.LIST, progress.LIST),
    projection=consumers.PROJECTION,
    jobs=closing.JOBS,
)

if __name__ == "__main__":
    main(SERVICE)
