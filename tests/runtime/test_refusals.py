"""Each refusal of the platform has a stable code and a sentence in both languages, of one language each."""

import re
from collections import Counter
from typing import Annotated, Literal

import pytest
from contracts.text import Paragraph
from contracts.values import Month, Pcode
from pydantic import BaseModel, Field, ValidationError
from runtime.access import Role
from runtime.language import Language, LocalizedText
from runtime.problems import NotPermitted, NotYours, Refusal
from runtime.validation import refusal_of
from testkit.refusals import CATALOGUE, OF_A_LIBRARY, all_refusals, catalogue


@pytest.mark.parametrize("kind", all_refusals(), ids=lambda kind: f"{kind.__module__}-{kind.code}")
def test_refusal_speaks_both_languages_of_the_same_facts(kind: type[Refusal]) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]+", kind.code)
    if kind in OF_A_LIBRARY:
        return  # says what the GraphQL library says, whose reasons are English alone: tests/gateway/test_graphql.py
    assert re.search(r"[\u0621-\u064a]", kind.ar)
    assert set(re.findall(r"{(\w+)}", kind.ar)) == set(re.findall(r"{(\w+)}", kind.en))
    assert 400 <= kind.status < 600


def test_a_code_is_of_one_class_and_no_code_is_another_one_turned_round() -> None:
    """One fault has one name, one sentence and one status, whichever service says it."""
    doubled = Counter(" ".join(sorted(re.split("_", kind.code))) for kind in all_refusals())
    assert [words for words, count in doubled.items() if count > 1] == []
    said = Counter(sentence for kind in all_refusals() for sentence in (kind.en, kind.ar))
    assert [sentence for sentence, count in said.items() if count > 1] == []
    assert Refusal.code not in {kind.code for kind in all_refusals()}


@pytest.mark.parametrize("pattern", ["unknown", "malformed"])
def test_codes_of_one_pattern_begin_alike(pattern: str) -> None:
    assert [kind.code for kind in all_refusals() if pattern in kind.code and not kind.code.startswith(pattern)] == []


def test_an_old_code_is_no_present_one() -> None:
    present = {kind.code for kind in all_refusals()}
    old = {code for kind in all_refusals() if (code := kind.legacy_code)}
    assert old & present == set()
    assert NotYours().formerly("reference_not_yours").as_error("en")["legacy_code"] == "reference_not_yours"
    assert "legacy_code" not in NotYours().as_error("en")


def test_the_catalogue_of_refusals_is_fresh() -> None:
    assert CATALOGUE.read_text(encoding="utf-8") == catalogue(), "run make generate"


class Sent(BaseModel):
    role: Literal["member", "hub", "secretariat"] = "hub"
    areas: tuple[str, ...] = Field(default=("SY07",), min_length=1, max_length=2)
    reason: Annotated[Paragraph, Field(min_length=3)] = "As seen"
    month: Month = "2026-03"
    area: Pcode = "SY07"
    colour: str = Field(default="red", pattern="^[a-z]+$")


@pytest.mark.parametrize(
    ("sent", "language", "sentence"),
    [
        ({"role": "king"}, "ar", "القيمة ليست من القيم المسموح بها: 'member', 'hub', 'secretariat'."),
        ({"role": "king"}, "en", "The value is not one of: 'member', 'hub', 'secretariat'."),
        ({"areas": ["a", "b", "c"]}, "ar", "يتجاوز عدد العناصر الحد الأقصى: 2."),
        ({"areas": []}, "en", "There are fewer than 1 entries."),
        ({"reason": "x"}, "ar", "يقل النص عن الحد الأدنى لعدد المحارف: 3."),
        ({"month": "March"}, "ar", "القيمة ليست بالصيغة المطلوبة: اكتبها مثل 2026-03."),
        ({"area": "Idleb city"}, "en", "The value does not have the form expected here: write it like SY070004."),
        ({"colour": "7"}, "en", "The value does not have the form expected here."),
    ],
)
def test_sentence_about_a_bad_value_is_of_one_language(
    sent: dict[str, object], language: Language, sentence: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        Sent.model_validate(sent)
    assert refusal_of(dict(refused.value.errors()[0])).sentence(language) == sentence


@pytest.mark.parametrize("role", Role)
def test_sentence_that_names_a_role_is_of_one_language(role: Role) -> None:
    refused = NotPermitted(role=role.words)
    assert not re.search("[a-z]", refused.sentence("ar"))
    assert refused.sentence("en") == f"Your role, {role}, may not do this."


def test_word_in_a_sentence_is_of_the_sentences_language() -> None:
    refused = NotPermitted(role=LocalizedText("كلمة", "word"))
    assert ("كلمة" in refused.sentence("ar"), "word" in refused.sentence("en")) == (True, True)


def test_refusal_without_arabic_can_not_be_written() -> None:
    with pytest.raises(TypeError):
        type("Silent", (Refusal,), {"__doc__": "Only English."})
