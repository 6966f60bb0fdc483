"""One Apache Kafka node, broker and controller in one small JVM, on loopback only."""

from __future__ import annotations

import base64
import os
import socket
import struct
import subprocess
import uuid
from functools import cached_property
from pathlib import Path

from local.jars import ensure_jars
from local.java import Java, find_java
from local.programs import Program, ProgramError, Server

LOGGING = Path(__file__).with_name("log4j2.properties")

# Measured idle with these: 1.5 s to ready, about 170 MB (PSS). C1 alone saves the memory of the second compiler.
JVM = ["-Xms32m", "-Xmx320m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"]

SETTINGS = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "inter.broker.listener.name": "PLAINTEXT",
    "auto.create.topics.enable": "false",
    "default.replication.factor": "1",
    "min.insync.replicas": "1",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "1",
    "group.initial.rebalance.delay.ms": "0",
    # After kill -9 the node is let in again when its old session has run out: 3 s rather than 9.
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
    "num.network.threads": "2",
    "num.io.threads": "4",
    "background.threads": "2",
    "log.cleaner.threads": "1",
    "log.cleaner.dedupe.buffer.size": "16777216",
    "log.cleaner.io.buffer.size": "262144",
    "log.index.size.max.bytes": "2097152",
}


class KafkaBroker(Server):
    def __init__(self, data_dir: Path, port: int, controller_port: int, *, log: Path | None = None) -> None:
        self.data_dir = data_dir.absolute()
        self.port = port
        self.controller_port = controller_port
        program = Program(
            name="kafka",
            command=self._command,
            is_ready=self._is_ready,
            prepare=self._prepare,
            port=port,
            stop_within=20,
            stop_rank=3,
            ready_within=90,
        )
        super().__init__(program, log or self.data_dir.with_name("kafka.log"))

    @property
    def bootstrap(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def _settings_file(self) -> Path:
        return self.data_dir.with_name("kafka.properties")

    @cached_property
    def _java(self) -> Java:
        return find_java()

    @cached_property
    def _class_path(self) -> str:
        return os.pathsep.join(str(jar) for jar in ensure_jars())

    def _main(self, main_class: str, *arguments: str | Path) -> list[str | Path]:
        options = [*JVM, f"-Dlog4j2.configurationFile={LOGGING}", "-cp", self._class_path]
        if self._java.major >= 24:  # a library it carries maps memory in a way newer versions warn about
            options += ["--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"]
        return [self._java.path, *options, main_class, *arguments]

    def _command(self) -> list[str | Path]:
        return self._main("kafka.Kafka", self._settings_file)

    def _prepare(self) -> None:
        for folder in (self.data_dir.parent, self.data_dir):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        settings = SETTINGS | self._addresses()
        self._settings_file.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
        if not (self.data_dir / "bootstrap.checkpoint").exists() or not (self.data_dir / "meta.properties").exists():
            self._format()

    def _addresses(self) -> dict[str, str]:
        controller = f"127.0.0.1:{self.controller_port}"
        listeners = f"PLAINTEXT://{self.bootstrap},CONTROLLER://{controller}"
        return {
            "listeners": listeners,
            "advertised.listeners": listeners,
            "controller.quorum.bootstrap.servers": controller,
            "log.dirs": str(self.data_dir),
        }

    def _format(self) -> None:
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").replace("-", "A")
        arguments = ["format", "--standalone", "--ignore-formatted", f"--cluster-id={cluster}"]
        command = self._main("kafka.tools.StorageTool", *arguments, "--config", self._settings_file)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ProgramError(f"Kafka's storage could not be formatted\n{done.stdout}{done.stderr}")

    def _is_ready(self) -> bool:
        return knows_itself(self.port)


def knows_itself(port: int) -> bool:
    """Whether the broker answers a Metadata request with a broker: an open port alone says too little."""
    body = struct.pack(">hhih4si", 3, 1, 1, 4, b"look", 0)  # key Metadata, version 1, correlation, client, no topics
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(struct.pack(">i", len(body)) + body)
            with connection.makefile("rb") as answer:
                head = answer.read(12)
    except OSError:
        return False
    return len(head) == 12 and struct.unpack(">iii", head)[2] > 0
