"""Targets of plans, as activities tells them."""
