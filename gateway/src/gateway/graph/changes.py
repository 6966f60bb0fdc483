"""Subscriptions to what changes in a list, which is followed by its position. See decision 0058."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, repeat
from typing import Any, Final

from prometheus_client import Counter, Gauge
from runtime.changes import NOW
from runtime.language import Language
from runtime.problems import Refusal, Unavailable

from gateway.errors import PartBusy, ServiceTooSlow
from gateway.graph.completion import Failure
from gateway.graph.error_format import Located, sentence_of
from gateway.graph.field_sources import Pages
from gateway.graph.plan import Made, Path, Plan, PlanRun, RootPlan
from gateway.graph.roots import Arguments, GraphReader, ServiceChanges
from gateway.upstream.hints import ChangeHints

AWAY: Final = (Unavailable, ServiceTooSlow, PartBusy)
"""The service can't be asked for a moment: nothing is lost by that, the position stays."""
AFTER_HINT: Final = (0.3, 1.0, 3.0, 10.0)
"""Seconds after which is asked again: what committed may not be told before every older transaction is over."""
IDLE_SECONDS: Final = 30.0
"""Between two questions where no hint comes."""
REST: Final = 5.0
"""So many times as long as an answer took nothing is asked, hint or not."""
FOLLOWING = Gauge("tansiq_graph_changes_followed", "Subscriptions to changes", ["subscription"])
TOLD = Counter("tansiq_graph_changes_told", "Changes told to subscribers", ["subscription"])


@dataclass(frozen=True)
class ChangesSubscription:
    """One subscriber's view of what changes in a list."""

    plan: Plan
    root: RootPlan
    source: ServiceChanges
    arguments: Mapping[Path, Arguments]

    async def answers(
        self, hints: ChangeHints, reader: Callable[[], GraphReader], language: Language
    ) -> AsyncGenerator[dict[str, Any], None]:
        """A page whenever something changed, and one at the beginning, which says where that is.

        The position is all that is kept of a subscriber: who is slow is told the same, later. Raises `Refusal`.
        """
        name = self.root.nodes[0].name.value
        try:
            with FOLLOWING.labels(name).track_inprogress():
                async with hints.of(self.source.topic) as hint:
                    page = await self._page(hints, reader(), self.arguments[self.root.path].get("changes_after", NOW))
                    yield sentence_of(*page.answer, language)
                    pauses = _pauses()
                    while True:
                        if not page.has_next:
                            await asyncio.sleep(REST * page.seconds)
                            pauses = _pauses() if await _given(hint, next(pauses)) else pauses
                        hint.clear()
                        try:
                            page = await self._page(hints, reader(), page.position)
                        except AWAY:
                            page = replace(page, has_next=False)
                            continue
                        if page.changes:
                            TOLD.labels(name).inc(page.changes)
                            yield sentence_of(*page.answer, language)
        except Refusal as refusal:
            raise Located(refusal, self.root.place) from refusal

    async def _page(self, hints: ChangeHints, reader: GraphReader, position: str) -> "_Page":
        """What changed behind a position. Raises `Refusal`."""
        arguments = {**self.arguments[self.root.path], "changes_after": position}
        run = PlanRun(reader, {**self.arguments, self.root.path: arguments})
        async with hints.places:
            asked_at = time.monotonic()
            found = await self.root.found(run)
            assert isinstance(found, Pages)
            [reached], [has_next], [gone] = (found.column(name) for name in ("position", "has_next", "gone"))
            answer = self.plan.answer_of({self.root.key: await self.root.made(found, run)}, run)
        return _Page(answer, reached, has_next, found.rows.size + len(gone), time.monotonic() - asked_at)


@dataclass(frozen=True)
class _Page:
    """What changed behind a position."""

    answer: tuple[Made | None, list[Failure]]
    position: str
    has_next: bool
    changes: int
    seconds: float
    """It took to be answered."""


def _pauses() -> Iterator[float]:
    return chain(AFTER_HINT, repeat(IDLE_SECONDS))


async def _given(hint: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(hint.wait(), seconds)
    except TimeoutError:
        return False
    return True
