"""What the platform takes before anybody asks it for anything: time to come up, and memory."""

import time

from testkit.platform import Platform

from bench.figures import Measurement

GB = 1_000_000_000
SETTLED_SECONDS = 3.0


def platform(running: Platform, started_in: float) -> list[Measurement]:
    time.sleep(SETTLED_SECONDS)
    return [
        Measurement("platform up from nothing", started_in, "s", target="≤ 30 s"),
        Measurement("platform, idle (PSS)", running.status()["memory"] / GB, "GB", target="≤ 1.5 GB"),
    ]
