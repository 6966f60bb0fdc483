"""Measures the platform against the limits of this machine, found in the same run. Never a test with a clock."""
