"""People reached by area, sector, month and population group."""
