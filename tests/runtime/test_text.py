"""One notion of a line: what looks the same is the same, and nothing unseen is kept."""

import time
import unicodedata
from typing import Any

import pytest
from contracts.folding import fold
from contracts.text import one_line, paragraph
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from runtime.text import Code, Line, Paragraph

UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2066\u2069\ufeff\u00ad\u061c\ufe0f"
UNSEEN += "\U000e0041\U000e007f\u034f\u3164"
TEXTS = st.text(st.characters(codec="utf-8") | st.sampled_from(UNSEEN + "\r\n\t\u2028\u0301 "))


@given(TEXTS)
@example("A\u034f\u0301")
@example("\u1100\u1160")
def test_a_line_is_normal_and_stays_so(text: str) -> None:
    line = one_line(text)
    assert one_line(line) == line
    assert unicodedata.is_normalized("NFC", line)
    assert not {"Cf", "Zl", "Zp"} & {unicodedata.category(letter) for letter in line}
    assert not set(line) & set("\r\n\t\x0b\x0c\x85")
    assert line == line.strip()
    assert "  " not in line


@given(TEXTS)
def test_a_paragraph_keeps_its_line_breaks_alone(text: str) -> None:
    said = paragraph(text)
    assert paragraph(said) == said
    assert not set(said) & set("\r\t\x0b\x0c\x85\u2028\u2029")
    assert not any(unicodedata.category(letter) == "Cf" for letter in said)


@given(st.text(st.characters(categories=("L", "N"))), st.lists(st.sampled_from(UNSEEN), max_size=5), st.randoms())
def test_what_looks_the_same_is_the_same(text: str, unseen: list[str], chance: Any) -> None:
    letters = list(text)
    for mark in unseen:
        letters.insert(chance.randint(0, len(letters)), mark)
    assert one_line("".join(letters)) == one_line(text)
    assert one_line(unicodedata.normalize("NFD", text)) == one_line(text)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Flood\r\nBcc: all@example.org", "Flood Bcc: all@example.org"),
        ("  مياه\u200f  الشرب ", "مياه الشرب"),
        ("Olive\u2028Branch", "Olive Branch"),
        ("A\U000e0041\U000e0042", "A"),
        ("e\u0301", "é"),
    ],
)
def test_a_name_is_one_line(sent: str, kept: str) -> None:
    assert TypeAdapter(Line).validate_python(sent) == kept
    assert TypeAdapter(Code).validate_python(sent) == kept


@pytest.mark.parametrize(
    "sent", ["", " ", "\u200b", "\r\n", "\u3164", "a\x00", "\x1b[31m", "\ud800", "\ufffe", "x" * 301]
)
def test_what_is_no_name_is_refused(sent: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Line).validate_python(sent)


def test_the_length_is_that_of_what_is_kept() -> None:
    assert TypeAdapter(Line).validate_python("x" * 300 + "\u200b" * 50) == "x" * 300
    assert TypeAdapter(Paragraph).validate_python("a\r\nb\u2029c") == "a\nb\nc"


def test_a_million_marks_cost_no_more_than_a_million_letters() -> None:
    marks = "a" + "\u0301\u0316" * 500_000
    began = time.process_time()
    assert len(one_line(marks)) <= 32
    assert len(fold(marks)) == 1
    assert time.process_time() - began < 5
