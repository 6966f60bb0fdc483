"""The screen or pipe the command writes to: what it can show, and in which direction a line of it runs."""

import io
import sys

LEFT_TO_RIGHT = "\u200e"
"""Begins and ends a cell, so that a line with Arabic in it keeps its columns where a terminal turns Arabic round."""


def tolerate() -> None:
    """What the screen has no letter for is a question mark on it, never an error of the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def has_unicode() -> bool:
    return _encoding().lower().replace("-", "").startswith("utf")


def has_arabic() -> bool:
    """Whether the screen has Arabic letters."""
    try:
        "تنسيق".encode(_encoding())
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def isolate_direction(cell: str) -> str:
    """A cell of an Arabic table, whose place and padding hold whatever direction its text has."""
    return f"{LEFT_TO_RIGHT}{cell}{LEFT_TO_RIGHT}" if cell and has_unicode() else cell


def _encoding() -> str:
    return getattr(sys.stdout, "encoding", None) or "utf-8"
