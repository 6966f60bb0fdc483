"""Who: organisations, areas and scopes, code lists, identities."""
