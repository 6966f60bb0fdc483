"""The doors of the service: what they are called, what they say of their fields, and what is not there."""

from uuid import uuid4

from activities.main import SERVICE
from activities.reports.columns import COLUMNS
from activities.reports.schemas import NewReport, ReportedPeople
from contracts.sensitivity import Sensitivity, levels_of

from .conftest import ServiceClient


async def test_what_is_not_there_is_not_found(service: ServiceClient) -> None:
    for path in ("/v1/reports", "/v1/uploads"):
        assert (await service.client.get(f"{path}/{uuid4()}", headers=service.bearer("secretariat"))).status_code == 404
        assert (await service.client.get(f"{path}/7", headers=service.bearer("secretariat"))).status_code == 422


def test_every_field_says_how_sensitive_it_is() -> None:
    levels = levels_of(NewReport)
    levels_of(ReportedPeople)
    for name in ("latitude", "longitude", "site_name", "community", "neighbourhood", "comments", "external_id"):
        assert levels[name] == Sensitivity.HIGH
    assert {name: column.level for name, column in COLUMNS.items() if name in levels} == {
        name: level for name, level in levels.items() if name in COLUMNS
    }


async def test_the_application_describes_itself(service: ServiceClient) -> None:
    document = (await service.client.get("/openapi.json")).json()
    assert set(document["paths"]) >= {path for _, path in SERVICE.access if not path.startswith("/internal")}
    assert SERVICE.name in document["info"]["title"]
