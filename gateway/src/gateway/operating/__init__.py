"""Doors of operators."""
