"""Questions about the code lists. They are short and are read whole."""

from contracts.codes import INDICATORS, ORGANISATION_TYPES, SECTORS
from runtime.sources import Source
from runtime.visibility import OPEN

SECTOR_SOURCE = Source(SECTORS, "sector as s", "s", visibility=OPEN)
INDICATOR_SOURCE = Source(INDICATORS, "indicator as i", "i", visibility=OPEN)
ORGANISATION_TYPE_SOURCE = Source(ORGANISATION_TYPES, "organisation_type as t", "t", visibility=OPEN)
