"""What was done and what is needed: reports and uploads."""
