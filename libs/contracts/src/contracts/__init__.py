"""Events, code lists and shared value types: the only words services have in common."""
