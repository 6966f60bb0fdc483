"""Metrics for who scrapes them: a listener of its own, which nobody outside should reach."""

from prometheus_client import start_http_server


def serve_metrics(at: str) -> None:
    """Listen at `host:port` beside the public door, in a thread; nothing where it is empty."""
    host, _, port = at.rpartition(":")
    if port:
        start_http_server(int(port), host.strip("[]"))
