"""Machine clients: the systems that may ask for tokens."""
