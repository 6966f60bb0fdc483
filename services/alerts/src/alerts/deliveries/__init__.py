"""Alerts on their way to webhooks: made when an alert is issued, sent until they arrive."""
