"""Questions about machine clients. Their secrets are never among the answers."""

from contracts.clients import CLIENTS
from runtime.sources import Source

SOURCE = Source(CLIENTS, "client as c", "c")
