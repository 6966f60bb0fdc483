"""Questions about scopes, the planned ones too."""

from contracts.codes import SCOPES
from runtime.sources import Source
from runtime.visibility import OPEN

SOURCE = Source(SCOPES, "scope as s", "s", visibility=OPEN)
