"""Running a process of a service by its roles.

`api`; `worker`: relay, consumer and light jobs; `jobs`: all jobs, heavy ones too; `relay` and `consume` by themselves.
Several at once share a process. And once: `migrate`, `republish`.
"""

import asyncio
import gc
import signal
import sys
from collections.abc import Collection, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import archive
import jobs
import messaging
import structlog
import uvicorn
import uvloop
from contracts.event import Topic
from contracts.operations import DEAD_LETTERS
from database import Database
from database.migrations import MigrationFailed, migrate
from fastapi import FastAPI
from jobs import JobWorker, Work, passing
from messaging import Consumer, Kafka, Relay, ensure_topics
from messaging.waiting import pause

from runtime import retention, telemetry
from runtime.application import bare, build, health
from runtime.service import Service, Worker
from runtime.settings import ProcessSettings, ServiceSettings, load
from runtime.wire.protocol import BoundedProtocol

log = structlog.get_logger("process")
MIGRATIONS = Path(__file__).parent / "migrations"
GRACE_SECONDS = 20
OBJECTS_BETWEEN_COLLECTIONS = 20_000
MEASURE_SECONDS = 5.0
LARGEST_MESSAGE = 256 * 1024
"""Bytes of a WebSocket message; what a message may hold is for its route to bound further."""


PARTS: Mapping[str, Sequence[str]] = {
    "api": ("api",),
    "worker": ("relay", "consume", "light"),
    "relay": ("relay",),
    "consume": ("consume",),
    "jobs": ("light", "heavy"),
}
"""What a process does, by its role."""


def main(service: Service) -> None:
    """Entry point of every service: `python -m registry.main api`, or several roles in one process: `… api worker`."""
    words = sys.argv[1:]
    word = words[0] if words else ""
    if words and set(words) <= PARTS.keys():
        settings = load(service.settings)
        telemetry.start(f"{service.name}-{'-'.join(words)}", log_level=settings.log_level)
        collect_seldom()
        if words == ["api"]:
            serve(build(service, settings), settings)
        else:
            uvloop.run(_run_worker(service, settings, {part for word in words for part in PARTS[word]}))
    elif word == "migrate":
        run_migrations(service, load(service.settings))
    elif word == "republish":
        uvloop.run(_republish(service, load(service.settings)))
    elif word in service.commands:
        settings = load(service.settings)
        uvloop.run(service.commands[word](settings))
    else:
        sys.stderr.write(f"usage: {service.name} {'|'.join([*PARTS, 'migrate', 'republish', *service.commands])}\n")
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
    return [messaging.MIGRATIONS, MIGRATIONS, jobs.MIGRATIONS, archive.MIGRATIONS, service.folder / "migrations"]


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


async def _republish(service: Service, settings: ServiceSettings) -> None:
    """Have the relay publish the last state of everything again, from the log and the archive."""
    database = await Database.connect(settings.database_url.get_secret_value(), application=f"{service.name}-republish")
    objects = archive.Objects.at(settings.archive_url) if settings.archive_url else None
    count = await archive.republish(database, objects)
    await database.close()
    sys.stdout.write(f"{service.name}: {count} events are to be published again\n")


async def _run_worker(service: Service, settings: ServiceSettings, parts: Collection[str]) -> None:
    kafka = kafka_of(settings)
    await ensure_topics(kafka, topics_of(service))
    database = await Database.connect(
        settings.database_url.get_secret_value(),
        application=f"{service.name}-worker",
        largest=settings.database_connections,
    )
    consumer = consumer_of(service, database, kafka) if service.projection.topics else None
    worker, stop = Worker(service.name, database, settings, kafka, consumer), asyncio.Event()
    tasks: list[Coroutine[Any, Any, None]] = [_measure(service, database, stop)]
    if "relay" in parts and (service.topics or service.projection.topics):  # who only hears publishes its dead letters
        tasks += [_relay(service, settings, database, kafka, shard).run(stop) for shard in range(service.shards)]
    if consumer and "consume" in parts:
        tasks.append(consumer.run(stop))
    if "light" in parts:
        tasks += [queue(worker, stop) for queue in service.queues]
    if works := works_of(service, parts):
        tasks.append(JobWorker(database, works, worker).run(stop))
    server = _api_server(service, settings) if "api" in parts else _health_server(service, settings, database)
    try:
        await _until_one_ends(tasks, server, stop)
    finally:
        await database.close()


async def _until_one_ends(tasks: list[Coroutine[Any, Any, None]], server: "_WorkerServer", stop: asyncio.Event) -> None:
    """Serve until SIGTERM or until a part ends; a part that fails ends the process, to be started anew."""
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    running = [asyncio.create_task(task) for task in tasks]
    serving, told = asyncio.create_task(server.serve()), asyncio.create_task(stop.wait())
    await asyncio.wait([serving, told, *running], return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    _, unfinished = await asyncio.wait(running, timeout=GRACE_SECONDS)
    for task in unfinished:
        task.cancel()
    server.stop()
    await serving
    failures = [task.exception() for task in running if task.done() and not task.cancelled() and task.exception()]
    if failures:
        log.error("part_failed", causes=[type(failure).__name__ for failure in failures])
        raise SystemExit(1)


class _WorkerServer(_ApiServer):
    """Leaves the signals to the worker: uvicorn would raise SIGTERM again as soon as it stops serving."""

    def stop(self) -> None:
        self.handle_exit(signal.SIGTERM, None)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def works_of(service: Service, parts: Collection[str]) -> list[Work[Any]]:
    """What a process of these parts does of the service's jobs."""
    works = [*retention.JOBS, *service.jobs]
    return [work for work in works if ("heavy" if work.heavy else "light") in parts]


async def _measure(service: Service, database: Database, stop: asyncio.Event) -> None:
    while not stop.is_set():
        with passing("process.unmeasured"):
            async with database.connection() as connection:
                for measure in service.measures:
                    await measure(connection)
        await pause(MEASURE_SECONDS, stop)


def _api_server(service: Service, settings: ServiceSettings) -> _WorkerServer:
    return _WorkerServer(server_config(build(service, settings), settings))


def _health_server(service: Service, settings: ServiceSettings, database: Database) -> _WorkerServer:
    app = bare(settings, title=f"Tansiq {service.name} worker", description="Health and metrics.", lifespan=None)
    app.include_router(health(database.answers))
    return _WorkerServer(server_config(app, settings))


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
    )


def kafka_of(settings: ProcessSettings) -> Kafka:
    return Kafka(settings.kafka_bootstrap, prefix=settings.topic_prefix, replication=settings.kafka_replication)


def topics_of(service: Service) -> list[Topic]:
    """Topics the service publishes and hears, and where its dead letters go."""
    return [*dict.fromkeys([*service.topics, *service.projection.topics, DEAD_LETTERS])]
