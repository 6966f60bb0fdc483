"""Each refusal has a stable code and a sentence in both languages."""

import re

import pytest
from runtime import problems, validation
from runtime.problems import Refusal


def all_refusals() -> list[type[Refusal]]:
    assert problems
    assert validation
    found, waiting = [], [Refusal]
    while waiting:
        kinds = waiting.pop().__subclasses__()
        found += kinds
        waiting += kinds
    return [kind for kind in found if not kind.__module__.startswith("tests") and "test" not in kind.__module__]


@pytest.mark.parametrize("kind", all_refusals(), ids=lambda kind: kind.code)
def test_refusal_speaks_both_languages_of_the_same_facts(kind: type[Refusal]) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]+", kind.code)
    assert re.search(r"[\u0621-\u064a]", kind.ar)
    assert set(re.findall(r"{(\w+)}", kind.ar)) == set(re.findall(r"{(\w+)}", kind.en))
    assert 400 <= kind.status < 600


def test_refusal_without_arabic_can_not_be_written() -> None:
    with pytest.raises(TypeError):
        type("Silent", (Refusal,), {"__doc__": "Only English."})
