"""Organisations: who they are, and whether they are verified."""
