"""Headings: every field by its HXL tag, in Arabic and in English; a sector's own words where it is the sector's."""

import pytest
from activities.reports.schemas import NewReport, ReportedPeople
from activities.uploads.headings import report_headings
from activities.words import rows_of
from tables.headings import read_tag

IDS = {"organisation_id", "implementing_organisation_id", "people", "measured_outputs"}
MEASURED = {row["field"] for row in rows_of("headings.csv") if row["field"].startswith("measured_outputs.")}
FIELDS = sorted(
    {name for name in NewReport.model_fields if name not in {*IDS, "as_written"}}
    | {f"people.{part}" for part in ReportedPeople.model_fields}
    | MEASURED
)
# The table of activity reports (5W): a tag for each, as the Whole-of-Syria template has them.
TAGS = {
    "#org+prog": "organisation",
    "#org+impl": "implementing_organisation",
    "#org+funder": "donors",
    "#sector+code": "sector",
    "#activity+code": "activity",
    "#indicator+code": "indicator",
    "#indicator+unit": "unit",
    "#output+num": "output_value",
    "#activity+hrp": "in_response_plan",
    "#org+hub": "hub",
    "#activity+crossline": "cross_line",
    "#modality": "modality",
    "#modality+conditionality": "conditionality",
    "#value+transfer+usd": "transfer_value_usd",
    "#channel": "transfer_mechanism",
    "#adm1+code": "adm1",
    "#adm2+code": "adm2",
    "#adm3+code": "adm3",
    "#adm4+code": "adm4",
    "#loc+code": "adm4",
    "#loc+type": "site_type",
    "#geo+lat": "latitude",
    "#geo+lon": "longitude",
    "#date+start": "start_date",
    "#date+end": "end_date",
    "#date+reported": "month",
    "#status": "status",
    "#beneficiary+type": "population_group",
    "#reached+hh": "households",
    "#reached+m+adults": "people.men",
    "#reached+f+adults": "people.women",
    "#reached+m+children": "people.boys",
    "#reached+f+children": "people.girls",
    "#reached+ind": "people.total",
    "#reached+disabled": "people.with_disability",
    "#reached+new": "newly_reached",
    "#value+required": "budget_required",
    "#value+received": "budget_received",
}


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_is_reached_by_a_tag_and_by_a_heading_in_each_language(field: str) -> None:
    assert field in {row["field"] for row in rows_of("hxl.csv")}
    for language in ("ar", "en"):
        rows = rows_of("headings.csv")
        said = [row for row in rows if row["field"].removesuffix("?") == field and row["language"] == language]
        assert said, f"no heading of {field} in {language}"
        for row in said:
            assert report_headings(row["sector"]).field_called(row["heading"]) == field, row


def test_the_tags_of_the_table_mean_its_fields() -> None:
    for text, field in TAGS.items():
        tag = read_tag(text)
        assert tag is not None
        assert report_headings().field_of(tag) == field, text


def test_a_tag_pattern_is_reached_by_itself() -> None:
    for row in rows_of("hxl.csv"):
        tag = read_tag(row["pattern"].removesuffix("*"))
        assert tag is not None
        assert report_headings().field_of(tag) == (None if row["field"].startswith("-") else row["field"]), row


def test_a_sectors_own_words_win_where_it_is_the_sectors() -> None:
    assert report_headings("PRO").field_called("Service") == "activity"
    assert report_headings("WSH").field_called("Facility") == "site_type"
    assert report_headings().field_called("Facility") == report_headings("EDU").field_called("Facility") == "site_name"
    assert report_headings("WSH").field_called("المستفيدون من المياه / Water users") == "people.total"
    assert report_headings("WSH").field_called("عدد المخدومين") == "people.total"


def test_an_area_of_responsibility_has_its_sectors_words() -> None:
    assert (
        report_headings("PRO-CPN").field_called("عدد الحالات")
        == report_headings("PRO-GBV").field_called("Cases managed")
        == "people.total"
    )


def test_words_no_sector_contradicts_are_understood_without_one() -> None:
    cells = ["School name", "Students", "Pupils per teacher"]
    assert [column.field for column in report_headings().headed_columns(cells)] == [
        "site_name",
        "people.total",
        "measured_outputs.pupils_per_teacher",
    ]
