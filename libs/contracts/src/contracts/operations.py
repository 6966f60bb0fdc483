"""Streams of operation: dead letters. History, not state: they have retention instead of compaction."""

from contracts.event import Topic

DEAD_LETTERS = Topic("operations.dead-letters", compacted=False, retention_ms=30 * 24 * 3600 * 1000)
"""Copies of events a consumer could not take, with the cause. The table is the master."""
