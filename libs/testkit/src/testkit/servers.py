"""Throw-away PostgreSQL and Kafka for tests: started when first asked for, gone when their owner is gone.

One small process holds the servers. It ends, and removes them and their data, when its standard input ends: that is,
however the test run or benchmark that opened it ends, kill -9 included.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, cast

from local.kafka import KafkaBroker
from local.ports import free_ports
from local.postgres import PostgresServer
from local.programs import Server

POSTGRES_URL = "TANSIQ_TEST_POSTGRES_URL"
KAFKA_BOOTSTRAP = "TANSIQ_TEST_KAFKA_BOOTSTRAP"
SERVERS_DIR = "TANSIQ_TEST_SERVERS"

MEMORY = Path("/dev/shm")
ROOM = 4 * 1024**3

Answer = dict[str, Any]


def memory_folder(prefix: str) -> Path:
    """A new folder in memory where that has room, else among the temporary files: for data that nobody will miss."""
    roomy = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM
    return Path(tempfile.mkdtemp(prefix=prefix, dir=MEMORY if roomy else None))


class ThrowawayServers:
    """Open them in the process that owns the run; its children find them through the environment."""

    def __init__(self) -> None:
        self.folder = memory_folder("tansiq-test-")
        self._holder = subprocess.Popen(
            [sys.executable, "-m", "testkit.servers", str(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # the terminal's Ctrl-C is for the tests; the holder goes after them
        )
        os.environ[SERVERS_DIR] = str(self.folder)

    def close(self) -> None:
        os.environ.pop(SERVERS_DIR, None)
        if self._holder.stdin:
            self._holder.stdin.close()
        self._holder.wait(60)

    def __enter__(self) -> ThrowawayServers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def postgres_url() -> str:
    """An administrator's address: the caller's own server where the environment names one."""
    return os.environ.get(POSTGRES_URL) or cast(str, _ask("postgres")["url"])


def kafka_bootstrap() -> str:
    return os.environ.get(KAFKA_BOOTSTRAP) or cast(str, _ask("kafka")["bootstrap"])


class OwnBroker:
    """A broker of one test's own, to be killed and started again on the same data."""

    def __init__(self, number: int, bootstrap: str) -> None:
        self._number = number
        self.bootstrap = bootstrap

    def start(self) -> None:
        self._do("start")

    def stop(self) -> None:
        self._do("stop")

    def kill(self) -> None:
        self._do("kill")

    def _do(self, what: str) -> None:
        _ask(f"broker-{what}", self._number)


@asynccontextmanager
async def own_broker() -> AsyncIterator[OwnBroker]:
    """Started, and removed with its data at the end."""
    made = await asyncio.to_thread(_ask, "broker-new")
    try:
        yield OwnBroker(made["number"], made["bootstrap"])
    finally:
        await asyncio.to_thread(_ask, "broker-drop", made["number"])


def _ask(request: str, number: int = 0) -> Answer:
    folder = os.environ.get(SERVERS_DIR)
    if folder is None:
        raise RuntimeError("no servers are open: use testkit.plugin, or ThrowawayServers() in the owning process")
    with socket.socket(socket.AF_UNIX) as connection:
        _connect(connection, Path(folder) / "socket")
        with connection.makefile("rw") as stream:
            stream.write(json.dumps({"request": request, "number": number}) + "\n")
            stream.flush()
            answer: Answer = json.loads(stream.readline())
    if "error" in answer:
        raise RuntimeError(answer["error"])
    return answer


def _connect(connection: socket.socket, path: Path) -> None:
    for _ in range(500):  # the holder may still be starting
        try:
            return connection.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            threading.Event().wait(0.02)
    raise RuntimeError("the process that holds the test servers did not start")


class _Holder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._shared: dict[str, Server] = {}
        self._brokers: dict[int, KafkaBroker] = {}
        self._locks = {"postgres": threading.Lock(), "kafka": threading.Lock(), "number": threading.Lock()}

    def answer(self, request: str, number: int) -> Answer:
        match request:
            case "postgres":
                return {"url": cast(PostgresServer, self._once("postgres", self._postgres)).url}
            case "kafka":
                return {"bootstrap": cast(KafkaBroker, self._once("kafka", self._kafka)).bootstrap}
            case "broker-new":
                return self._new_broker()
            case "broker-drop":
                self._brokers.pop(number).kill()
                shutil.rmtree(self._folder / f"kafka-{number}", ignore_errors=True)
            case _:
                getattr(self._brokers[number], request.removeprefix("broker-"))()
        return {}

    def stop(self) -> None:
        for server in [*self._shared.values(), *self._brokers.values()]:
            server.kill()  # nobody will miss the data

    def _once(self, name: str, make: Callable[[], Server]) -> Server:
        with self._locks[name]:
            if name not in self._shared:
                server = make()
                server.start()
                self._shared[name] = server
            return self._shared[name]

    def _postgres(self) -> PostgresServer:
        ports = free_ports(["postgres"])
        return PostgresServer(self._folder / "postgres" / "data", ports["postgres"], durable=False)

    def _kafka(self) -> KafkaBroker:
        return self._broker("kafka")

    def _broker(self, name: str) -> KafkaBroker:
        ports = free_ports(["kafka", "controller"])
        return KafkaBroker(self._folder / name / "data", ports["kafka"], ports["controller"])

    def _new_broker(self) -> Answer:
        with self._locks["number"]:
            number = max(self._brokers, default=0) + 1
            broker = self._brokers[number] = self._broker(f"kafka-{number}")
        broker.start()
        return {"number": number, "bootstrap": broker.bootstrap}


class _Listener(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    request_queue_size = 32

    def __init__(self, folder: Path) -> None:
        self.holder = _Holder(folder)
        super().__init__(str(folder / "socket"), _Conversation)


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        asked = json.loads(self.rfile.readline())
        try:
            answer = cast(_Listener, self.server).holder.answer(asked["request"], asked["number"])
        except Exception as error:  # told to the test that asked
            answer = {"error": str(error) or repr(error)}
        self.wfile.write(json.dumps(answer).encode() + b"\n")


def hold(folder: Path) -> None:
    """Until standard input ends."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    listener = _Listener(folder)
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    sys.stdin.buffer.read()
    listener.shutdown()
    listener.holder.stop()
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    hold(Path(sys.argv[1]))
