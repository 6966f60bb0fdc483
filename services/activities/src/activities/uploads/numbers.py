"""Numbers as people write them, with the separators of their column."""

import re

from activities.spelling import western_digits
from activities.uploads.conventions import UNKNOWN, Convention

_THOUSANDS = re.compile(r"^-?\d{1,3}([,٬' \u00a0\u202f]\d{3})+(\.\d+)?$")
_DECIMAL_COMMA = re.compile(r"^-?\d+[,٫]\d{1,2}$")


def read_number(text: str, flags: dict[str, None], convention: Convention = UNKNOWN) -> str:
    """Western digits without separators; what is no number stays as it is, to be refused."""
    number = western_digits(text).replace("٫", ".")
    if _THOUSANDS.match(number):
        flags["thousands_separator_assumed"] = None
        return re.sub(r"[,٬' \u00a0\u202f]", "", number)
    if _DECIMAL_COMMA.match(number):
        flags["decimal_comma_assumed"] = None
        return number.replace(",", ".")
    return number
