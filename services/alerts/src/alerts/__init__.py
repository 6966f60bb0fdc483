"""Emergencies: CAP alerts."""
