"""Who may do what in activities, how far, and with what body: what the rules at its routes are made of."""

from collections.abc import Mapping

from runtime.access import SIGNED_IN, Reach, Role

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
