"""Running a process: `api`, `worker` (relay, consumer and jobs in one), `relay`, `consume`, `migrate`."""

import asyncio
import gc
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import messaging
import structlog
import uvicorn
import uvloop
from contracts.event import Topic
from contracts.operations import DEAD_LETTERS
from database import Database
from database.migrations import MigrationFailed, migrate
from fastapi import FastAPI
from messaging import Consumer, Kafka, Relay, ensure_topics

from runtime import telemetry
from runtime.application import bare, build, health
from runtime.idempotency import forget_old
from runtime.service import Service, Worker
from runtime.settings import ProcessSettings, ServiceSettings, load
from runtime.wire.protocol import BoundedProtocol

log = structlog.get_logger("process")
MIGRATIONS = Path(__file__).parent / "migrations"
GRACE_SECONDS = 20
OBJECTS_BETWEEN_COLLECTIONS = 20_000
SWEEP_SECONDS = 600
LARGEST_MESSAGE = 256 * 1024
"""Bytes of a WebSocket message; what a message may hold is for its route to bound further."""


def main(service: Service) -> None:
    """Entry point of every service: `python -m registry.main api`."""
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    runs = {
        "api": run_api,
        "worker": _worker_of("relay", "consume"),
        "relay": _worker_of("relay"),
        "consume": _worker_of("consume"),
    }
    if word in runs:
        settings = load(service.settings)
        telemetry.start(f"{service.name}-{word}", log_level=settings.log_level)
        runs[word](service, settings)
    elif word == "migrate":
        run_migrations(service, load(service.settings))
    elif word in service.commands:
        settings = load(service.settings)
        uvloop.run(service.commands[word](settings))
    else:
        sys.stderr.write(f"usage: {service.name} {'|'.join([*runs, 'migrate', *service.commands])}\n")
        raise SystemExit(2)


def run_migrations(service: Service, settings: ServiceSettings) -> None:
    """Bring the service's database to the newest version."""
    url = settings.database_url.get_secret_value()
    try:
        migrate(url, migrations_of(service))
    except MigrationFailed as failed:
        sys.stderr.write(f"{service.name}: {failed}\n")
        raise SystemExit(1) from None


def migrations_of(service: Service) -> list[Path]:
    """Folders of the service's migrations, those of the libraries first."""
    return [messaging.MIGRATIONS, MIGRATIONS, service.folder / "migrations"]


def run_api(service: Service, settings: ServiceSettings) -> None:
    serve(build(service, settings), settings)


def collect_seldom() -> None:
    """A batch makes tens of thousands of objects and drops them whole: at the usual pace the collector would walk
    through them, and through all modules, many times a request.
    """
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS, 20, 20)


def serve(app: FastAPI, settings: ProcessSettings) -> None:
    """Serve until SIGTERM, then finish the requests that were taken."""
    collect_seldom()
    _ApiServer(server_config(app, settings)).run()


class _ApiServer(uvicorn.Server):
    """Tells streams that the process stops: it waits for answers to end, and those end only when told."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        stopping: asyncio.Event = self.config.app.state.stopping  # type: ignore[union-attr]
        stopping.set()


def server_config(app: FastAPI, settings: ProcessSettings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=BoundedProtocol.within(settings.bounds),
        access_log=False,
        log_config=None,  # ours: uvicorn's own would print the messages of exceptions
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        ws_max_size=LARGEST_MESSAGE,
        # Never as uvicorn would by itself, which believes whoever is on this machine: guesses are counted by address.
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
    )


def _worker_of(*parts: str) -> Callable[[Service, ServiceSettings], None]:
    def run(service: Service, settings: ServiceSettings) -> None:
        collect_seldom()
        uvloop.run(_run_worker(service, settings, parts))

    return run


async def _run_worker(service: Service, settings: ServiceSettings, parts: tuple[str, ...]) -> None:
    kafka = kafka_of(settings)
    await ensure_topics(kafka, topics_of(service))
    database = await Database.connect(
        settings.database_url.get_secret_value(),
        application=f"{service.name}-worker",
        largest=settings.database_connections,
    )
    consumer = consumer_of(service, database, kafka) if service.projection.topics and "consume" in parts else None
    stop = asyncio.Event()
    tasks: list[Coroutine[Any, Any, None]] = [_sweep(database, stop)]
    if "relay" in parts and (service.topics or service.projection.topics):  # who only hears publishes its dead letters
        tasks += [_relay(service, settings, database, kafka, shard).run(stop) for shard in range(service.shards)]
    if consumer:
        tasks.append(consumer.run(stop))
    if "consume" in parts:
        tasks += [job(Worker(database, settings, kafka, consumer), stop) for job in service.jobs]
    try:
        await _until_one_ends(tasks, _health_server(service, settings, database), stop)
    finally:
        await database.close()


async def _until_one_ends(tasks: list[Coroutine[Any, Any, None]], server: uvicorn.Server, stop: asyncio.Event) -> None:
    """Serve health until SIGTERM or until a part ends; a part that fails ends the process, to be started anew."""
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    running = [asyncio.create_task(task) for task in tasks]
    serving, told = asyncio.create_task(server.serve()), asyncio.create_task(stop.wait())
    await asyncio.wait([serving, told, *running], return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    _, unfinished = await asyncio.wait(running, timeout=GRACE_SECONDS)
    for task in unfinished:
        task.cancel()
    server.should_exit = True
    await serving
    failures = [task.exception() for task in running if task.done() and not task.cancelled() and task.exception()]
    if failures:
        log.error("part_failed", causes=[type(failure).__name__ for failure in failures])
        raise SystemExit(1)


class _HealthServer(uvicorn.Server):
    """Leaves the signals to the worker: uvicorn would raise SIGTERM again as soon as it stops serving."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _sweep(database: Database, stop: asyncio.Event) -> None:
    """Housekeeping of the tables every service has."""
    while not stop.is_set():
        await database.run(forget_old)
        try:
            await asyncio.wait_for(stop.wait(), SWEEP_SECONDS)
        except TimeoutError:
            continue


def _health_server(service: Service, settings: ServiceSettings, database: Database) -> uvicorn.Server:
    app = bare(settings, title=f"Tansiq {service.name} worker", description="Health and metrics.", lifespan=None)
    app.include_router(health(database.answers))
    return _HealthServer(server_config(app, settings))


def _relay(service: Service, settings: ServiceSettings, database: Database, kafka: Kafka, shard: int) -> Relay:
    return Relay(
        database,
        kafka,
        service=service.name,
        shard=shard,
        shards=service.shards,
        lease_seconds=settings.relay_lease_seconds,
    )


def consumer_of(service: Service, database: Database, kafka: Kafka) -> Consumer:
    """The consumer of what a service hears."""
    return Consumer(
        database,
        kafka,
        name=service.name,
        projection=service.projection,
        schema_version=service.schema_version,
    )


def kafka_of(settings: ProcessSettings) -> Kafka:
    return Kafka(settings.kafka_bootstrap, prefix=settings.topic_prefix, replication=settings.kafka_replication)


def topics_of(service: Service) -> list[Topic]:
    """Topics the service publishes and hears, and where its dead letters go."""
    return [*dict.fromkeys([*service.topics, *service.projection.topics, DEAD_LETTERS])]
