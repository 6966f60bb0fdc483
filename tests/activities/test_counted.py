"""What counting is told of a report's words: whether its numbers are people, and of which part of its sector it is."""

from typing import Any

import pytest
from activities.reports.counted import component_of, counted_unit

from .conftest import ServiceClient, report


async def told(service: ServiceClient, **fields: Any) -> dict[str, Any]:
    answer = await service.post(report(**fields))
    assert answer.status_code == 200, answer.text
    return (await service.events())[-1]


@pytest.mark.parametrize(
    ("unit", "counted"),
    [
        ("# people", None),
        ("People", None),
        ("مستفيد", None),
        ("عدد الأشخاص", None),
        ("Individuals (girls)", None),
        ("# sessions", "sessions"),
        ("Sessions for children", "sessions"),
        ("جلسات", "sessions"),
        ("عدد الجلسات", "sessions"),
        ("interventions", "interventions"),
        ("Leaflets", "leaflets"),
        ("بروشورات", "leaflets"),
        ("HHs", "households"),
        ("أسرة/Household", "households"),
        ("شخصاً", None),
        ("نسمة", None),
        ("مستفيدة", None),
        ("طلبة", None),
        ("فتيات", None),
        ("ناجيات", None),
        ("لاجئون", None),
        ("مرضى", None),
        ("Pax", None),
        ("دورة تدريبية", "trainings"),
        ("حصص توعية", "sessions"),
        ("latrines", "other"),
        ("م3", "other"),
    ],
)
async def test_the_unit_of_a_rows_numbers_is_told(service: ServiceClient, unit: str, counted: str | None) -> None:
    assert (await told(service, unit=unit))["counted_unit"] == counted
    assert (await told(service, unit=unit, output_value=40))["counted_unit"] is None


@pytest.mark.parametrize(
    ("texts", "component"),
    [
        ({"activity": "Tent distribution"}, ("shelter", None)),
        ({"activity": "توزيع خيم"}, ("shelter", None)),
        ({"activity": "NFI kits"}, ("nfi", True)),
        ({"activity": "توزيع بطانيات"}, ("nfi", True)),
        ({"activity": "Winter clothes distribution"}, ("nfi", False)),
        ({"activity": "توزيع وقود تدفئة"}, ("nfi", False)),
        ({"activity": "Shelter and NFI response"}, (None, None)),
        ({"activity": "توزيع البطانيات"}, ("nfi", True)),
        ({"activity": "خيام وبطانيات"}, (None, None)),
        ({"activity": "خيمة ووقود"}, (None, None)),
        ({"activity": "Distribution", "unit": "mattresses"}, ("nfi", True)),
        ({"activity": "Cash for rent"}, (None, None)),
    ],
)
async def test_the_part_of_shelter_and_nfi_is_told(service: ServiceClient, texts: Any, component: Any) -> None:
    event = await told(service, sector="SHL", **texts)
    assert (event["component"], event["core_item"]) == component


def test_no_other_sector_has_parts() -> None:
    assert component_of("WSH", "Tents").name is None
    assert counted_unit(None, None) is None
