"""Formats of numbers that say more than the number: zeros before it, a percentage."""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from tables.marks import Mark

LONGEST = 200
LEAST_ZEROS, LEAST_ZEROS_BESIDE_TEXT = 2, 3
_PERCENTAGES = frozenset({"9", "10"})
"""Formats every spreadsheet program knows by number."""
_HINT = re.compile(r"\[[^\]]*+\]|_.|\*.")
"""Colours, languages and spaces, which are no part of what is read."""
_PART = re.compile(r'"([^"]*+)"|\\(.)|(0)|([ ()/:-])|(.)', re.DOTALL)


def mark_of_format(number: str, formats: Mapping[str, str]) -> Mark | None:
    """By the number a style names, with the formats the workbook defines."""
    if number in _PERCENTAGES and number not in formats:
        return PERCENTAGE
    return mark_of_code(formats.get(number, "")[:LONGEST])


@cache
def mark_of_code(code: str) -> Mark | None:
    """Of a format as it is written in a spreadsheet, such as `00000000`, `"W-"0000` or `0.0%`."""
    positive = _HINT.sub("", _sections(code)[0])
    parts = [_part(found) for found in _PART.findall(positive)]
    if any(part == "%" for part in parts):
        return PERCENTAGE
    zeros = sum(1 for part in parts if part == "0")
    least = LEAST_ZEROS if zeros == len(parts) else LEAST_ZEROS_BESIDE_TEXT
    if zeros < least or "" in parts:
        return None
    return Mark(lambda text: _filled(parts, text))


def padded(width: int) -> Mark:
    """At least so many digits."""
    return mark_of_code("0" * min(width, LONGEST)) or Mark(lambda text: text)


def _sections(code: str) -> list[str]:
    """Parted by semicolons outside of quotation marks: positive numbers first."""
    return re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', code)


def _part(found: tuple[str, str, str, str, str]) -> str:
    """A zero, a percent sign, text marked by a letter before it, or nothing where the format means something else."""
    quoted, escaped, zero, plain, other = found
    if zero:
        return zero
    if other:
        return "%" if other == "%" else ""
    return f"t{quoted or escaped or plain}"


def _filled(parts: list[str], text: str) -> str:
    """The digits of a whole number put into the format's places, from the last; those left over into the first."""
    if not (text.isascii() and text.isdecimal()):
        return text
    left = list(text)
    zeros = parts.count("0")
    written: list[str] = []
    for part in reversed(parts):
        if part != "0":
            written.append(part[1:])
            continue
        zeros -= 1
        digits = left if zeros == 0 else left[-1:]
        written.append("".join(digits) or "0")
        left = [] if zeros == 0 else left[:-1]
    return "".join(reversed(written))


def _percentage(text: str) -> str:
    try:
        share = Decimal(text)
    except ArithmeticError:
        return text
    return f"{(share * 100).normalize():f}%" if share.is_finite() else text


PERCENTAGE = Mark(_percentage)
