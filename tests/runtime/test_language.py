"""Which language a reader gets."""

import pytest
from runtime.language import preferred


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, "ar"),
        ("", "ar"),
        ("en", "en"),
        ("en-GB,en;q=0.9,ar;q=0.8", "en"),
        ("ar-SY,en;q=0.5", "ar"),
        ("en;q=0.3, ar;q=0.9", "ar"),
        ("tr, ku", "ar"),
        ("tr, en;q=0.1", "en"),
        ("en;q=broken", "ar"),
        ("en;q=0", "ar"),
        (";;;,,,=", "ar"),
    ],
)
def test_arabic_unless_english_is_liked_better(header: str | None, expected: str) -> None:
    assert preferred(header) == expected
