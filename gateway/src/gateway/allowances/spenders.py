"""Who spends: a client or a person by what their token says, anybody else by the address they come from."""

from typing import Final

from joserfc.errors import ExpiredTokenError
from runtime.addresses import customer_of
from runtime.problems import InvalidToken, Refusal
from runtime.tokens import TokenVerifier
from starlette.types import Scope

from gateway.allowances.counting import RemainingAllowance, ReplicaCounters
from gateway.allowances.policies import Per, Policies

MOST_ADDRESSES: Final = 10_000
MOST_CREDENTIALS: Final = 10_000


class Allowances:
    """What each spender may still ask, at this replica and with what others tell."""

    def __init__(self, policies: Policies, counting: ReplicaCounters) -> None:
        self.policies = policies
        self.counting = counting
        self._addresses: dict[str, str] = {}
        self._good: dict[str, None] = {}

    async def caller(self, scope: Scope, authorization: bytes | None) -> str | None:
        """The client or person whose token this is; nobody without one that holds. A token that is none is counted.

        Raises `TooManyRequests` where too many were none. While there are no keys to tell by, all are nobody.
        """
        if authorization is None:
            return None
        scheme, _, token = authorization.decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        verifier: TokenVerifier = scope["app"].state.verifier
        try:
            return (await verifier.verify(token.strip())).subject
        except InvalidToken as none:
            if not isinstance(none.__cause__, ExpiredTokenError):  # signed here and over is no guess: 401 says renew it
                self.failed(scope)
        except Refusal:
            pass
        return None

    def spend(self, per: Per, spender: str, method: str, path: str) -> RemainingAllowance | None:
        """One request. Raises `TooManyRequests`."""
        return self.counting.take(self.policies.of(per, method, path), spender)

    def spend_named(self, name: str, spender: str, cost: int = 1) -> None:
        """What is counted by the name of its policy. Raises `TooManyRequests`."""
        self.counting.take(self.policies.named(name), spender, cost)

    def spend_on_graph(self, spender: str, cost: int, *, stream: bool) -> None:
        """An operation of GraphQL's, by HTTP or over a socket. Raises `TooManyRequests`."""
        if stream:
            self.spend_named("streams", spender)
        self.spend_named("graph_cost", spender, cost)

    def failed(self, scope: Scope) -> None:
        """Credentials that are none. Raises `TooManyRequests` where there were too many from this address."""
        self.spend_named("failures", self.address(scope))

    def check_failures(self, scope: Scope) -> None:
        """Raises `TooManyRequests` where too many credentials from this address were none."""
        self.counting.check(self.policies.named("failures"), self.address(scope))

    def address(self, scope: Scope) -> str:
        """Under which an address is counted: it is kept as a keyed hash alone."""
        host = (scope.get("client") or ("",))[0]
        known = self._addresses.get(host)
        if known is None:
            if len(self._addresses) >= MOST_ADDRESSES:
                self._addresses.clear()
            known = self._addresses[host] = self.counting.keyed(f"address {customer_of(host)}")
        return known

    def good(self, credentials: str) -> None:
        """These credentials were good: what others do from the same address is no reason to refuse them."""
        if len(self._good) >= MOST_CREDENTIALS:
            self._good.pop(next(iter(self._good)))
        self._good[credentials] = None

    def were_good(self, credentials: str) -> bool:
        return credentials in self._good
