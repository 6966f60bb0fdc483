"""What this service does when the others speak."""

from collections.abc import Sequence
from uuid import UUID

from contracts import places, small_counts
from contracts.areas import AreaChanged
from contracts.codes import IndicatorChanged, ScopeChanged, SectorChanged
from contracts.organisations import OrganisationChanged, OrganisationStatus
from contracts.places import by_level
from contracts.reports import ReportChanged
from contracts.targets import TargetChanged
from database import Transaction
from messaging import Mirror, Projection, Tombstone

from reporting.counting import cells, commands, domain, store
from reporting.counting.domain import ALL_GROUPS


async def on_organisations_changed(tx: Transaction, organisations: Sequence[OrganisationChanged]) -> None:
    ids = [organisation.id for organisation in organisations]
    async with commands.counted_as_merged(tx, ids):
        await ORGANISATION.keep(tx, organisations)


async def on_report_changed(tx: Transaction, reports: Sequence[ReportChanged]) -> None:
    await commands.count_reports(tx, reports)


async def on_report_gone(tx: Transaction, gone: Sequence[Tombstone]) -> None:
    await commands.forget_reports(tx, [UUID(tombstone.key) for tombstone in gone])


ORGANISATION = Mirror(
    OrganisationChanged,
    "organisation",
    key=("id",),
    columns=("names", "merged_into"),
    derived={"verified": lambda organisation: organisation.status is OrganisationStatus.VERIFIED},
)
PROJECTION = Projection(
    mirrors=(
        ORGANISATION,
        Mirror(AreaChanged, "area", key=("country", "pcode"), columns=("level", "path", "names")),
        Mirror(SectorChanged, "sector", key=("code",), columns=("parent",)),
        Mirror(IndicatorChanged, "indicator", key=("code",)),
        Mirror(ScopeChanged, "scope", key=("code",), columns=("country", "areas", "time_zone")),
        # A withdrawn target stays with its version, so that an older state that comes late does not bring it back.
        Mirror(
            TargetChanged,
            "target",
            key=("id",),
            columns=("country", "area", "sector", "month_from", "month_to", "unit", "value"),
            derived={
                "path": lambda target: by_level(target.area_path, target.area_levels),
                "indicator": lambda target: target.indicator or "",
                "population_group": lambda target: target.population_group or ALL_GROUPS,
            },
        ),
    ),
    events={ReportChanged: on_report_changed, OrganisationChanged: on_organisations_changed},
    tombstones={ReportChanged.topic: on_report_gone},
    tables=(
        "provider_name",
        "report_fact",
        "unit_cell",
        "unit_reach",
        "coverage_cell",
        "presence_cell",
        "projection_complete",
    ),
    rules=(commands, domain, store, cells, places, small_counts, cells.RECOUNT, repr(domain.PRESETS)),
    complete=commands.complete,
    at_once=8000,  # the more reports are counted together, the fewer times the cells they share are written
)
