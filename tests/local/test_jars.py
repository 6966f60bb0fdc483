"""Only whole, pinned jars are ever run."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from local.jars import Jar, JarError, ensure_jars, pinned_jars

GOOD = b"a good jar"
JAR = Jar("org.example:thing:1.0", hashlib.sha256(GOOD).hexdigest())


def test_a_jar_is_downloaded_once(tmp_path: Path) -> None:
    asked: list[str] = []

    def fetch(coordinate: str, scratch: Path) -> Path:
        asked.append(coordinate)
        (scratch / "file").write_bytes(GOOD)
        return scratch / "file"

    for _ in range(2):
        assert ensure_jars(tmp_path, [JAR], fetch) == [tmp_path / "thing-1.0.jar"]
    assert asked == ["org.example:thing:1.0"]
    assert [path.name for path in tmp_path.iterdir()] == ["thing-1.0.jar"]


def test_a_corrupted_download_is_refused(tmp_path: Path) -> None:
    def fetch(coordinate: str, scratch: Path) -> Path:
        (scratch / "file").write_bytes(b"a bad jar")
        return scratch / "file"

    with pytest.raises(JarError, match=r"org.example:thing:1.0 is refused"):
        ensure_jars(tmp_path, [JAR], fetch)
    assert not list(tmp_path.iterdir())


def test_a_jar_damaged_in_the_cache_is_replaced(tmp_path: Path) -> None:
    def fetch(coordinate: str, scratch: Path) -> Path:
        (scratch / "file").write_bytes(GOOD)
        return scratch / "file"

    (tmp_path / "thing-1.0.jar").write_bytes(GOOD[:4])
    ensure_jars(tmp_path, [JAR], fetch)
    assert (tmp_path / "thing-1.0.jar").read_bytes() == GOOD


def test_a_failed_download_names_the_jar(tmp_path: Path) -> None:
    def fetch(coordinate: str, scratch: Path) -> Path:
        raise OSError("no route to host")

    with pytest.raises(JarError, match=r"cannot download org.example:thing:1.0: no route to host"):
        ensure_jars(tmp_path, [JAR], fetch)


def test_every_pin_is_a_coordinate_and_a_sha256() -> None:
    jars = pinned_jars()
    assert {"org.apache.kafka:kafka_2.13:4.3.1"} <= {jar.coordinate for jar in jars}
    assert all(len(jar.sha256) == 64 and jar.coordinate.count(":") == 2 for jar in jars)
