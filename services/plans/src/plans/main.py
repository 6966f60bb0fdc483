"""Plans: what is needed and meant."""

from pathlib import Path

from runtime.process import main
from runtime.service import Service

from plans.consumers import PROJECTION
from plans.settings import Settings
from plans.targets import api as targets
from plans.targets.adoption import adopt

SERVICE = Service(
    name="plans",
    description="What is needed and meant: targets of plans.",
    settings=Settings,
    folder=Path(__file__).parents[2],
    routers=(targets.router,),
    lists=(targets.LIST,),
    projection=PROJECTION,
    commands={"adopt": adopt},
)

if __name__ == "__main__":
    main(SERVICE)
