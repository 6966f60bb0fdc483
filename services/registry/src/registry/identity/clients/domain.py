"""What a machine client is, and what it proves itself with."""

from dataclasses import dataclass, field

from contracts.identities import IdentityChanged

from registry.identity.grants.domain import Powers


@dataclass(frozen=True)
class NewClient:
    """A system that may ask for tokens, and what they will say."""

    name: str
    powers: Powers

    def changed(self, client_id: str, version: int) -> IdentityChanged:
        """What the others may know of it."""
        grants = (self.powers.published(),)
        return IdentityChanged(version=version, subject=client_id, kind="client", grants=grants)


def ended(client_id: str, version: int) -> IdentityChanged:
    """The same of a client that may do nothing any more."""
    return IdentityChanged(version=version, subject=client_id, kind="client")


@dataclass(frozen=True)
class RevokedClient:
    """A client that was revoked: its version then, or none where it had been before."""

    version: int | None


@dataclass(frozen=True)
class IssuedCredentials:
    """What a client proves itself with. The secret is shown once."""

    client_id: str
    client_secret: str = field(repr=False)
