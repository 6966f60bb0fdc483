"""Every Arabic text of the platform keeps to `docs/glossary.md`."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ARABIC = r"[\u0600-\u06ff]"
TEXTS = (
    "services/*/src/**/*.py",
    "libs/*/src/**/*.py",
    "gateway/src/**/*.py",
    "gateway/src/**/guides/ar/*.md",
    "deploy/local/src/**/*.py",
    "README.md",
)
UNDERSTOOD = {"spelling.py", "folding.py", "cells.py", "months.py", "names.py"}
"""What people write, or call themselves, rather than what we say."""


def words_not_used() -> list[str]:
    rows = [line.split("|") for line in (ROOT / "docs/glossary.md").read_text("utf-8").splitlines() if line[:1] == "|"]
    return [word.strip() for row in rows[2:] for word in row[3].split("،") if word.strip()]


def test_the_glossary_names_words_that_are_not_used() -> None:
    assert {"خانة", "نموذج", "كلمة السر"} <= set(words_not_used())


@pytest.mark.parametrize("word", words_not_used())
def test_no_text_uses_a_word_that_another_stands_for(word: str) -> None:
    # With what Arabic writes as one with it in front: and, so, by, for, as, the.
    used = re.compile(rf"(?<!{ARABIC})[وف]?(?:ال|[بك](?:ال)?|لل|ل)?{re.escape(word)}(?:اً|ات)?(?!{ARABIC})")
    texts = [path for pattern in TEXTS for path in ROOT.glob(pattern) if path.name not in UNDERSTOOD]
    assert len(texts) > 100
    found = [
        f"{path.name}: {line.strip()}"
        for path in texts
        for line in path.read_text("utf-8").splitlines()
        if used.search(line)
    ]
    assert not found
