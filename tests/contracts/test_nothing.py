"""What says that there is nothing, at every door, and what only looks so."""

import pytest
from contracts import nothing
from contracts.lines import code
from contracts.nothing import is_nothing

NOTHING = (
    "",
    " ",
    "\u00a0",
    "-",
    "—",
    "–",
    "--",
    "...",
    "…",
    "?",
    "???",
    "*",
    "/",
    "( )",
    "NA",
    "N/A",
    "n.a.",
    "N / A",
    "#N/A",
    "none",
    "NIL",
    "Null",
    "(blank)",
    "[empty]",
    "nan",
    "Unknown",
    "unspecified",
    "TBD",
    "to be confirmed",
    "xxx",
    "XXXX",
    "لا يوجد",
    "لايوجد",
    "لا  يوجـد",
    "لَا يُوجَد",
    "لا توجد",
    "غير محدد",
    "غيرمحدد",
    "غير محدّدة",
    "غیر محدد",
    "غير معروف",
    "لا ينطبق",
    "بدون",
    "بلا اسم",
    "Yok",
    "Bilinmiyor",
    "BELİRSİZ",
    "Belirtilmemiş",
    "Aucun",
    "néant",
    "Non précisé",
    "Inconnu",
    "لا يوجد / None",
    "N/A (غير متوفر)",
    "none | لا يوجد",
    "- / -",
    "un\u00adknown",
    "Ｎ／Ａ",
)
SOMETHING = (
    "0",
    "00",
    "1",
    "-1",
    "no",
    "لا",
    "yes",
    "✓",
    "+",
    "x",
    "A",
    "NA1",
    "School 1",
    "Nonah",
    "Nilufer",
    "لا يوجد ماء",
    "Unknown Soldier street",
    "مخيم بدون مأوى",
    "بدوني",
    "Site -",
    "٠",
    "not started",
    "بلال",
    "Boshra",
)


@pytest.mark.parametrize("text", NOTHING)
def test_nothing(text: str) -> None:
    assert is_nothing(text)


@pytest.mark.parametrize("text", SOMETHING)
def test_something(text: str) -> None:
    assert not is_nothing(text)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("SY07\u00ad0302", "SY070302"),
        ("\ufeffSY\u200f07", "SY07"),
        ("ＳＹ０７", "SY07"),
        ("SY٠٧", "SY07"),
        ("SY۰۷", "SY07"),
        ("  A\u00a0 1 ", "A 1"),
        ("مـخـيم", "مخيم"),
        ("ﻣﺨﻴﻢ", "مخيم"),
        ("é1", "é1"),
        ("2026‐02", "2026-02"),
        ("−5", "-5"),
    ],
)
def test_codes_that_nobody_tells_apart_are_one(said: str, meant: str) -> None:
    assert code(said) == meant
    assert code(code(said)) == code(said)


def test_no_word_for_nothing_has_a_digit() -> None:
    assert not [word for word in nothing._words() if any(letter.isdecimal() for letter in word)]
