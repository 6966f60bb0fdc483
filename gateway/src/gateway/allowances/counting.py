"""Counting what is spent: a sliding window for each policy and spender, here and with what other replicas tell."""

import hashlib
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from prometheus_client import Counter as Metric

from gateway.allowances.policies import Policy, PolicyGroup
from gateway.errors import TooManyRequests

MOST: Final = 100_000
"""Counters kept; the oldest go first."""
PRUNED_SECONDS: Final = 30.0
KEY_BYTES: Final = 16
REFUSALS: Final = Metric("tansiq_allowance_refusals", "Requests beyond an allowance", ["policy"])
ROUNDING: Final = 1e-6


class Counter:
    """What one spender has spent of one policy in this window and in the one before.

    The window slides: of what was spent in the one before counts the part that the last `seconds` still reach into.
    """

    __slots__ = ("before", "key", "policy", "spent", "unsent", "window")

    def __init__(self, policy: Policy, key: str, window: int) -> None:
        self.policy = policy
        self.key = key
        self.window = window
        self.spent = 0
        self.before = 0
        self.unsent = 0
        """Of `spent`, what the other replicas have not heard of."""

    def used(self, now: float) -> float:
        place = now / self.policy.seconds
        window = int(place)
        if window != self.window:
            self._go_on(window)
        return self.spent + self.before * (1 - (place - window))

    def _go_on(self, window: int) -> None:
        self.before = self.spent if window == self.window + 1 else 0
        self.window, self.spent, self.unsent = window, 0, 0

    def take(self, cost: int) -> None:
        self.spent += cost
        self.unsent += cost

    def wait(self, cost: int, now: float) -> int:
        """Seconds until so much is free, if nothing else is spent."""
        seconds, limit = self.policy.seconds, self.policy.limit
        gone = now / seconds - self.window
        left = limit - self.spent - cost
        if left >= 0 and self.before:
            return max(1, math.ceil((1 - left / self.before - gone) * seconds))
        after = max(0.0, 1 - (limit - cost) / self.spent) if self.spent else 0.0
        return max(1, math.ceil((1 - gone + after) * seconds))

    def record_total(self, window: int, updates: int, total: int) -> None:
        """All replicas together have spent `total` in that window, with the `told` of this one."""
        if window == self.window:
            self.unsent -= updates
            self.spent = total + self.unsent
        elif window == self.window - 1:
            self.before = total


@dataclass(frozen=True)
class CounterUpdate:
    """What a counter has to tell the others."""

    counter: Counter
    window: int
    spent: int


class RemainingAllowance(NamedTuple):
    """What is left after a request."""

    together: PolicyGroup
    counter: Counter
    used: float
    now: float

    def headers(self) -> tuple[tuple[bytes, bytes], tuple[bytes, bytes]]:
        """As draft-ietf-httpapi-ratelimit-headers-10 tells it."""
        policy = self.counter.policy
        seconds = (self.counter.window + 1) * policy.seconds - int(self.now)
        left = f'"{policy.name}";r={max(0, int(policy.limit - self.used))};t={seconds}'
        return (b"ratelimit-policy", self.together.header), (b"ratelimit", left.encode())


class ReplicaCounters:
    """The counters of this replica."""

    def __init__(self, secret: str, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self._secret = hashlib.sha256(b"tansiq allowances\n" + secret.encode()).digest()
        self._counters: dict[tuple[str, str], Counter] = {}
        self._unsent: dict[Counter, None] = {}
        self._pruned_at = 0.0

    def keyed(self, text: str) -> str:
        """A hash that tells nothing without the installation's secret."""
        return hashlib.blake2b(text.encode(), digest_size=KEY_BYTES, key=self._secret).hexdigest()

    def take(self, together: PolicyGroup, spender: str, cost: int = 1) -> "RemainingAllowance | None":
        """Spend so much of each policy; what is left of the one of which least is. Raises `TooManyRequests`, and then
        nothing is spent."""
        now = self.clock()
        counters = [self._checked(policy, spender, cost, now) for policy in together.policies]
        least, least_share = None, -1.0
        for counter, used in counters:
            counter.take(cost)
            self._unsent[counter] = None
            share = (used + cost) / counter.policy.limit
            if share > least_share:
                least, least_share = RemainingAllowance(together, counter, used + cost, now), share
        return least

    def check(self, together: PolicyGroup, spender: str) -> None:
        """Raises `TooManyRequests` where nothing more could be spent."""
        now = self.clock()
        for policy in together.policies:
            self._checked(policy, spender, 1, now)

    def _checked(self, policy: Policy, spender: str, cost: int, now: float) -> tuple[Counter, float]:
        counter = self._counters.get((policy.name, spender)) or self._new(policy, spender, now)
        used = counter.used(now)
        if used + cost > policy.limit + ROUNDING and used > 0:  # what costs more than there is waits for all of it
            REFUSALS.labels(policy.name).inc()
            raise TooManyRequests(policy.header_value, policy.name, counter.wait(min(cost, policy.limit), now))
        return counter, used

    def _new(self, policy: Policy, spender: str, now: float) -> Counter:
        if now - self._pruned_at > PRUNED_SECONDS or len(self._counters) >= MOST:
            self._prune(now)
        key = self.keyed(f"{policy.name} {spender}")
        counter = self._counters[policy.name, spender] = Counter(policy, key, int(now / policy.seconds))
        return counter

    def _prune(self, now: float) -> None:
        self._pruned_at = now
        old = [key for key, each in self._counters.items() if each.window < int(now / each.policy.seconds) - 1]
        excess = len(self._counters) - len(old) - MOST + MOST // 10
        if excess > 0:
            old.extend(list(self._counters)[:excess])
        for key in old:
            self._counters.pop(key, None)

    def take_updates(self, most: int) -> list[CounterUpdate]:
        """What the others have not heard of."""
        return [CounterUpdate(counter, counter.window, counter.unsent) for counter in self._taken(most)]

    def _taken(self, most: int) -> Iterator[Counter]:
        while self._unsent and most:
            counter, _ = self._unsent.popitem()
            most -= 1
            yield counter

    def put_back(self, updates: Sequence[CounterUpdate]) -> None:
        """They are to hear of it the next time."""
        self._unsent.update(dict.fromkeys(each.counter for each in updates))
