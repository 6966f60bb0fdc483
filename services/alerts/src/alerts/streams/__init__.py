"""Alerts as they come, over a connection that stays open: server-sent events."""
