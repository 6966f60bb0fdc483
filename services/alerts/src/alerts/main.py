"""Alerts: emergencies, as CAP 1.2 has them."""

from pathlib import Path

from runtime.process import main
from runtime.service import Service

from alerts import consumers, settings
from alerts.alerts import api as alerts
from alerts.deliveries import api as deliveries
from alerts.deliveries import job as delivering
from alerts.streams import api as streams
from alerts.subscriptions import api as subscriptions

SERVICE = Service(
    name="alerts",
    description="Emergencies: CAP 1.2 alerts, and those who are told of them.",
    settings=settings.Settings,
    folder=Path(__file__).parents[2],
    # The stream comes first: its path would also be that of an alert called `stream`.
    routers=(streams.router, alerts.router, subscriptions.router, deliveries.router),
    lists=(alerts.LIST,),
    projection=consumers.PROJECTION,
    jobs=delivering.JOBS,
    queues=(delivering.send_deliveries,),
    measures=(delivering.measure_backlog,),
    lifespans=(streams.broadcaster_of,),
)

if __name__ == "__main__":
    main(SERVICE)
