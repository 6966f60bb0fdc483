"""Rows sent together: read from a body, each taken or refused by itself, and answered by row."""
