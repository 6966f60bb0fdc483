"""Normalisation of a line: for any text, and for the words of the languages people write in."""

import time
import unicodedata

import pytest
from contracts.folding import fold
from contracts.lines import line, paragraph
from contracts.text import FORBIDDEN, Code, Line, Paragraph
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

SPICY = (
    "ab \t\r\n\u0085\u2028\u2029\u00a0\u00ad\u200b\u200c\u200d\u200e\u202e\u2066\ufeff\u034f\u3164\U000e0041\u0301"
    "\u0653\u0650مينا\u0655é"
)
TEXTS = st.text() | st.text(st.sampled_from(SPICY))


@given(TEXTS)
def test_normalising_again_changes_nothing(text: str) -> None:
    assert line(line(text)) == line(text)
    assert paragraph(paragraph(text)) == paragraph(text)


@given(TEXTS)
def test_nothing_unseen_or_uncomposed_is_left(text: str) -> None:
    kept = line(text)
    assert unicodedata.is_normalized("NFC", kept)
    assert not [letter for letter in kept if unicodedata.category(letter) in ("Cf", "Zl", "Zp")]
    assert kept == kept.strip()
    assert not set("\t\r\n\u0085\u00a0\U000e0041\u3164") & set(kept)


@given(TEXTS)
def test_canonically_equivalent_texts_are_one(text: str) -> None:
    for form in ("NFC", "NFD"):
        assert line(unicodedata.normalize(form, text)) == line(text)
        assert paragraph(unicodedata.normalize(form, text)) == paragraph(text)


@given(TEXTS)
def test_what_is_taken_is_never_empty_nor_holds_a_control(text: str) -> None:
    for kind in (Line, Code):
        try:
            taken = TypeAdapter(kind).validate_python(text)
        except ValidationError:
            assert FORBIDDEN.search(text) or not 1 <= len(line(text)) <= (300 if kind is Line else 100)
        else:
            assert taken
            assert not [letter for letter in taken if unicodedata.category(letter) in ("Cc", "Cs")]


@given(TEXTS)
def test_foldings_start_from_the_line(text: str) -> None:
    assert fold(line(text)) == fold(text)
    assert fold(line(text)) == fold(text)


@pytest.mark.parametrize("text", ["Water 12", "مُحَافَظَة إدلب", "Şırnak", "Ciwanên Kobanê", "ئاوارە"])
def test_ordinary_words_stay_as_they_are(text: str) -> None:
    assert line(text) == text


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a\u200cb", "ab"),
        ("مي\u200c", "مي"),
        ("مي\u200c\u200c\u200bنا", "مينا"),
        ("مي\u200dنا", "مينا"),
        ("x\r\nBcc: y", "x Bcc: y"),
    ],
)
def test_a_line(sent: str, kept: str) -> None:
    assert line(sent) == kept


@pytest.mark.parametrize("bad", ["a\x00", "\x1b[2J", "\ud800", "a\ufffe", "\U0010ffff", "\ufdd0"])
def test_controls_surrogates_and_noncharacters_are_refused(bad: str) -> None:
    for kind in (Line, Code, Paragraph):
        with pytest.raises(ValidationError, match="not allowed"):
            TypeAdapter(kind).validate_python(bad)


def test_a_million_marks_cost_no_more_than_a_million_letters() -> None:
    marks = "a" + "\u0301\u0316" * 500_000
    began = time.process_time()
    assert len(line(marks)) <= 32
    assert len(fold(marks)) == 1
    assert time.process_time() - began < 5
