"""Allowances: how much a client, a person or an address may ask in a while, whichever replica they ask (decision 0025)."""
