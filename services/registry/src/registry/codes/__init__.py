"""Code lists: sectors, indicators, organisation types."""
