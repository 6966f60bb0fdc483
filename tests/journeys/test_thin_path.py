"""From an application to a figure: what a new partner and a hub live through."""

from pathlib import Path
from typing import Any

import pytest
from client import Tansiq
from client.coverage import CoverageQuery
from client.uploads import UploadDefaults
from testkit.journeys import PlatformClients, eventually, new_member
from testkit.platform import Platform

MONTH = "2025-03"
AREA = "SY070004"


def report(number: int, **changes: Any) -> dict[str, Any]:
    row = {
        "external_id": f"thin-{number}",
        "sector": "EDU",
        "indicator": "edu_ind_1_1_1",
        "area": AREA,
        "month": MONTH,
        "status": "Completed",
        "population_group": "idp",
        "people": {"total": 100, "boys": 50, "girls": 50},
        "newly_reached": True,
    }
    return {**row, **changes}


SHEET = """رقم,القطاع,المؤشر,الناحية,الشهر,الحالة,الفئة,العدد,جديد
#activity+id,#sector+code,#indicator+code,#adm3+code,#date+reported,#status,#beneficiary+type,#reached+ind,#reached+new
sheet-1,EDU,edu_ind_1_1_1,SY070004,2025-03,Completed,idp,٢٥,نعم
sheet-2,EDU,edu_ind_1_1_2,SY070004,2025-03,Completed,idp,15,لا
"""


async def coverage_of(reader: Tansiq) -> list[dict[str, Any]]:
    wanted = CoverageQuery(country="SY", area=AREA, level=3, sector="EDU", month_from=MONTH, month_to=MONTH)
    return [figure async for figure in reader.coverage.figures(wanted)]


async def test_a_new_partners_rows_and_file_become_coverage_at_the_hub(
    platform: Platform, clients: PlatformClients, tmp_path: Path
) -> None:
    credentials = await new_member(platform, clients.secretariat, "Thin Path (sample)", "الدرب الرفيع (عيّنة)")
    async with Tansiq(credentials, language="en") as partner:
        pushed = [answer async for answer in partner.reports.push([report(1), report(2, area="XX99"), report(3)])]
        assert [(each.row, each.status) for each in pushed[0].problems] == [(2, "rejected")]
        assert pushed[0].accepted == 2

        file = tmp_path / "sheet.csv"
        file.write_text(SHEET, encoding="utf-8-sig")
        done = await partner.uploads.finished(await partner.uploads.send(file, UploadDefaults(country="SY")))
        assert (done.state, done.accepted, done.rejected) == ("done", 2, 0)

        again = [answer async for answer in partner.reports.push([report(1), report(3)])]
        assert again[0].accepted == 2

    figures = await eventually(lambda: coverage_of(clients.hub), lambda found: found and found[0]["reports"] == 4)
    (figure,) = figures
    # Education counts the newly reached: 100 + 100 + 25; the 15 are services only.
    assert (figure["people"]["total"], figure["frequencies"]) == (225, 240)
    assert figure["organisationCount"] == 1
    assert figure["area"]["names"]["en"]
    assert figure["area"]["names"]["ar"]
    assert figure["sector"]["names"] == {"ar": "التعليم", "en": "Education"}
    assert (figure["ruleCode"], figure["timeBasis"], figure["basis"]) == ("edu", "monthly", "provisional")


@pytest.mark.parametrize(("language", "sentence"), [("ar", "لا توجد منطقة"), ("en", "No area is known")])
async def test_a_row_is_refused_in_the_senders_language(platform: Platform, language: Any, sentence: str) -> None:
    async with platform.client("member", language=language) as member:
        pushed = [answer async for answer in member.reports.push([report(9, area="XX99")])]
    (problem,) = pushed[0].problems
    assert problem.errors[0].code == "unknown_area"
    assert sentence in problem.errors[0].detail
