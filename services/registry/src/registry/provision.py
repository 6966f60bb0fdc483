"""`provision`: the shipped code lists, the signing key, and the first clients. Safe to run at every start."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Literal
from uuid import UUID

from contracts.folding import EDITION as FOLDING
from contracts.text import Code
from database import Database, Transaction
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError
from runtime.access import Principal, Role

from registry import shipped
from registry.areas.commands import fold_names_again as fold_area_names
from registry.areas.commands import load_areas
from registry.boundaries.store import add as add_boundaries
from registry.codes import commands as codes
from registry.codes.store import take_shipped
from registry.countries.commands import add_missing_countries
from registry.identity.clients.commands import publish_unpublished, put_client
from registry.identity.clients.domain import IssuedCredentials, NewClient
from registry.identity.grants.domain import Powers
from registry.identity.people.commands import put as put_person
from registry.identity.people.domain import PersonProfile
from registry.identity.tokens.commands import signing_key
from registry.organisations.commands import add_sample
from registry.organisations.domain import OrganisationProfile as OrganisationProfile
from registry.organisations.schemas import Email
from registry.organisations.store import fold_names_again as fold_organisation_names
from registry.scopes.commands import load_scopes
from registry.settings import Settings

PROVISION = Principal(subject="provision", role=Role.SECRETARIAT)

ClientName = Literal["secretariat", "coordinator", "member", "other_member", "hub"]

PersonName = Literal["secretariat", "coordinator", "member", "hub"]


class ProvisionedCredentials(BaseModel):
    model_config = ConfigDict(extra="forbid")

    client_id: Code
    client_secret: SecretStr
    organisation_id: UUID | None = None
    """Needed for a member's client where there are no sample organisations."""


class ProvisionedPerson(BaseModel):
    model_config = ConfigDict(extra="forbid")

    email: Email
    password: SecretStr


class ProvisionInput(BaseModel):
    """What stands on standard input."""

    model_config = ConfigDict(extra="forbid")

    clients: dict[ClientName, ProvisionedCredentials] = {}
    people: dict[PersonName, ProvisionedPerson] = {}
    """Sample people, in development only: elsewhere people are invited."""


SAMPLES: Mapping[ClientName, tuple[UUID, OrganisationProfile]] = {
    "member": (
        UUID("01990000-0000-7000-8000-00000000a001"),
        OrganisationProfile(
            names={"ar": "منظمة عضو نموذجية", "en": "Sample Member Organisation"},
            acronyms={"en": "SMO"},
            type_code="441",
            sectors=("WSH", "SHL", "PRO", "EDU"),
            areas=("SY02", "SY07"),
        ),
    ),
    "other_member": (
        UUID("01990000-0000-7000-8000-00000000a002"),
        OrganisationProfile(
            names={"ar": "منظمة عضو نموذجية أخرى", "en": "Other Sample Member Organisation"},
            acronyms={"en": "OSMO"},
            type_code="437",
            sectors=("WSH", "EDU"),
            areas=("SY02", "SY07"),
        ),
    ),
}
WORDS = ("name_words.csv", "known_organisations.csv")
"""What organisations' names are compared by."""
HUB_AREAS = ("SY", "AF", "ET", "SO")
"""Syria, and the countries whose 3W files are tried here; more hubs are made by `POST /v1/clients`."""
CLIENTS: Mapping[ClientName, NewClient] = {
    "secretariat": NewClient("Secretariat", Powers(Role.SECRETARIAT)),
    "coordinator": NewClient("WASH coordinator", Powers(Role.COORDINATOR, sectors=("WSH",), areas=("SY02", "SY07"))),
    "member": NewClient("Member", Powers(Role.MEMBER)),
    "other_member": NewClient("Other member", Powers(Role.MEMBER)),
    "hub": NewClient("Hub", Powers(Role.HUB, areas=HUB_AREAS)),
}
PEOPLE: Mapping[PersonName, str] = {
    "secretariat": "موظف نموذجي في الأمانة العامة",
    "coordinator": "منسّق نموذجي للمياه",
    "member": "عضو نموذجي",
    "hub": "مستخدم نموذجي في هيكل تنسيق إقليمي",
}


async def provision(settings: Settings) -> None:
    """Entry point of the command."""
    wanted = _read(await asyncio.to_thread(sys.stdin.read))
    _check(settings, wanted)
    database = await Database.connect(
        settings.database_url.get_secret_value(), application="registry-provision", largest=2
    )
    try:
        await database.run(lambda tx: provide(tx, settings, wanted))
    finally:
        await database.close()


def _read(text: str) -> ProvisionInput:
    try:
        return ProvisionInput.model_validate_json(text) if text.strip() else ProvisionInput()
    except ValidationError as refused:
        for problem in refused.errors(include_input=False, include_url=False):
            sys.stderr.write(f"standard input, {'.'.join(map(str, problem['loc']))}: {problem['msg']}\n")
        raise SystemExit(2) from None


def _check(settings: Settings, input: ProvisionInput) -> None:
    if settings.environment == "development":
        return  # members belong to the sample organisations
    if input.people:
        sys.stderr.write("standard input, people: sample people are for development only\n")
        raise SystemExit(2)
    for name in SAMPLES:
        sent = input.clients.get(name)
        if sent and sent.organisation_id is None:
            sys.stderr.write(f"standard input, clients.{name}: organisation_id is needed outside development\n")
            raise SystemExit(2)


async def provide(tx: Transaction, settings: Settings, input: ProvisionInput) -> None:
    """Everything a registry starts with, in one transaction."""
    if await take_shipped(tx, "folding", str(FOLDING).encode()):
        await fold_area_names(tx)
        await fold_organisation_names(tx)
    if await take_shipped(tx, WORDS[0], shipped.digest(*WORDS)):
        await fold_organisation_names(tx)
    await load_shipped(tx)
    await signing_key(tx, settings.signing_key_secret.get_secret_value())
    samples = settings.environment == "development" and bool(input.clients)
    if samples:
        for id, profile in SAMPLES.values():
            await add_sample(tx, PROVISION, id, profile)
    for name, sent in input.clients.items():
        await put_client(tx, PROVISION, *_client(name, sent, samples=samples))
    await publish_unpublished(tx)
    for person, given in input.people.items():
        await put_person(tx, PROVISION, *_person(person, given), given.password.get_secret_value())


async def load_shipped(tx: Transaction) -> None:
    """Load each shipped list that is another one than was loaded last. What people changed since is not set back."""
    for names, load in LISTS.items():
        if await take_shipped(tx, names[0], shipped.digest(*names)):
            await load(tx)


def _client(name: ClientName, sent: ProvisionedCredentials, *, samples: bool) -> tuple[IssuedCredentials, NewClient]:
    kind = CLIENTS[name]
    organisation = sent.organisation_id or (SAMPLES[name][0] if samples and name in SAMPLES else None)
    client = replace(kind, powers=replace(kind.powers, organisation_id=organisation))
    return IssuedCredentials(sent.client_id, sent.client_secret.get_secret_value()), client


def _person(name: PersonName, sent: ProvisionedPerson) -> tuple[PersonProfile, list[Powers]]:
    organisation = SAMPLES["member"][0] if name == "member" else None
    return PersonProfile(PEOPLE[name], sent.email), [replace(CLIENTS[name].powers, organisation_id=organisation)]


async def _load_areas(tx: Transaction) -> None:
    loaded = await load_areas(tx, PROVISION, shipped.areas())
    assert not loaded.refused, "the shipped areas fit their own patterns"


LISTS: Mapping[tuple[str, ...], Callable[[Transaction], Awaitable[None]]] = {
    ("sectors.csv", "sector_aliases.csv"): lambda tx: codes.load_sectors(tx, shipped.sectors()),
    ("indicators.csv",): lambda tx: codes.load_indicators(tx, shipped.indicators()),
    ("organisation_types.csv",): lambda tx: codes.load_organisation_types(tx, shipped.organisation_types()),
    ("countries.csv", "area_patterns.csv"): lambda tx: add_missing_countries(tx, shipped.countries()),
    ("areas_syr.csv",): _load_areas,
    ("boundaries_syr.ndjson",): lambda tx: add_boundaries(tx, "SY", shipped.boundaries(), shipped.BOUNDARIES_SOURCE),
    ("scopes.csv",): lambda tx: load_scopes(tx, shipped.scopes()),
}
"""What loads each list, in an order in which each finds what it refers to."""
