"""Organisations that were one: merged by a person, and parted again."""
