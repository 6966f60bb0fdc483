"""Tokens: who gets one, and the keys they are signed with."""
