"""Figures made from the others' events: reach, coverage, presence."""
