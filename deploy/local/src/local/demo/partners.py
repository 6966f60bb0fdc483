"""Partners of the sample: registered by the secretariat, each with a machine client of its own while the demo runs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from client import Credentials, Refused, Tansiq

from local.demo.names import SampleOrganisation

ANSWER_LOST = "answer_not_kept"


@dataclass(frozen=True)
class Partner:
    """An organisation of the sample as the platform knows it."""

    organisation: SampleOrganisation
    id: str
    credentials: Credentials


async def known_samples(secretariat: Tansiq) -> dict[str, dict[str, Any]]:
    """Organisations of earlier runs, by the id the sample gives them."""
    found = [item async for item in secretariat.organisations.all(search="sample")]
    return {item["external_ids"]["iati"]: item for item in found if "iati" in item["external_ids"]}


async def register(
    secretariat: Tansiq, organisation: SampleOrganisation, known: Mapping[str, dict[str, Any]], areas: Iterable[str]
) -> str:
    """The organisation's id; it applies and is verified where it was not."""
    found = known.get(organisation.external_id) or await secretariat.organisations.apply(
        {
            "names": {"ar": organisation.arabic, "en": organisation.english},
            "type_code": organisation.type_code,
            "external_ids": {"iati": organisation.external_id},
            "sectors": list(organisation.sectors),
            "areas": list(areas),
        }
    )
    if found["status"] != "verified":
        await secretariat.organisations.verify(found["id"])
    return str(found["id"])


async def make_client(secretariat: Tansiq, url: str, organisation: SampleOrganisation, id: str) -> Partner:
    """A client for the organisation's own system."""
    new = {"name": f"{organisation.english}: demo", "role": "member", "organisation_id": id}
    return Partner(organisation, id, await new_client(secretariat, url, new))


async def new_client(secretariat: Tansiq, url: str, new: dict[str, Any]) -> Credentials:
    """A machine client. Where the answer with its secret was lost, another one."""
    while True:
        try:
            made = await secretariat.clients.make(new)
        except Refused as refused:
            if refused.code != ANSWER_LOST:
                raise
            continue
        return Credentials(url, made["client_id"], made["client_secret"])
