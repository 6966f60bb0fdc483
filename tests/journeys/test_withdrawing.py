"""From a wrong file to its withdrawal and back: what the partner says is what the hub's figures follow."""

from pathlib import Path
from typing import Any

from client import Tansiq
from client.coverage import CoverageQuery
from client.uploads import UploadDefaults
from contracts.reports import Report
from testkit.journeys import PlatformClients, eventually, new_member
from testkit.platform import Platform

MONTH = "2025-05"
AREA = "SY070004"
HEAD = "external_id,sector,indicator,area,month,status,population_group,total,newly_reached\n"


def line(id: str, total: int) -> str:
    return f"{id},EDU,edu_ind_1_1_1,{AREA},{MONTH},Completed,idp,{total},yes\n"


async def figures_of(reader: Tansiq) -> list[tuple[int, int | None, int]]:
    wanted = CoverageQuery(country="SY", area=AREA, level=3, sector="EDU", month_from=MONTH, month_to=MONTH)
    return [
        (figure["reports"], figure["people"]["total"], figure["organisationCount"])
        async for figure in reader.coverage.figures(wanted)
    ]


async def test_a_files_withdrawal_reaches_the_cells_and_so_does_the_way_back(
    platform: Platform, clients: PlatformClients, tmp_path: Path
) -> None:
    credentials = await new_member(platform, clients.secretariat, "Wayback (sample)", "طريق العودة (عيّنة)")

    async def become(expected: list[Any]) -> None:
        await eventually(lambda: figures_of(clients.hub), lambda found: found == expected)

    async with Tansiq(credentials, language="en") as partner:

        async def sent(name: str, *lines: str, replaces: bool = False) -> Any:
            file = tmp_path / name
            file.write_text(HEAD + "".join(lines), encoding="utf-8")
            upload = await partner.uploads.finished(
                await partner.uploads.send(file, UploadDefaults(country="SY", replaces=replaces))
            )
            assert (upload.state, upload.rejected) == ("done", 0), upload
            return upload

        await sent("right.csv", line("a", 10), line("b", 20))
        await become([(2, 30, 1)])
        wrong = await sent("wrong.csv", line("b", 200), line("c", 300))
        await become([(3, 510, 1)])

        withdrawn = await partner.uploads.withdraw(wrong.id, "It was of another month.")
        counts = withdrawn.withdrawals[0].counts
        assert (counts["withdrawn"], counts["put_back"], counts["left"]) == (1, 1, 0)
        await become([(2, 30, 1)])
        await partner.uploads.restore(wrong.id)
        await become([(3, 510, 1)])

        whole = await sent("whole.csv", line("a", 10), replaces=True)
        assert whole.replaces is not None
        assert whole.replaces.missing == 2
        await become([(3, 510, 1)])
        await partner.uploads.replace(whole, "The month is closed.")
        await become([(1, 10, 1)])

        [report] = [row async for row in partner.lists.of(Report, external_id="a")]
        await partner.reports.withdraw(report.id, "Nobody was reached at all.", report.version)
        await become([])
        await partner.reports.restore(report.id)
        await become([(1, 10, 1)])
