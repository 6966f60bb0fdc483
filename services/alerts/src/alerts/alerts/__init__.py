"""CAP alerts: issuing and reading."""
