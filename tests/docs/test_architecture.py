"""What documents say of the code is what the code says."""

from pathlib import Path

import pytest
from testkit.documents import ROOT, fresh, pages


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_tables_of_a_page_are_fresh(page: Path) -> None:
    assert fresh(page) == page.read_text(encoding="utf-8"), "run make generate"
