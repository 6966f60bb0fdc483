"""Which port each process listens on, who is in the way, and free ones for a platform beside a running one."""

from __future__ import annotations

import os
import random
import socket
from collections.abc import Iterable, Mapping

import psutil
from contracts.services import SERVICES

Ports = dict[str, int]

DEFAULTS: Ports = {
    "gateway": 8000,
    **{name: 8001 + place for place, name in enumerate(SERVICES)},
    **{f"{name}-worker": 8011 + place for place, name in enumerate(SERVICES)},
    "activities-jobs": 8022,
    "postgres": 8032,
    "kafka": 8092,
    "kafka-controller": 8093,
}


class PortError(Exception):
    """A port is not a port, or somebody else has it."""


def variable(name: str) -> str:
    return f"TANSIQ_{name.upper().replace('-', '_')}_PORT"


def chosen_ports(environment: Mapping[str, str]) -> Ports:
    return {name: _number(environment.get(variable(name)), name, default) for name, default in DEFAULTS.items()}


def free_ports(names: Iterable[str]) -> Ports:
    """Below the range the system hands to outgoing connections, so that none of those takes one meanwhile."""
    names, found = list(names), set[int]()
    while len(found) < len(names):
        port = random.randint(20_000, 32_000)  # noqa: S311 - no secret
        if port not in found and not is_taken(port):
            found.add(port)
    return dict(zip(names, sorted(found), strict=True))


def is_taken(port: int) -> bool:
    with socket.socket() as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def refuse_taken(ports: Ports) -> None:
    """Name every port that is in the way at once, and the variable that moves it."""
    if taken := [_in_use(name, port) for name, port in ports.items() if is_taken(port)]:
        raise PortError("\n".join([*taken, 'or take any free ports: make up UP_ARGS="--ports auto"']))


def _in_use(name: str, port: int) -> str:
    return f"port {port} ({name}) is in use by {_owner(port)}; set {variable(name)}"


def _owner(port: int) -> str:
    try:
        listening = (c for c in psutil.net_connections("tcp") if c.status == psutil.CONN_LISTEN and c.laddr)
        process = psutil.Process(next(c.pid for c in listening if c.pid and tuple(c.laddr)[1:] == (port,)))
        return f"pid {process.pid} ({process.name()})"
    except (psutil.Error, StopIteration):
        return "a process of another user"


def _number(text: str | None, name: str, default: int) -> int:
    if not text:
        return default
    if not text.isdigit() or not 0 < int(text) < 65_536:
        raise PortError(f"{variable(name)}={text} is not a port")
    return int(text)


def own_environment(ports: Ports) -> dict[str, str]:
    return {**os.environ, **{variable(name): str(port) for name, port in ports.items()}}
