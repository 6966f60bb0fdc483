"""Reach against targets."""
