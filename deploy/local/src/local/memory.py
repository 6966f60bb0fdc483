"""How much memory a process and all its children hold, what is shared counted once."""

from __future__ import annotations

import psutil


def family_memory(pid: int) -> int:
    """Bytes (PSS where the system tells it, else RSS) of the process and its descendants."""
    try:
        parent = psutil.Process(pid)
        return sum(_memory(process) for process in [parent, *parent.children(recursive=True)])
    except psutil.Error:
        return 0


def own_memory(pid: int) -> int:
    try:
        return _memory(psutil.Process(pid))
    except psutil.Error:
        return 0


def _memory(process: psutil.Process) -> int:
    try:
        full = process.memory_full_info()
        return int(getattr(full, "pss", full.rss))
    except psutil.Error:
        return 0
