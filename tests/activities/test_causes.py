"""Problems grouped by their cause, as the sender of a file reads them."""

from .conftest import ServiceClient
from .test_uploading import HXL, taken
from .workbooks import workbook

HEADINGS = ["Sector", "District P-code", "Month", "Total reached", "Status"]
GOOD = ["WSH", "SY070302", "2026-10", 5, "Completed"]


async def test_rows_with_one_fault_of_one_value_are_one_cause(service: ServiceClient) -> None:
    rows = ["Watsan,SY070302", "WSH,SY999999", "Watsan,SY020400", "Helth,SY020400", "WSH,SY020400"]
    state = await taken(service, HXL + "".join(f"{row},2026-10,1,Completed\n" for row in rows))
    causes = {(each["code"], each["value"]): (each["rows"], each["first_rows"]) for each in state["problem_causes"]}
    assert causes == {
        ("unknown_sector", "Watsan"): (2, [3, 5]),
        ("unknown_sector", "Helth"): (1, [6]),
        ("unknown_area", "SY999999"): (1, [4]),
    }
    assert state["problem_causes"][0]["value"] == "Watsan"
    assert state["problem_causes"][0]["sheet"] is None


async def test_of_a_row_that_may_be_severe_no_value_is_quoted(service: ServiceClient) -> None:
    rows = [
        "WSH,SY999999,Well",
        "PRO,SY999998,Safe space for women",
        "WSH,SY999997,حماية من العنف القائم على النوع الاجتماعي",
    ]
    head = "#sector,#adm3+code,#activity,#date+reported,#reached,#status\n"
    state = await taken(service, head + "".join(f"{row},2026-10,1,Completed\n" for row in rows))
    causes = {each["value"]: (each["code"], each["rows"]) for each in state["problem_causes"]}
    assert causes == {"SY999999": ("unknown_area", 1), None: ("unknown_area", 2)}


async def test_beyond_a_hundred_values_all_others_are_one_cause(service: ServiceClient) -> None:
    rows = "".join(f"Sector {number},SY070302,2026-10,1,Completed\n" for number in range(150))
    state = await taken(service, HXL + rows)
    others = [each for each in state["problem_causes"] if each["value"] is None]
    assert [(each["code"], each["rows"]) for each in others] == [("unknown_sector", 50)]
    assert len(state["problem_causes"]) == 101
    assert "Sector" not in others[0]["detail"].removeprefix("No sector")


async def test_a_cause_names_the_sheet_its_first_rows_stand_in(service: ServiceClient) -> None:
    bad = ["Watsan", *GOOD[1:]]
    content = workbook({"North": [HEADINGS, GOOD], "South": [HEADINGS, bad], "East": [HEADINGS, GOOD, bad, bad]})
    state = await taken(service, content, kind="application/octet-stream")
    [cause] = state["problem_causes"]
    assert (cause["sheet"], cause["rows"], cause["first_rows"]) == ("South", 3, [2])
