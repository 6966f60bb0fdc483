"""The registry: who works where, and the code lists all services share."""

from pathlib import Path

from runtime.process import main
from runtime.service import Service

from registry.allowances.api import router as allowances
from registry.areas import api as areas
from registry.boundaries.api import router as boundaries
from registry.codes.api import router as codes
from registry.countries.api import router as countries
from registry.duplicates import api as duplicates
from registry.identifiers.api import router as identifiers
from registry.identity.clients.api import router as clients
from registry.identity.people.api import accepting_router
from registry.identity.people.api import router as people
from registry.identity.sessions.api import opening_router
from registry.identity.sessions.api import router as sessions
from registry.identity.sessions.api import token_router as session_token_router
from registry.identity.tokens.api import keys_router, own_keys, token_router
from registry.merges.api import router as merges
from registry.organisations import api as organisations
from registry.provision import provision
from registry.scopes.api import router as scopes
from registry.settings import Settings

SERVICE = Service(
    name="registry",
    description="Who: organisations, areas and scopes, code lists, identities.",
    settings=Settings,
    folder=Path(__file__).parents[2],
    routers=(
        token_router,
        keys_router,
        identifiers,
        duplicates.router,
        merges,
        organisations.router,
        areas.router,
        boundaries,
        countries,
        codes,
        scopes,
        clients,
        people,
        accepting_router,
        sessions,
        opening_router,
        session_token_router,
        allowances,
    ),
    lists=(organisations.LIST, duplicates.LIST, areas.LIST),
    keys=own_keys,
    commands={"provision": provision},
)

if __name__ == "__main__":
    main(SERVICE)
