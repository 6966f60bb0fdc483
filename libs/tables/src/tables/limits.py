"""Limits of a program that reads a stranger's file: what it may use of memory and time the system bounds."""

import resource
from contextlib import suppress

MIB = 1024 * 1024
MEMORY = 768 * MIB
"""Address space; a workbook of 50,000 rows and 40 columns takes a quarter of it."""
WRITTEN = 1024 * MIB


def limit_resources(seconds: int) -> None:
    """Hold this process to so many seconds of the processor, and to what it may keep and write."""
    for wall, height in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, WRITTEN),
        (resource.RLIMIT_CORE, 0),
    ):
        _, most = resource.getrlimit(wall)
        bound = height if most == resource.RLIM_INFINITY else min(height, most)
        # Some systems know no bound of the address space: there the other walls stand.
        with suppress(ValueError, OSError):
            resource.setrlimit(wall, (bound, bound))
