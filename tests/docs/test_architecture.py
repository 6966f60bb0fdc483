"""What ARCHITECTURE.md says of the code is what the code says."""

from testkit.documents import ARCHITECTURE, fresh


def test_tables_of_topics_and_routes_are_fresh() -> None:
    text = ARCHITECTURE.read_text(encoding="utf-8")
    assert fresh(text) == text, "run make generate"
