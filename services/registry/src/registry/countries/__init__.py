"""Countries: names, levels and P-code patterns."""
