"""How far the figures have followed the events."""
