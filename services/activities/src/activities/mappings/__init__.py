"""Mappings: how files of one shape are read, remembered from what a person confirmed."""
