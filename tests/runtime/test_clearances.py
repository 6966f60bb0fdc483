"""The table of who sees what that is committed for people to read."""

from contracts.nouns import NOUNS
from testkit.clearances import TABLE, table, visibilities


def test_the_table_is_of_what_is_declared() -> None:
    assert TABLE.read_text(encoding="utf-8") == table(), "make generate"


def test_every_noun_declares_who_sees_it() -> None:
    assert set(visibilities()) == set(NOUNS)
