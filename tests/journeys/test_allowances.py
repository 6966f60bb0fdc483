"""Honest use is not limited: the demo, which sends a year's reports as fast as it can, meets no allowance's end."""

import os
import subprocess
import sys
from pathlib import Path

import httpx2
from testkit.platform import running_platform

SMALL = ("--organisations", "8", "--months", "2", "--reports", "400", "--json")


def test_demo_meets_no_limit(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with running_platform(state) as platform:
        command = [sys.executable, "-m", "local.demo", "--state", str(state), *SMALL]
        run = subprocess.run(command, capture_output=True, text=True, env=os.environ, check=False)
        assert run.returncode == 0, run.stderr
        credentials = platform.credentials("secretariat")
        form = {"grant_type": "client_credentials"}
        auth = (credentials.client_id, credentials.client_secret)
        token = httpx2.post(f"{platform.url}/oauth/token", data=form, auth=auth).json()["access_token"]
        assert httpx2.get(f"{platform.url}/metrics").status_code == 401
        metrics = httpx2.get(f"{platform.url}/metrics", headers={"Authorization": f"Bearer {token}"}).text
    refused = [line for line in metrics.splitlines() if line.startswith("tansiq_allowance_refusals_total")]
    assert refused == []
    assert "tansiq_http_request_seconds" in metrics
