"""What documents say of the code is what the code says."""

from pathlib import Path

import pytest
from testkit import table_list
from testkit.documents import ROOT, fresh, pages


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_tables_of_a_page_are_fresh(page: Path) -> None:
    assert fresh(page) == page.read_text(encoding="utf-8"), "run make generate"


def test_the_list_of_tables_is_fresh() -> None:
    assert table_list.LIST.read_text(encoding="utf-8") == table_list.text(), "run make generate"
