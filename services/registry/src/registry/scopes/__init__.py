"""Scopes: sets of areas that are coordinated together."""
