"""Allowances: what callers have spent, gathered from the replicas of the gateway (decision 0025)."""
