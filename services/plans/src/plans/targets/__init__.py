"""Targets: how much is to be reached where, by which sector, over which months."""
