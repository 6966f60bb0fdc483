"""Who may do what in activities, how far, and with what body: what the rules at its routes are made of."""

from collections.abc import Mapping

from runtime.access import SIGNED_IN, Extent, Role

NDJSON = ("application/x-ndjson", "application/jsonl")
SHEETS = (
    "multipart/form-data",
    "text/csv",
    "text/tab-separated-values",
    "text/plain",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.ms-excel",
    "application/vnd.ms-excel.sheet.macroenabled.12",
    "application/vnd.ms-excel.sheet.binary.macroenabled.12",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/octet-stream",
)
"""How a file may be announced; what it is, its content says."""

SENDERS: Mapping[Role, Extent] = {Role.MEMBER: Extent.OWN, Role.COORDINATOR: Extent.SCOPE, Role.SECRETARIAT: Extent.ANY}
REVIEWERS: Mapping[Role, Extent] = {Role.COORDINATOR: Extent.SCOPE, Role.SECRETARIAT: Extent.ANY}
NAMED: Mapping[Role, Extent] = {Role.MEMBER: Extent.OWN, Role.COORDINATOR: Extent.OWN}
"""Who may be of an organisation that another names."""
READERS: Mapping[Role, Extent] = {**SIGNED_IN, Role.HUB: Extent.SCOPE}
