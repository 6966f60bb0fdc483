"""What the registry says: organisations, areas, sectors, indicators and scopes, as this service last heard."""
