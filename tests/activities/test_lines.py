"""Names and ids of reports as lines: what differs by nothing that is seen is one."""

from .conftest import ServiceClient, report


async def test_two_ids_that_look_the_same_are_one_report(service: ServiceClient) -> None:
    answers = [await service.post(report(external_id=id)) for id in ("A-1", "A\u200b-1", " A-1\ufeff ")]
    first, second, third = (answer.json()["results"][0] for answer in answers)
    assert (first["id"], "unchanged") == (second["id"], second["status"]) == (third["id"], third["status"])
    assert await service.rows("select external_id from report") == [{"external_id": "A-1"}]


async def test_texts_are_kept_as_lines_and_paragraphs(service: ServiceClient) -> None:
    await service.post(report(activity="Water\r\ntrucking\U000e0041", comments="one\r\ntwo\u202e"))
    [row] = await service.rows("select activity, comments from report")
    assert dict(row) == {"activity": "Water trucking", "comments": "one\ntwo"}
