"""How long each step took, said while it happens."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console


@dataclass
class Clock:
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
