"""Areas and countries: P-codes, names, patterns."""
