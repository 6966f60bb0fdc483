"""Changes of machine clients."""

from database import Transaction, new_id
from messaging import events
from runtime import audit
from runtime.access import Principal
from runtime.problems import Invalid, NotFound

from registry.identity.clients import store
from registry.identity.clients.domain import IssuedCredentials, NewClient, ended
from registry.identity.grants import queries as grants
from registry.identity.secrets import new_secret


async def make_client(tx: Transaction, principal: Principal, new: NewClient) -> IssuedCredentials:
    """A client with a new secret. Raises `Invalid`."""
    _check(new)
    if unknown := await grants.unknown(tx, {"": new.powers}):
        raise Invalid(unknown)
    credentials = IssuedCredentials(str(new_id()), new_secret())
    await _write(tx, principal, "client.make", credentials, new)
    return credentials


async def put_client(tx: Transaction, principal: Principal, credentials: IssuedCredentials, client: NewClient) -> None:
    """Let a client with these credentials exist; nothing happens where it does."""
    _check(client)
    await _write(tx, principal, "client.put", credentials, client)


def _check(client: NewClient) -> None:
    if faults := list(client.powers.faults()):
        raise Invalid(faults)


async def _write(
    tx: Transaction, principal: Principal, action: str, credentials: IssuedCredentials, client: NewClient
) -> None:
    if version := await store.put_client(tx, credentials, client):
        await events.append(tx, client.changed(credentials.client_id, version))
        await audit.record(tx, principal, action, f"client:{credentials.client_id}", {"role": client.powers.role})


async def publish_unpublished(tx: Transaction) -> None:
    """Tell the others of clients that were there before they were told of."""
    untold = await store.publish_unpublished(tx)
    told = [client.changed(id, version) if client else ended(id, version) for id, version, client in untold]
    await events.append_all(tx, told)


async def revoke_client(tx: Transaction, principal: Principal, client_id: str) -> None:
    """No new tokens from now on; those that are out end within five minutes. Raises `NotFound`."""
    revoked = await store.revoke(tx, client_id)
    if revoked is None:
        raise NotFound
    if revoked.version:
        await events.append(tx, ended(client_id, revoked.version))
    await audit.record(tx, principal, "client.revoke", f"client:{client_id}")
