"""Who may use which route of activities, how far, with what body."""

from collections.abc import Mapping

from runtime.access import JSON, MIB, SIGNED_IN, Reach, Role, RouteTable, Rule

NDJSON = ("application/x-ndjson", "application/jsonl")

SENDERS: Mapping[Role, Reach] = {Role.MEMBER: Reach.OWN, Role.COORDINATOR: Reach.SCOPE, Role.SECRETARIAT: Reach.ANY}
READERS: Mapping[Role, Reach] = {**SIGNED_IN, Role.HUB: Reach.SCOPE}
TARGET_SETTERS: Mapping[Role, Reach] = {Role.COORDINATOR: Reach.SCOPE, Role.SECRETARIAT: Reach.ANY}

ACCESS: RouteTable = {
    ("POST", "/v1/reports"): Rule(SENDERS, (JSON, *NDJSON), largest_body=32 * MIB),
    ("GET", "/v1/reports"): Rule(READERS),
    ("GET", "/v1/reports/{id}"): Rule(READERS),
    ("POST", "/internal/reports/query"): Rule(READERS, read_only=True),
    ("POST", "/v1/uploads"): Rule(SENDERS, ("multipart/form-data", "text/csv"), largest_body=100 * MIB, streams=True),
    ("GET", "/v1/uploads/{id}"): Rule(SENDERS),
    ("GET", "/v1/uploads/{id}/problems"): Rule(SENDERS),
    ("POST", "/v1/targets"): Rule(TARGET_SETTERS, (JSON, *NDJSON, "text/csv"), largest_body=32 * MIB),
    ("GET", "/v1/targets"): Rule(READERS),
    ("GET", "/v1/targets/{id}"): Rule(READERS),
    ("DELETE", "/v1/targets/{id}"): Rule(TARGET_SETTERS),
    ("POST", "/internal/targets/query"): Rule(READERS, read_only=True),
}
