"""A table is read by a profile, which is data: proposed by what a sheet says, kept as JSON, applied to its rows."""

import io
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

import pytest
from contracts.instants import ReportedDay, ReportingMonth
from contracts.text import Line
from contracts.values import Pcode
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from tables.cells import CellReader, FileContext
from tables.doubts import settled
from tables.fields import Fields, Kind, kinds_of
from tables.headings import Headings, SheetColumn, pattern_of
from tables.phrases import Vocabulary
from tables.profile import Profile, RowTemplate
from tables.reading import RowReader
from tables.sheet import filled_rows, understood
from tables.survey import survey
from tables.text import TextSource


class Status(StrEnum):
    COMPLETED = "Completed"
    PLANNED = "Planned"


class Training(BaseModel):
    title: Annotated[Line, "low"]
    area: Pcode | None = None
    month: ReportingMonth | None = None
    held_on: ReportedDay | None = None
    seats: int | None = None
    cost: Annotated[dict[str, float], "by currency"] = {}
    status: Status | None = None
    free: bool | None = None
    trainers: tuple[Line, ...] = ()


FIELDS = Fields(kinds_of(Training), figures=("seats", "cost."))
NAMES = {"Title": "title", "Place": "area", "Month": "month", "Held on": "held_on", "Seats": "seats"}
NAMES |= {"Cost USD": "cost.USD", "Status": "status", "Free": "free", "Trainer": "trainers", "Year": "year"}
HEADINGS = Headings(FIELDS, Vocabulary([NAMES.items()]), [pattern_of("#capacity", "seats")])


def proposed(source: TextSource) -> Profile:
    profile = understood(filled_rows(source), HEADINGS)
    return settled(profile, survey(source, profile, FIELDS), FIELDS)


def table(*rows: Sequence[str]) -> TextSource:
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)
    return TextSource(io.BytesIO(text.encode()), HEADINGS.understood)


def applied(profile: Profile, source: TextSource) -> list[tuple[int, dict[str, Any], list[str], list[str]]]:
    reader = RowReader(profile, CellReader(FIELDS, FileContext(in_text=True)))
    read = [
        (record.number, row)
        for record in source.records()
        if record.number >= profile.first_row and not profile.passes_over(record)
        for row in reader.read_all(record.cells)
    ]
    return [(number, row.fields, list(row.flags), [fault.code for fault in row.faults]) for number, row in read]


def kept(profile: Profile) -> Profile:
    return Profile.model_validate_json(profile.model_dump_json())


def test_what_a_field_is_is_told_by_its_annotation() -> None:
    assert FIELDS.kinds == {
        "title": Kind.TEXT,
        "area": Kind.PCODE,
        "month": Kind.MONTH,
        "held_on": Kind.DAY,
        "seats": Kind.COUNT,
        "cost.*": Kind.DEGREES,
        "status": Kind.CHOICE,
        "free": Kind.YES_OR_NO,
        "trainers": Kind.TEXTS,
    }
    assert (FIELDS.kind("cost.USD"), FIELDS.kind("hall")) == (Kind.DEGREES, None)


def test_a_sheet_proposes_how_it_is_read_and_the_proposal_reads_it() -> None:
    source = table(
        ["List of trainings", "", "", "", ""],
        ["Title", "Held on", "Seats", "Status", "Trainer"],
        ["First aid", "13/03/2026", "1.000", "مكتملة", "Amal"],
        ["Logistics", "04/03/2026", "12", "Planned", ""],
    )
    profile = proposed(source)
    assert profile.headings == (2,)
    assert applied(profile, source) == [
        (
            3,
            {"title": "First aid", "held_on": "2026-03-13", "seats": 1000, "status": "Completed", "trainers": ["Amal"]},
            ["thousands_separator_assumed"],
            [],
        ),
        # The column's other date proves that the day stands first.
        (4, {"title": "Logistics", "held_on": "2026-03-04", "seats": 12, "status": "Planned"}, [], []),
    ]


def test_what_a_person_adds_to_a_profile_holds() -> None:
    source = table(
        ["Title", "Seats", "Status", "Place"],
        ["First aid", "12", "fait", "SY07"],
        ["Total", "12", "", ""],
        ["Logistics", "unknown yet", "", "SY01"],
    )
    profile = proposed(source).model_copy(
        update={
            "values": {2: {"fait": "Completed"}},
            "defaults": {"status": "Planned", "month": "2026-03"},
            "nothing": frozenset({"unknown yet"}),
            "passed_over": {0: frozenset({"Total"})},
        }
    )
    first = {"title": "First aid", "seats": 12, "status": "Completed", "area": "SY07", "month": "2026-03"}
    second = {"title": "Logistics", "status": "Planned", "area": "SY01", "month": "2026-03"}
    assert applied(kept(profile), source) == [
        (2, first, ["said_by_profile"], []),
        (4, second, ["na_as_empty", "said_by_profile"], []),
    ]


def test_a_profile_reads_another_file_as_the_one_it_was_made_of() -> None:
    head = ["Title", "Held on", "Seats"]
    profile = proposed(table(head, ["First aid", "03/13/2026", "5"]))
    other = table(head, ["Logistics", "03/04/2026", "6"])
    assert [fields["held_on"] for _, fields, _, _ in applied(kept(profile), other)] == ["2026-03-04"]
    # By itself the file proves nothing, and days are taken to stand first.
    assert [fields["held_on"] for _, fields, _, _ in applied(proposed(other), other)] == ["2026-04-03"]


def read_as(profile: Profile, *columns: SheetColumn, **changes: Any) -> Profile:
    """The profile with these columns in place of its own."""
    by_place = {column.place: column for column in columns}
    told = tuple(by_place.get(column.place, column) for column in profile.columns)
    return kept(profile.model_copy(update={"columns": told, **changes}))


def test_a_line_of_a_wide_sheet_is_a_row_for_each_month_that_says_something() -> None:
    source = table(
        ["Title", "Place", "Jan", "Feb", "Mar", "Cost USD"],
        ["First aid", "SY07", "5", "", "7", "10"],
        ["Logistics", "SY01", "0", "-", "", ""],
        ["Radio", "SY02", "", "x", "", "3"],
        ["Maps", "SY02", "", "", "", "3"],
    )
    profile = read_as(
        proposed(source),
        *(SheetColumn(place, f"month {place}", None, "seats") for place in (2, 3, 4)),
        templates=tuple(
            RowTemplate(constants={"month": f"2026-0{place - 1}"}, columns=frozenset({place})) for place in (2, 3, 4)
        ),
        told_once=("cost.USD",),
    )
    first = {"title": "First aid", "area": "SY07", "month": "2026-01", "seats": 5, "cost": {"USD": "10"}}
    assert applied(profile, source) == [
        (2, first, [], []),
        (2, {**first, "month": "2026-03", "seats": 7, "cost": {}}, [], []),
        # Nothing is said of any month in the third row; what is no number is its own month's.
        (4, {"title": "Radio", "area": "SY02", "month": "2026-02", "seats": "x", "cost": {"USD": "3"}}, [], []),
        # What counts something without a month is a row all the same, and its reader's to refuse.
        (5, {"title": "Maps", "area": "SY02", "cost": {"USD": "3"}}, [], []),
    ]


def test_parts_of_a_field_add_up_and_their_sum_is_compared() -> None:
    source = table(
        ["Title", "Under 18", "Adults", "All", "Place"],
        ["First aid", "5", "1.000", "1005", ""],
        ["Logistics", "5", "", "6", ""],
        ["Radio", "", "", "9", ""],
        ["Maps", "2", "many", "2", ""],
    )
    parts = [SheetColumn(1, "Under 18", None, "seats", added=True, also=("cost.young",))]
    parts.append(SheetColumn(2, "Adults", None, "seats", added=True))
    profile = read_as(proposed(source), *parts, SheetColumn(3, "All", None, "seats", sum_of=(1, 2)))
    assert applied(profile, source) == [
        (2, {"title": "First aid", "seats": 1005, "cost": {"young": 5}}, ["thousands_separator_assumed"], []),
        (3, {"title": "Logistics", "seats": 5, "cost": {"young": 5}}, ["total_does_not_add_up"], []),
        (4, {"title": "Radio", "seats": 9}, [], []),
        (5, {"title": "Maps", "seats": "many", "cost": {"young": 2}}, [], []),
    ]


@pytest.mark.parametrize("wrong", ['{"headings": [1]}', '{"headings": [1], "columns": [], "more": 1}', "{}"])
def test_what_is_no_profile_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError):
        Profile.model_validate_json(wrong)


CELLS = st.one_of(
    st.sampled_from(
        [
            "1.000",
            "1,5",
            "1,234.5",
            "13/03/2026",
            "03/04/26",
            "31-Mar",
            "آذار 2026",
            "2026",
            "yes",
            "لا",
            "n/a",
            "-",
            "",
        ]
    ),
    st.sampled_from(["Completed / مكتملة", "SY07", "#REF!", "12 شخص", "Total", "Title", "45000", "٣", "x"]),
    st.text(st.characters(codec="utf-8", exclude_characters='"\r\n\x00'), max_size=12),
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_profile_that_was_kept_reads_the_same_rows(data: st.DataObject) -> None:
    head = data.draw(st.lists(st.sampled_from([*NAMES, "", "What else"]), min_size=2, max_size=8))
    width = st.integers(0, len(head) + 2)
    rows = data.draw(st.lists(width.flatmap(lambda n: st.lists(CELLS, min_size=n, max_size=n)), max_size=8))
    source = table(["Title", "Seats", *head], *rows)
    profile = proposed(source)
    assert kept(profile) == profile
    assert applied(kept(profile), source) == applied(profile, source)
    assert Profile.model_validate_json(kept(profile).model_dump_json()).model_dump_json() == profile.model_dump_json()
