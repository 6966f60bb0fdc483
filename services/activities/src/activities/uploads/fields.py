"""What is known of a report's fields before a file's columns are looked at."""

from tables.conventions import Sort
from tables.fields import Fields

from activities.reports.as_written import YES_OR_NO

QUANTITIES = frozenset({"output_value", "transfer_value_usd", "budget_required", "budget_received"})
DEGREES_OF = frozenset({"latitude", "longitude"})
MEASURED = "measured_outputs."
MONTH_OR_DATE = frozenset({"month", "start_date", "end_date"})
YEAR = "year"
"""Of a month that is written without one; no field of a report."""


def sort_of(field: str) -> Sort | None:
    """What a field's numbers and dates are; none where it has no such."""
    if field.startswith("people.") or field == "households":
        return Sort.COUNT
    if field in QUANTITIES or field.startswith(MEASURED):
        return Sort.QUANTITY
    if field in DEGREES_OF:
        return Sort.DEGREES
    return Sort.DATE if field in MONTH_OR_DATE else None


REPORT_FIELDS = Fields(
    sort=sort_of,
    yes_or_no=YES_OR_NO,
    kept_together=frozenset({"donors", "comments", "activity_description"}),
    total="people.total",
    parts=frozenset({"people.men", "people.women", "people.boys", "people.girls"}),
    figures=("people.", "households", "output_value", MEASURED, "budget_"),
    owners=frozenset({"organisation", "organisation_acronym", "implementing_organisation", "donors"}),
    grouped_by=("population_group", "status", "modality", "newly_reached"),
)
