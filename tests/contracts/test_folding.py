"""Folding makes one text of what a reader takes for one name, and loses nothing else."""

import csv
import unicodedata
from pathlib import Path

import pytest
from contracts.folding import fold, sought, spellings
from hypothesis import given
from hypothesis import strategies as st

ANY = st.text()
ARABIC = st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهوي ", min_size=1)
HARAKAT = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0640"


@given(ANY)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANY)
def test_folded_text_holds_letters_digits_and_single_spaces(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert all(character.isalnum() for character in folded.replace(" ", ""))


@given(ANY)
def test_case_and_composition_do_not_matter(text: str) -> None:
    assert fold(text.casefold()) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(ARABIC, st.data())
def test_diacritics_and_tatweel_do_not_matter(text: str, data: st.DataObject) -> None:
    marked = "".join(letter + data.draw(st.sampled_from(["", *HARAKAT])) for letter in text)
    assert fold(marked) == fold(text)


@given(ANY, ANY)
def test_words_fold_one_by_one(one: str, other: str) -> None:
    assert fold(f"{one} {other}") == " ".join(f"{fold(one)} {fold(other)}".split())


@given(st.lists(ANY, max_size=3))
def test_every_spelling_begins_at_a_word_of_a_folded_name(names: list[str]) -> None:
    assert all(any(f" {spelling}" in f" {fold(name)}" for name in names) for spelling in spellings(names))


def test_a_name_that_folds_to_much_is_found_by_little() -> None:
    name = "صلى ﷺ 1 " + "ﷺ" * 290
    found = spellings([name])
    assert sum(map(len, found)) < 5000
    assert sought(name) in found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("إدلب", "ادلب"),
        ("أرمناز", "ارمناز"),
        ("آفس", "افس"),
        ("حمص القديمة", "حمص القديمه"),
        ("الباب الكبرى", "الباب الكبري"),
        ("حَلَب", "حلب"),
        ("حلــــب", "حلب"),
        ("مؤسسة", "موسسه"),
        ("دائرة", "داىره"),
        ("شؤون الإغاثة", "شوون الاغاثة"),
        ("Dar'a", "Dara"),
        ("Dar’a", "DARA"),
        ("Al-Hasakeh", "al hasakeh"),
        ("Nāḩiyat Markaz Bāniyās", "Nahiyat Markaz Baniyas"),
        ("Gaziantep İli", "gaziantep ili"),
        ("Diyarbakır", "diyarbakir"),
        ("رقم ١٢", "رقم 12"),
        ("ﻻجئ", "لاجئ"),
        ("  WASH\u200f  / NFI ", "wash nfi"),
        ("Water & Hygiene", "water and hygiene"),
        ("Gouvernorat d'Alep", "gouvernorat d alep"),
        ("L’Enfance", "l enfance"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("حلب", "حمص"), ("Idleb", "Idlib"), ("PRO", "PRO-CPN"), ("Salqin 1", "Salqin 2")]
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_search_finds_the_beginning_of_each_word() -> None:
    assert spellings(["مركز يبرود", "Yabroud"]) == {"مركز يبرود", "يبرود", "yabroud"}


ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "services", ROOT / "libs", ROOT / "docs", ROOT / "tests", ROOT.parent / "shared" / "data")


def cells() -> set[str]:
    """What stands in the project's own tables, and in the files that are beside it."""
    found: set[str] = set()
    for path in (path for folder in FOLDERS if folder.is_dir() for path in folder.rglob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            found.update(cell for row in csv.reader(file) for cell in row)
    return found


def test_every_cell_there_is_folds_to_one_form_however_it_is_typed() -> None:
    typed: dict[str, set[str]] = {}
    for cell in cells():
        others = [cell.replace("'", sign) for sign in "’ʼ´"]
        others += [cell.replace("&", " and "), cell.upper(), f"  {cell}\u200f", unicodedata.normalize("NFD", cell)]
        typed[cell] = {fold(each) for each in (*others, fold(cell))}
    assert len(typed) > 4_000
    assert {cell: forms for cell, forms in typed.items() if forms != {fold(cell)}} == {}
