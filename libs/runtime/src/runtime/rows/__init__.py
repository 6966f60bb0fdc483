"""Rows sent together: each is taken or refused by itself."""
