"""Rules that hold for every input: partitions of people, spellings, HXL tags, cells."""

import string
from contextlib import suppress

from activities.reports.domain import adds_up, provider_id, total_from_parts
from activities.reports.schemas import NewReport, ReportedPeople
from activities.uploads.headings import report_headings
from activities.words import rows_of
from contracts.folding import fold
from hypothesis import given
from hypothesis import strategies as st
from runtime.validation import DigitsLost
from tables import words
from tables.dates import read_date
from tables.errors import AmbiguousNumber, NotAMonth
from tables.headings import Tag, is_tag_row, read_tag
from tables.months import read_month
from tables.numbers import read_number
from tables.phrases import spelled
from tables.spelling import parts

counts = st.integers(min_value=0, max_value=10_000)
maybe = st.none() | counts
SEXES = ("men", "women", "boys", "girls")
AGES = ("age_0_4", "age_5_11", "age_12_17", "age_18_59", "age_60_plus")


@given(st.lists(counts, min_size=4, max_size=4), st.lists(counts, min_size=5, max_size=5))
def test_a_whole_partition_adds_up_exactly_where_its_sum_is_the_total(by_sex: list[int], by_age: list[int]) -> None:
    people = ReportedPeople(total=sum(by_sex), **dict(zip(SEXES, by_sex, strict=True)))
    assert adds_up(people)
    both = people.model_copy(update=dict(zip(AGES, by_age, strict=True)))
    assert adds_up(both) == (sum(by_age) == sum(by_sex))


@given(st.lists(counts, min_size=4, max_size=4), st.sets(st.sampled_from(SEXES), min_size=1))
def test_parts_that_were_not_counted_apart_only_bound_the_total(by_sex: list[int], missing: set[str]) -> None:
    total = sum(by_sex)
    known = {name: count for name, count in zip(SEXES, by_sex, strict=True) if name not in missing}
    assert adds_up(ReportedPeople(total=total, **known))
    assert adds_up(ReportedPeople(total=sum(known.values()) + 1, **known))
    if sum(known.values()):
        assert not adds_up(ReportedPeople(total=sum(known.values()) - 1, **known))


@given(maybe, maybe)
def test_people_with_disability_are_a_subset(total: int | None, disabled: int | None) -> None:
    expected = total is None or disabled is None or disabled <= total
    assert adds_up(ReportedPeople(total=total, with_disability=disabled)) == expected


@given(st.lists(maybe, min_size=4, max_size=4), st.lists(maybe, min_size=5, max_size=5), maybe)
def test_a_total_that_was_not_sent_is_the_greater_sum_of_the_parts_that_were(
    by_sex: list[int | None], by_age: list[int | None], total: int | None
) -> None:
    people = ReportedPeople(
        total=total, **dict(zip(SEXES, by_sex, strict=True)), **dict(zip(AGES, by_age, strict=True))
    )
    sums = [sum(part or 0 for part in parts) for parts in (by_sex, by_age) if any(part is not None for part in parts)]
    assert total_from_parts(people) == (None if total is not None or not sums else max(sums))


names = st.text(alphabet=string.ascii_lowercase, min_size=1, max_size=8)
attributes = st.lists(names, max_size=5, unique=True)
gaps = st.sampled_from(["+", " +", "+ ", " + ", " "])


@given(names, attributes, st.lists(gaps, min_size=5, max_size=5), st.randoms(use_true_random=False), st.booleans())
def test_a_tag_is_the_same_in_any_order_case_and_spacing(
    name: str, attributes: list[str], between: list[str], random: object, upper: bool
) -> None:
    written = list(attributes)
    random.shuffle(written)  # type: ignore[attr-defined]
    text = f" #{name}" + "".join(gap + attribute for gap, attribute in zip(between, written, strict=False)) + " "
    tag = read_tag(text.upper() if upper else text)
    assert tag == Tag(name, frozenset(attributes))
    assert read_tag(str(tag)) == tag


def test_tags_of_the_template_mean_their_fields() -> None:
    expected = {
        "#org +acronym": "organisation_acronym",
        "#org +name": "organisation",
        "#org": "organisation",
        "#org +type +name": None,
        "#org+prog": "organisation",
        "#org+impl": "implementing_organisation",
        "#org+funder": "donors",
        "#sector +cluster +code": "sector",
        "#sector +cluster +name": "sector_name",
        "#adm2+code": "adm2",
        "#adm2 name": "adm2_name",
        "#adm3": "adm3",
        "#adm3+en": "adm3",
        "#reached+m+adults": "people.men",
        "#reached+adults+f": "people.women",
        "#reached+children+f": "people.girls",
        "#reached+ind": "people.total",
        "#reached+hh": "households",
        "#geo+lat": "latitude",
        "#date+reported": "month",
        "#status": "status",
        "#meta+rubbish": None,
        "no tag": None,
    }
    assert {text: (tag := read_tag(text)) and report_headings().field_of(tag) for text in expected} == expected


def test_every_heading_and_tag_names_a_field_of_a_report() -> None:
    fields = {*NewReport.model_fields, *(f"people.{part}" for part in ReportedPeople.model_fields), "measured_outputs"}
    said = {row["field"].removesuffix("?") for name in ("headings.csv", "hxl.csv") for row in rows_of(name)}
    named = {field for field in said if not field.startswith("-")} - {"year"}
    assert {field if field.startswith("people.") else field.partition(".")[0] for field in named} <= fields
    meant: dict[tuple[str, str], str] = {}
    for row in [
        *rows_of("headings.csv"),
        *({"sector": "", "field": "-", **row} for row in words.rows_of("passed_over.csv")),
    ]:
        assert meant.setdefault((row["sector"], spelled(row["heading"])), row["field"]) == row["field"], row


def test_headings_are_found_in_either_language_and_both() -> None:
    cells = ["Organisation / المنظمة", "أسم المنظمه", "MONTH *", "", "الشهر\nMonth", "what is this"]
    found = [column.field for column in report_headings().headed_columns(cells)]
    assert found == ["organisation", "organisation", "month", None, "month", None]
    assert report_headings().field_called("") is None
    assert not is_tag_row(["#1", "Organisation"])
    assert is_tag_row(["", "#org", " #adm1 +code "])


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_spellings_of_one_name_fold_to_one() -> None:
    for one, other in (
        ("إدلب", "ادلب"),
        ("حلـــب", "حَلَب"),
        ("الدانا", "الدانا "),
        ("مدرسة", "مدرسه"),
        ("مستشفى", "مستشفي"),
        ("Al-Ḥasaka", "al hasaka"),
        ("Idleb", "IDLEB"),
        ("Water & Hygiene", "water and hygiene"),
        ("٣ آذار", "3 اذار"),
    ):
        assert fold(one) == fold(other), (one, other)
    assert provider_id("ABC", "Name") != provider_id("ABC", None)
    assert parts("Idleb/إدلب") == ["Idleb/إدلب", "Idleb", "إدلب"]


@given(st.integers(min_value=0, max_value=10**9))
def test_a_number_is_read_in_any_of_its_spellings(number: int) -> None:
    eastern = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    for text in (str(number), f"{number:,}", f"{number:,}".replace(",", "٬"), str(number).translate(eastern)):
        assert read_number(text, {}) == number
    assert read_number(f"{number:,}".translate(eastern), {}) == number


@given(st.text(max_size=30))
def test_any_text_is_a_month_or_a_refusal(text: str) -> None:
    with suppress(NotAMonth):
        assert len(read_month(text, "2026-01", {})) == 7
    read_date(text, {})
    with suppress(AmbiguousNumber, DigitsLost):
        read_number(text, {})


def test_months_and_dates_are_read_as_people_write_them() -> None:
    flags: dict[str, None] = {}
    months = (
        "2026-03",
        "2026/3/31",
        "03/2026",
        "March 2026",
        "آذار ٢٠٢٦",
        "مارس 2026",
        "Mar-2026",
        "2026-03-05T00:00:00",
    )
    assert {read_month(text, None, flags) for text in months} == {"2026-03"}
    assert not flags
    assert read_month("March", "2025-08", flags) == "2025-03"
    assert list(flags) == ["year_from_form"]
    flags.clear()
    assert [read_date(text, flags) for text in ("2026-3-5", "31/12/2026", "12/31/2026")] == [
        "2026-03-05",
        "2026-12-31",
        "2026-12-31",
    ]
    assert not flags
    assert read_date("3/4/2026", flags) == "2026-04-03"
    assert list(flags) == ["day_first_assumed"]
