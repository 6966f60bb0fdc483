"""Who may use which route of activities, how far, with what body."""

from collections.abc import Mapping

from runtime.access import JSON, MIB, SIGNED_IN, Reach, Role, RouteTable, Rule

NDJSON = ("application/x-ndjson", "application/jsonl")
SHEETS = (
    "multipart/form-data",
    "text/csv",
    "text/tab-separated-values",
    "text/plain",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.ms-excel",
    "application/vnd.ms-excel.sheet.macroenabled.12",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/octet-stream",
)
"""How a file may be announced; what it is, its content says."""

SENDERS: Mapping[Role, Reach] = {Role.MEMBER: Reach.OWN, Role.COORDINATOR: Reach.SCOPE, Role.SECRETARIAT: Reach.ANY}
REVIEWERS: Mapping[Role, Reach] = {Role.COORDINATOR: Reach.SCOPE, Role.SECRETARIAT: Reach.ANY}
NAMED: Mapping[Role, Reach] = {Role.MEMBER: Reach.OWN, Role.COORDINATOR: Reach.OWN}
"""Who may be of an organisation that another names."""
READERS: Mapping[Role, Reach] = {**SIGNED_IN, Role.HUB: Reach.SCOPE}
TARGET_SETTERS: Mapping[Role, Reach] = {Role.COORDINATOR: Reach.SCOPE, Role.SECRETARIAT: Reach.ANY}

ACCESS: RouteTable = {
    ("POST", "/v1/reports"): Rule(SENDERS, (JSON, *NDJSON), largest_body=32 * MIB),
    ("GET", "/v1/reports"): Rule(READERS),
    ("GET", "/v1/reports/{id}"): Rule(READERS),
    ("GET", "/v1/reports/{id}/versions"): Rule(READERS),
    ("POST", "/v1/reports/{id}/submit"): Rule(SENDERS),
    ("POST", "/v1/reports/{id}/sensitivity"): Rule(SENDERS),
    ("POST", "/v1/reports/{id}/contest"): Rule(NAMED),
    ("POST", "/v1/reports/{id}/contest/settle"): Rule(REVIEWERS),
    ("POST", "/v1/reports/{id}/withdraw"): Rule(SENDERS),
    ("POST", "/v1/reports/{id}/restore"): Rule(SENDERS),
    ("POST", "/v1/reviews"): Rule(REVIEWERS, (JSON, *NDJSON), largest_body=32 * MIB),
    ("POST", "/internal/reports/query"): Rule(READERS),
    ("POST", "/internal/report-versions/query"): Rule(READERS),
    ("POST", "/v1/uploads"): Rule(SENDERS, SHEETS, largest_body=100 * MIB, streams=True),
    ("GET", "/v1/uploads"): Rule(SENDERS),
    ("GET", "/v1/uploads/{id}"): Rule(SENDERS),
    ("GET", "/v1/uploads/{id}/problems"): Rule(SENDERS),
    ("POST", "/v1/uploads/{id}/withdraw"): Rule(SENDERS),
    ("POST", "/v1/uploads/{id}/restore"): Rule(SENDERS),
    ("POST", "/v1/uploads/{id}/replace"): Rule(SENDERS),
    ("POST", "/v1/targets"): Rule(TARGET_SETTERS, (JSON, *NDJSON, "text/csv"), largest_body=32 * MIB),
    ("GET", "/v1/targets"): Rule(READERS),
    ("GET", "/v1/targets/{id}"): Rule(READERS),
    ("DELETE", "/v1/targets/{id}"): Rule(TARGET_SETTERS),
    ("POST", "/internal/targets/query"): Rule(READERS),
}
