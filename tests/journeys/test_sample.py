"""The sample of the demo: the same for the same seed, and counted by hand where that is short."""

from local.demo.expected import expected_figures
from local.demo.names import sample_organisations
from local.demo.sample import SECTORS, SampleReference, SampleReport, Size, SubDistrict, sample_reports

AREAS = [SubDistrict(pcode, ("Idleb", "إدلب"), 36.0, 36.8) for pcode in ("SY020000", "SY070004")]
GROUND = SampleReference(AREAS, {sector: [f"{sector.lower()}_ind_1_1_1"] for sector in SECTORS})


def test_the_same_seed_makes_the_same_rows() -> None:
    size = Size(organisations=3, reports=50)
    assert list(sample_reports(size, GROUND)) == list(sample_reports(size, GROUND))
    assert list(sample_reports(size, GROUND)) != list(sample_reports(Size(organisations=3, reports=50, seed=8), GROUND))


def test_each_report_has_an_id_of_its_own_and_adds_up() -> None:
    rows = [report.row for report in sample_reports(Size(reports=500), GROUND)]
    assert len({row["external_id"] for row in rows}) == len(rows) == 500
    for row in rows:
        people = row["people"]
        by_sex = sum(people[part] for part in ("men", "women", "boys", "girls"))
        by_age = sum(count for part, count in people.items() if part.startswith("age_"))
        assert people["total"] == by_sex == by_age


def test_more_reports_are_the_same_ones_and_more() -> None:
    few = {report.external_id: report for report in sample_reports(Size(reports=100), GROUND)}
    many = {report.external_id: report for report in sample_reports(Size(reports=200), GROUND)}
    assert few.items() <= many.items()


def test_names_are_different_and_say_that_they_are_samples() -> None:
    organisations = sample_organisations(40, SECTORS)
    assert len({each.english for each in organisations}) == len({each.arabic for each in organisations}) == 40
    assert all("sample" in each.english and "عيّنة" in each.arabic for each in organisations)


def report(sector: str, total: int, *, status: str = "Completed", new: bool = True, place: int = 1) -> SampleReport:
    (organisation,) = sample_organisations(1, SECTORS)
    row = {
        "sector": sector,
        "area": "SY020000",
        "community": f"place {place}",
        "month": "2026-04",
        "status": status,
        "population_group": "idp",
        "people": {"total": total},
        "newly_reached": new,
    }
    return SampleReport(organisation, row)


def test_water_counts_the_greatest_number_of_a_place_shelter_the_new() -> None:
    reports = [
        report("WSH", 50),
        report("WSH", 80, new=False),
        report("WSH", 10, place=2),
        report("WSH", 999, status="Ongoing"),
        report("WSH", 999, status="Planned"),
        report("SHL", 50),
        report("SHL", 80, new=False),
        report("SHL", 30, status="Ongoing"),
    ]
    figures = expected_figures(reports, level=1, reviewed_month="2026-04")
    same = {"organisations": 1}
    water = {"people": 90, "official_people": 90, "services": 140, "reports": 4}
    assert figures[("SY02", "WSH", "2026-04")].summary() == water | same
    shelter = {"people": 80, "official_people": 80, "services": 160, "reports": 3}
    assert figures[("SY02", "SHL", "2026-04")].summary() == shelter | same
    provisional = expected_figures(reports, level=1, reviewed_month="2026-05")
    assert provisional[("SY02", "SHL", "2026-04")].official_people == 0
