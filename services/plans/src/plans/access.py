"""Who may use which route of plans, how far, with what body."""

from collections.abc import Mapping

from runtime.access import JSON, SIGNED_IN, Extent, Role

ROWS = (JSON, "application/x-ndjson", "application/jsonl", "text/csv")
READERS: Mapping[Role, Extent] = {**SIGNED_IN, Role.HUB: Extent.SCOPE}
SETTERS: Mapping[Role, Extent] = {Role.COORDINATOR: Extent.SCOPE, Role.SECRETARIAT: Extent.ANY}
