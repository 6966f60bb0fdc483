"""The sample of the demo: the same for the same seed, and counted by hand where that is short."""

from local.demo.expected import expected_figures
from local.demo.names import sample_organisations
from local.demo.sample import SECTORS, Ground, SampleReport, Size, sample_reports

GROUND = Ground(["SY020000", "SY070004"], {sector: [f"{sector.lower()}_ind_1_1_1"] for sector in SECTORS})


def test_the_same_seed_makes_the_same_rows() -> None:
    size = Size(organisations=3, reports=50)
    assert list(sample_reports(size, GROUND)) == list(sample_reports(size, GROUND))
    assert list(sample_reports(size, GROUND)) != list(sample_reports(Size(organisations=3, reports=50, seed=8), GROUND))


def test_each_report_has_an_id_of_its_own_and_adds_up() -> None:
    rows = [report.row() for report in sample_reports(Size(reports=500), GROUND)]
    assert len({row["external_id"] for row in rows}) == len(rows) == 500
    for row in rows:
        people = dict(row["people"])
        assert people.pop("total") == sum(people.values())


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
    return SampleReport(
        organisation, "x", sector, None, "SY020000", f"place {place}", "2026-04", status, "idp", total, 0, 0, 0, new
    )


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
    figures = expected_figures(reports, level=1)
    assert figures[("SY02", "WSH", "2026-04")].summary() == {
        "people": 90,
        "services": 140,
        "reports": 4,
        "organisations": 1,
    }
    assert figures[("SY02", "SHL", "2026-04")].summary() == {
        "people": 80,
        "services": 160,
        "reports": 3,
        "organisations": 1,
    }
