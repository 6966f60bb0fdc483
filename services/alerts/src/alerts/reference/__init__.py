"""Organisations, areas and sectors, as the registry tells them."""
