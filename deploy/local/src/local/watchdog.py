"""The keeper: a shell loop of a few hundred kilobytes that starts the supervisor again should it be killed."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from local.children import Child, launch
from local.state import StateDirectory

# Only death by a signal (status above 128) is an accident: an error would repeat, and 0 was meant.
_LOOP = """
minded=$1; wanted=$2; shift 2
while [ "$minded" != 0 ] && kill -0 "$minded" 2>/dev/null; do sleep 1; done
while [ -e "$wanted" ]; do
    "$@"
    [ $? -gt 128 ] || exit 0
    sleep 0.2
done
"""


def keep(state: StateDirectory, table: str, environment: Mapping[str, str] = os.environ, minded: int = 0) -> Child:
    """Start a keeper, which starts a supervisor, or first waits for the running one of that pid to die."""
    state.wanted.touch(mode=0o600)
    supervise = [sys.executable, "-m", "local", "--state", str(state.root), "--table", table, "supervise"]
    command = ["/bin/sh", "-c", _LOOP, "tansiq-keeper", str(minded), str(state.wanted), *supervise]
    return launch(command, environment, state.log("supervisor"))
