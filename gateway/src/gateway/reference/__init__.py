"""Reference data in memory: organisations, areas, sectors, indicators and scopes, as the registry announces them."""
