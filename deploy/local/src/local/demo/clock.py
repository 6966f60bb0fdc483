"""How long each step took, said while it happens."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from rich.console import Console

Opened = TypeVar("Opened")


@dataclass
class StepTimer:
    """Steps and their seconds; standard output stays free for the result."""

    console: Console
    steps: list[tuple[str, float]] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        with self.console.status(f"{name} …"):
            yield
        seconds = time.monotonic() - began
        self.steps.append((name, seconds))
        self.console.print(f"[green]✓[/] {name:<46} {seconds:6.1f} s", highlight=False)

    @asynccontextmanager
    async def opening(self, name: str, context: AbstractAsyncContextManager[Opened]) -> AsyncIterator[Opened]:
        """What the context gives; entering it is the step."""
        async with AsyncExitStack() as stack:
            with self.step(name):
                opened = await stack.enter_async_context(context)
            yield opened
