"""Questions about machine clients. Their secrets are never among the answers."""

from contracts.clients import CLIENTS
from runtime.access import TO_HOLDERS
from runtime.sources import Source
from runtime.visibility import Visibility

VISIBILITY = Visibility(clearance=TO_HOLDERS)
"""The secretariat's: nobody reads what another process is let in by, not their own either."""
SOURCE = Source(CLIENTS, "client as c", "c", visibility=VISIBILITY)
