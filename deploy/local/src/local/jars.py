"""Apache Kafka's jars: which ones, their pinned SHA-256, and the cache outside the repository that holds them."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

KAFKA_VERSION = "4.3.1"
KAFKA = f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}"
LOG4J = "org.apache.logging.log4j"
PINS = Path(__file__).with_name("kafka_jars.txt")


class JarError(Exception):
    """A jar could not be had, or is not the one that was pinned."""


@dataclass(frozen=True)
class Jar:
    coordinate: str
    sha256: str

    @property
    def file_name(self) -> str:
        _, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.jar"


def cache_dir() -> Path:
    if chosen := os.environ.get("TANSIQ_CACHE"):
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "tansiq"


def kafka_dir() -> Path:
    return cache_dir() / f"kafka-{KAFKA_VERSION}"


def pinned_jars(pins: Path = PINS) -> list[Jar]:
    lines = (line.split() for line in pins.read_text().splitlines() if line and not line.startswith("#"))
    return [Jar(coordinate, sha256) for coordinate, sha256 in lines]


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def missing_jars(folder: Path, jars: list[Jar]) -> list[Jar]:
    """Those not there whole: hashing all 40 MB costs some 40 ms, so every start looks at every byte."""
    return [jar for jar in jars if not _is_whole(folder / jar.file_name, jar)]


def ensure_jars(
    folder: Path | None = None,
    jars: list[Jar] | None = None,
    fetch: Callable[[str, Path], Path] | None = None,
) -> list[Path]:
    """The class path, downloading what the cache lacks; a jar that is not the pinned one is refused."""
    folder, jars, fetch = folder or kafka_dir(), jars or pinned_jars(), fetch or _fetch
    if missing := missing_jars(folder, jars):
        folder.mkdir(parents=True, exist_ok=True)
        with _scratch(folder) as scratch, ThreadPoolExecutor(8) as pool:
            for _ in pool.map(lambda jar: _install(jar, folder, scratch, fetch), missing):
                pass
    return [folder / jar.file_name for jar in jars]


def repin() -> list[Jar]:
    """Resolve Kafka's run-time dependencies afresh and write their coordinates and SHA-256 to the pin file."""
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(8) as pool:
        coordinates = _resolve(Path(scratch))
        files = pool.map(lambda coordinate: _fetch(coordinate, Path(scratch)), coordinates)
        jars = [Jar(coordinate, sha256_of(file)) for coordinate, file in zip(coordinates, files, strict=True)]
    heading = "# Written by `python -m local jars --repin`: Apache Kafka and all it needs at run time.\n"
    PINS.write_text(heading + "".join(f"{jar.coordinate} {jar.sha256}\n" for jar in jars))
    return jars


def _is_whole(path: Path, jar: Jar) -> bool:
    return path.is_file() and sha256_of(path) == jar.sha256


def _install(jar: Jar, folder: Path, scratch: Path, fetch: Callable[[str, Path], Path]) -> None:
    try:
        file = fetch(jar.coordinate, scratch)
    except Exception as error:  # the resolver raises many kinds
        raise JarError(f"cannot download {jar.coordinate}: {error}") from error
    found = sha256_of(file)
    if found != jar.sha256:
        raise JarError(f"{jar.coordinate} is refused: SHA-256 {found} is not the pinned {jar.sha256}")
    # A rename is the last thing done, so that a partial download never stands under the jar's name.
    file.replace(folder / jar.file_name)


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    for abandoned in folder.glob(".download-*"):
        if abandoned.stat().st_mtime < time.time() - 3600:
            shutil.rmtree(abandoned, ignore_errors=True)
    path = Path(tempfile.mkdtemp(prefix=".download-", dir=folder))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _fetch(coordinate: str, scratch: Path) -> Path:
    from jgo.maven import MavenContext

    context = MavenContext(repo_cache=scratch, timeout=60)
    group, artifact, version = coordinate.split(":")
    component = context.project(group, artifact).at_version(version)
    path = context.resolver.download(component.artifact())
    if path is None:
        raise JarError(f"cannot download {coordinate}")
    return Path(path)


def _resolve(scratch: Path) -> list[str]:
    from jgo.maven import MavenContext

    context = MavenContext(repo_cache=scratch, timeout=60)
    inputs, needed = context.resolver.resolve([context.create_dependency(KAFKA)])
    found = {(dep.groupId, dep.artifactId): dep.version for dep in [*inputs, *needed] if dep.type == "jar"}
    # Kafka logs through slf4j 1.7 and leaves the choice of what stands behind it to its distribution.
    log4j = found[LOG4J, "log4j-core"]
    found |= {(LOG4J, name): log4j for name in ("log4j-api", "log4j-slf4j-impl")}
    return sorted(f"{group}:{artifact}:{version}" for (group, artifact), version in found.items())
