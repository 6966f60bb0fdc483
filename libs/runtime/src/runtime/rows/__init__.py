"""Rows sent together: each is accepted or rejected by itself."""
