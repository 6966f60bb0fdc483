"""Alerts: emergencies, as CAP 1.2 has them."""

from pathlib import Path

from contracts.alerts import ALERTS
from runtime.process import main
from runtime.service import Service

from alerts import access, consumers, settings
from alerts.alerts import api

SERVICE = Service(
    name="alerts",
    description="Emergencies: CAP 1.2 alerts.",
    settings=settings.Settings,
    folder=Path(__file__).parents[2],
    routers=(api.router,),
    access=access.ROUTES,
    topics=(ALERTS,),
    handlers=consumers.HANDLERS,
    projection=consumers.PROJECTION,
)

if __name__ == "__main__":
    main(SERVICE)
