"""Plans: what is needed and meant."""
