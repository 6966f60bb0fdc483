"""What is known of a report's fields before a file's columns are looked at."""

from tables.fields import Fields, Kind, kinds_of
from tables.people import group_of

from activities.reports.schemas import NewReport
from activities.words import rows_of

REPORT_FIELDS = Fields(
    # Names of areas are sent as text; in a column of codes stand codes.
    kinds={**kinds_of(NewReport), **{f"adm{level}": Kind.CODE for level in range(1, 5)}},
    kept_together=frozenset({"donors", "comments", "activity_description"}),
    total="people.total",
    parts=frozenset({"people.men", "people.women", "people.boys", "people.girls"}),
    figures=("people.", "households", "output_value", "measured_outputs.", "budget_"),
    owners=frozenset({"organisation", "organisation_acronym", "implementing_organisation", "donors"}),
    grouped_by=("population_group", "status", "modality", "newly_reached"),
    parted_by=("newly_reached", "population_group", "month", "status"),
    planned="status",
    groups={row["field"]: group_of(row) for row in rows_of("people.csv")},
)
