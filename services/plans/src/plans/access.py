"""Who may use which route of plans, how far, with what body."""

from collections.abc import Mapping

from runtime.access import JSON, SIGNED_IN, Reach, Role

ROWS = (JSON, "application/x-ndjson", "application/jsonl", "text/csv")
READERS: Mapping[Role, Reach] = {**SIGNED_IN, Role.HUB: Reach.SCOPE}
SETTERS: Mapping[Role, Reach] = {Role.COORDINATOR: Reach.SCOPE, Role.SECRETARIAT: Reach.ANY}
