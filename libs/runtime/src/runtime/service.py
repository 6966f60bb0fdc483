"""What a service is, declared once in its `main.py`; `runtime.process` runs it."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, TypeVar

from contracts.event import PUBLISHED, Topic
from database import Database, Transaction
from fastapi import APIRouter, FastAPI
from jobs import Work
from messaging import Consumer, Kafka, Projection

from runtime.access import RouteTable
from runtime.listing import Listing
from runtime.routing import table_of
from runtime.settings import ServiceSettings
from runtime.tokens import LoadKeys

Own = TypeVar("Own", bound=ServiceSettings)
"""Settings of a service."""


@dataclass(frozen=True)
class Worker(Generic[Own]):
    """What the jobs of a service are given."""

    service: str
    database: Database
    settings: Own
    kafka: Kafka
    consumer: Consumer | None


OwnQueue = Callable[[Worker[Any], asyncio.Event], Coroutine[Any, Any, None]]
"""Does what waits in a table of its own until the event is set, then finishes what it took (`jobs.keep_taking`)."""
Measure = Callable[[Transaction], Coroutine[Any, Any, None]]


@dataclass(frozen=True)
class Service:
    """A service: its doors, its facts and what it hears."""

    name: str
    description: str
    settings: type[ServiceSettings]
    folder: Path
    """Folder of the service in the tree: holds `migrations/` and `schema.sql`."""
    routers: Sequence[APIRouter]
    lists: Sequence[Listing[Any]] = ()
    """What the gateway can ask for."""
    projection: Projection = field(default_factory=Projection)
    """What it makes of what it hears."""
    jobs: Sequence[Work[Any]] = ()
    queues: Sequence[OwnQueue] = ()
    measures: Sequence[Measure] = ()
    """What each worker counts for its metrics, again and again."""
    shards: int = 1
    keys: Callable[[FastAPI], LoadKeys] | None = None
    """Where the token keys come from, when it is not the published JWKS (the registry reads its own table)."""
    lifespans: Sequence[Callable[[FastAPI], AbstractAsyncContextManager[None]]] = ()
    """What lives as long as an API process does, such as the hub of its streams."""
    commands: Mapping[str, Callable[[Any], Coroutine[Any, Any, None]]] = field(default_factory=dict)
    """Further words its `main.py` takes, such as `provision`."""

    @cached_property
    def access(self) -> RouteTable:
        """Its table of routes. Raises `RouteWithoutRule`."""
        return table_of(self.routers, [each.route() for each in self.lists])

    @property
    def topics(self) -> Sequence[Topic]:
        """Topics it publishes to: those of the contracts that bear its name."""
        spoken = (event.topic for event in PUBLISHED.values())
        return tuple(dict.fromkeys(topic for topic in spoken if topic.noun.startswith(f"{self.name}.")))
