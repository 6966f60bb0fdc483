"""Telling again what was told wrongly, once."""
