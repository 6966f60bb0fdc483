"""Allowances: how much a client, a person or an address may ask in a while, at all replicas (decision 0025)."""
