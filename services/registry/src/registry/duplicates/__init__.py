"""Organisations that may be one under two names: found, told with reasons, and dismissed by a person."""
