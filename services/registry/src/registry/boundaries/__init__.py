"""Boundaries of areas: kept in levels of detail that agree with each other, shown as GeoJSON."""
