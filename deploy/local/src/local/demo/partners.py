"""Partners of the sample: registered by the secretariat, each with a machine client of its own while the demo runs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from client import Credentials, Refused, Tansiq
from contracts.organisations import Organisation, OrganisationStatus

from local.demo.names import SampleOrganisation

ANSWER_LOST = "answer_not_kept"


@dataclass(frozen=True)
class Partner:
    """An organisation of the sample as the platform knows it."""

    organisation: SampleOrganisation
    id: str
    credentials: Credentials


async def known_samples(secretariat: Tansiq) -> dict[str, Organisation]:
    """Organisations of earlier runs, by the id the sample gives them."""
    found = [each async for each in secretariat.lists.of(Organisation, search="sample")]
    return {each.external_ids["iati"]: each for each in found if "iati" in each.external_ids}


async def register(
    secretariat: Tansiq, organisation: SampleOrganisation, known: Mapping[str, Organisation], areas: Iterable[str]
) -> str:
    """The organisation's id; it applies and is verified where it was not."""
    if found := known.get(organisation.external_id):
        id, is_verified = str(found.id), found.status is OrganisationStatus.VERIFIED
    else:
        applied = await secretariat.organisations.apply(
            {
                "names": {"ar": organisation.arabic, "en": organisation.english},
                "type_code": organisation.type_code,
                "external_ids": {"iati": organisation.external_id},
                "sectors": list(organisation.sectors),
                "areas": list(areas),
            }
        )
        id, is_verified = str(applied.id), False
    if not is_verified:
        await secretariat.organisations.verify(id)
    return id


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
        return Credentials(url, made.client_id, made.client_secret)
