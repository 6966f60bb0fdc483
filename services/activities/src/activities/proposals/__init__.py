"""Proposals: how a file would be read, before any row of it counts."""
