"""Organisations at work by area and sector."""
