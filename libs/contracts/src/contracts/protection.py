"""Protection, and its areas of responsibility: whose counts of people only those who work on it see live."""

PROTECTION = "PRO"

IN_PROTECTION = f"split_part({{sector}}, '-', 1) = '{PROTECTION}'"
"""The same of a column, in SQL."""

WITHHELD_PROTECTION = "withheld_protection"
"""Why a count of people is not told: it is protection's, and live."""
WITHHELD_SMALL = "small_count"
"""Why parts of a count are not told: one of them is small."""


def is_protection(sector: str) -> bool:
    """Protection itself or one of its areas of responsibility."""
    return sector.partition("-")[0] == PROTECTION
